"""Tasks that find all threads busy: they come back in the order in which they were turned away, and
do not become more."""

from __future__ import annotations

import time
from collections import Counter
from typing import Any

import pytest
from celery import current_app

from common import turns
from common.turns import Turns
from knowledge import reading, tasks

pytestmark = [pytest.mark.usefixtures("redis_clean"), pytest.mark.django_db]
BASE, OTHER = "0" * 32, "1" * 32


@pytest.fixture
def put_off(monkeypatch: pytest.MonkeyPatch) -> Counter[Any]:
    """What was sent again, while every thread is busy."""
    sent: Counter[Any] = Counter()

    def send(task: str, arguments: tuple[str, ...], **_how: Any) -> None:
        sent[task, arguments] += 1

    monkeypatch.setattr(current_app, "send_task", send)
    for threads in ("_threads", "_readers"):
        monkeypatch.setattr(tasks, threads, Turns(0, 0))
    return sent


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


def test_a_source_is_read_while_all_drafts_are_being_prepared(
    put_off: Counter[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    read = []
    monkeypatch.setattr(tasks, "_readers", Turns(1, 1))
    monkeypatch.setattr(reading, "run", lambda _place, attempt: read.append(attempt))
    tasks.read(f"{BASE} draft src_1", "first")
    tasks.prepare(BASE, "draft")
    assert (read, dict(put_off)) == (
        ["first"],
        {("knowledge.tasks.prepare", (BASE, "draft")): 1},
    )


def test_who_waits_comes_before_who_had_a_turn() -> None:
    line = Turns(1, 1)
    assert line.take("large", "acme")
    assert not line.take("small", "acme")
    assert not line.take("other", "acme")
    line.end("acme")
    assert [line.take(name, "acme") for name in ("large", "other", "small")] == [False, False, True]
    line.end("acme")
    assert [line.take(name, "acme") for name in ("large", "other")] == [False, True]
    line.end("acme")
    assert line.take("large", "acme")


def test_a_workspace_with_much_to_do_leaves_others_their_share() -> None:
    line = Turns(2, 2)
    many = [f"draft {number}" for number in range(10)]
    assert [line.take(name, "acme") for name in many] == [True, True, *[False] * 8]
    assert not line.take("draft", "globex")
    line.end("acme")
    assert not line.take("draft 2", "acme"), "the other workspace has none yet"
    assert line.take("draft", "globex")
    line.end("globex")
    assert line.take("draft 2", "acme"), "nobody else waits"


def test_what_waits_for_ever_keeps_no_place_from_others() -> None:
    line = Turns(3, 2)
    hanging = [f"base {number}" for number in range(4)]
    assert [line.take(name, "acme") for name in hanging] == [True, True, False, False]
    assert line.take("base", "globex")
    line.end("globex")
    assert not line.take("base 2", "acme")
    line.end("acme")
    assert line.take("base 2", "acme")


def test_nobody_waits_for_who_does_not_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    line = Turns(1, 1)
    assert line.take("large", "acme")
    assert not line.take("lost", "acme")
    line.end("acme")
    monkeypatch.setattr(turns, "PATIENCE", 0.0)
    assert line.take("large", "acme")
