"""Telling workers that there is something to do: many at once are told of by one call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from celery import current_app

from common import waking

if TYPE_CHECKING:
    from collections.abc import Iterator

TASK = "tests.nothing"


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch, redis_clean: None) -> Iterator[list[str]]:
    """The tasks that were handed to the broker."""
    monkeypatch.setattr(waking, "ON_ITS_WAY", 60_000)
    sent: list[str] = []
    monkeypatch.setattr(current_app, "send_task", lambda name, **_: sent.append(name))
    yield sent
    waking.heard(TASK)


@pytest.mark.django_db(transaction=True)
def test_while_a_call_is_on_its_way_no_other_is_sent(calls: Any) -> None:
    for _ in range(3):
        waking.call_after_commit(TASK)
    assert calls == [TASK]
    waking.heard(TASK)
    waking.call_after_commit(TASK)
    assert calls == [TASK, TASK]
