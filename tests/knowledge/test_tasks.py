"""Tasks that find all threads busy: they come back, and do not become more."""

from __future__ import annotations

import time
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from celery import current_app

from knowledge import tasks

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.usefixtures("redis_clean")
BASE, OTHER = "0" * 32, "1" * 32


@pytest.fixture
def put_off(monkeypatch: pytest.MonkeyPatch) -> Iterator[Counter[Any]]:
    """What was sent again, while every thread is busy."""
    sent: Counter[Any] = Counter()

    def send(task: str, arguments: tuple[str, ...], **_how: Any) -> None:
        sent[task, arguments] += 1

    monkeypatch.setattr(current_app, "send_task", send)
    for _thread in range(tasks.AT_ONCE):
        tasks._threads.acquire()
    yield sent
    for _thread in range(tasks.AT_ONCE):
        tasks._threads.release()


def test_of_many_messages_about_one_base_one_comes_back(put_off: Counter[Any]) -> None:
    for _sweep in range(5):
        tasks.index(BASE)
        tasks.refresh(7)
    tasks.index(OTHER)
    assert put_off == {
        ("knowledge.tasks.index", (BASE,)): 1,
        ("knowledge.tasks.refresh", (7,)): 1,
        ("knowledge.tasks.index", (OTHER,)): 1,
    }


def test_it_goes_on_coming_back(put_off: Counter[Any]) -> None:
    for _second in range(2):
        tasks.index(BASE)
        time.sleep(tasks.AGAIN)
    assert put_off == {("knowledge.tasks.index", (BASE,)): 2}
