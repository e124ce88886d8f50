"""The time that expressions may work: the processor's, and not the one on the wall."""

from __future__ import annotations

from time import perf_counter, sleep, thread_time

import pytest

from chatflows.expressions import ExpressionError
from chatflows.expressions.effort import Effort, check

ALLOWED = 0.02


def test_what_works_longer_than_allowed_is_stopped() -> None:
    began = thread_time()

    def work() -> None:
        while thread_time() - began < 1:
            check()

    with Effort(ALLOWED), pytest.raises(ExpressionError, match="too long to work out"):
        work()
    assert thread_time() - began < 1


def test_the_time_of_others_does_not_count() -> None:
    began = perf_counter()
    with Effort(ALLOWED) as effort:
        sleep(2 * ALLOWED)
        check()
    assert effort.spent < ALLOWED < effort.passed <= perf_counter() - began


def test_nothing_is_bounded_outside() -> None:
    with Effort(-1):
        pass
    check()
