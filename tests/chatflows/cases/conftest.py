"""A client of Bob's, who builds flows with test cases."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from celery import current_app

from tests.chatflows.cases.flows import CaseApi

if TYPE_CHECKING:
    from workspaces.access import Actor


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, tuple[str, ...]]]:
    """What workers are told. None of them hears it."""
    messages: list[tuple[str, tuple[str, ...]]] = []

    def send(task: str, arguments: tuple[str, ...], **_how: object) -> None:
        messages.append((task, arguments))

    monkeypatch.setattr(current_app, "send_task", send)
    return messages


@pytest.fixture
def flow(redis_clean: None, bob: Actor, sent: list[tuple[str, tuple[str, ...]]]) -> CaseApi:
    return CaseApi(bob, sent)
