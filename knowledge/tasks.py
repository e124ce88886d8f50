"""What workers do for knowledge. Every task may run twice, and may be lost: the sweep comes by."""

from __future__ import annotations

from celery import shared_task

from knowledge import reading
from knowledge.beside.states import place_of


@shared_task
def read(place: str, attempt: str) -> None:
    """Read one source of a draft."""
    reading.run(place_of(place), attempt)


@shared_task
def sweep() -> None:
    """Go on with what a crash or a lost message left."""
    reading.sweep()
