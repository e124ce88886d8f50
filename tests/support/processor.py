"""What something takes, told by the processor: the same however busy the machine is."""

from __future__ import annotations

import resource
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def takes_at_most(seconds: float) -> Iterator[None]:
    """What runs within, in this process and in those that end within, works no longer than so."""
    before = _worked()
    yield
    worked = _worked() - before
    assert worked < seconds, f"It took {worked:.1f} seconds of the processor."


def _worked() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime
