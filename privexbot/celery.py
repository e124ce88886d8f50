"""The Celery application. The broker only wakes workers up; the truth is in PostgreSQL rows."""

from __future__ import annotations

import os
from typing import Any

from celery import Celery, bootsteps
from celery.beat import EmbeddedService, Scheduler
from click import Option

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "privexbot.settings")

app = Celery("privexbot")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.user_options["worker"].add(
    Option(("--beat-thread",), is_flag=True, help="run the schedule in a thread of this worker")
)


class ScheduleInMemory(Scheduler):
    """Runs what is due without a file of what ran when: writing it would end the schedule on a full
    disk, and all of it runs every few seconds anyway."""

    def setup_schedule(self) -> None:
        self.merge_inplace(self.app.conf.beat_schedule)


class BeatThread(bootsteps.StartStopStep):
    """The schedule beside the tasks: ``--beat`` would start a process of 25 MB for it."""

    def __init__(self, worker: Any, *, beat_thread: bool = False, **options: Any) -> None:
        super().__init__(worker, **options)
        self.enabled = beat_thread

    def create(self, worker: Any) -> Any:
        scheduler = worker.app.conf.beat_scheduler
        return EmbeddedService(worker.app, thread=True, scheduler_cls=scheduler)


app.steps["worker"].add(BeatThread)
