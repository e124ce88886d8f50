"""Wakes a worker up to pass on what happened. May be lost: the sweep finds the same rows."""

from __future__ import annotations

from celery import current_app
from django.db import transaction

TASK = "webhooks.tasks.pass_on"


def wake() -> None:
    current_app.send_task(TASK, retry=False)


def wake_after_commit() -> None:
    transaction.on_commit(wake, robust=True)
