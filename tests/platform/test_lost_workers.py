"""What too many workers were lost over is given to no other."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from common import lost_workers

pytestmark = pytest.mark.usefixtures("redis_clean")
NAME = "kb:something:lost"


def be_at(work: str) -> None:
    with lost_workers.counted(NAME, work, 60):
        pass


def test_who_never_said_that_they_had_ended_were_lost() -> None:
    with ExitStack() as begun:
        for _worker in range(lost_workers.MOST):
            be_at("this")
            begun.enter_context(lost_workers.counted(NAME, "this", 60))
        be_at("other work of the same name")
        with pytest.raises(lost_workers.LostWorkersError, match="interrupted 5 times"):
            be_at("this")
    be_at("this")


def test_what_fails_is_not_lost() -> None:
    for _time in range(lost_workers.MOST + 1):
        with pytest.raises(ZeroDivisionError), lost_workers.counted(NAME, "this", 60):
            raise ZeroDivisionError


def test_it_may_be_tried_again() -> None:
    with ExitStack() as begun:
        for _worker in range(lost_workers.MOST):
            begun.enter_context(lost_workers.counted(NAME, "this", 60))
        lost_workers.forget(NAME)
        be_at("this")
