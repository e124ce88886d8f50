"""What workers do for knowledge. Every task may run twice, and may be lost: the sweep comes by."""

from __future__ import annotations

from uuid import UUID

from celery import shared_task

from knowledge import evaluating, preparing, question_making, reading
from knowledge.beside.states import place_of
from knowledge.indexing import work


@shared_task
def read(place: str, attempt: str) -> None:
    """Read one source of a draft."""
    reading.run(place_of(place), attempt)


@shared_task
def prepare(workspace_id: str, draft_id: str) -> None:
    """Cut and embed what is in a draft."""
    preparing.run(UUID(workspace_id), draft_id)


@shared_task
def evaluate(workspace_id: str, draft_id: str, attempt: str) -> None:
    """Ask a draft its test questions."""
    evaluating.run(UUID(workspace_id), draft_id, attempt)


@shared_task
def make_questions(workspace_id: str, draft_id: str, attempt: str) -> None:
    """Have a model write test questions for a draft."""
    question_making.run(UUID(workspace_id), draft_id, attempt)


@shared_task
def index(base_id: str) -> None:
    """Index what is left of one base, for a while."""
    work.run(UUID(base_id))


@shared_task
def sweep() -> None:
    """Go on with what a crash or a lost message left."""
    reading.sweep()
    work.sweep()
