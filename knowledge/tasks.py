"""What workers do for knowledge. Every task may run twice, and may be lost: the sweep comes by.

Reading, cutting and embedding take long, and a worker has few threads, which channels need too. So
of one worker only some are ever busy with them; what finds none free comes back a little later.
What is read has threads of its own, so that a new file never waits for what others have embedded.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING
from uuid import UUID

from celery import current_app, shared_task
from django_redis import get_redis_connection

from knowledge import reading
from knowledge.beside import sweeping
from knowledge.beside.states import place_of
from knowledge.indexing import work
from knowledge.live import passing_drafts, refreshing, removing
from knowledge.questions import evaluating, writing
from knowledge.trying import preparing
from knowledge.turns import Turns

if TYPE_CHECKING:
    from collections.abc import Callable

logger = logging.getLogger(__name__)
# Threads of one worker that read, and that do all the rest.
AT_ONCE = 2
# Seconds until what found no thread comes back; a little less long the same work is put off once.
AGAIN = 1
ONCE = 0.9 * AGAIN
_readers = Turns(AT_ONCE)
_threads = Turns(AT_ONCE)


@shared_task
def read(place: str, attempt: str) -> None:
    """Read one source of a draft."""
    _in_turn(
        _readers,
        reading.TASK,
        lambda: reading.run(place_of(place), attempt),
        *(place, attempt),
    )


@shared_task
def prepare(workspace_id: str, draft_id: str) -> None:
    """Cut and embed what is in a draft."""
    _in_turn(
        _threads,
        preparing.TASK,
        lambda: preparing.run(UUID(workspace_id), draft_id),
        workspace_id,
        draft_id,
    )


@shared_task
def evaluate(workspace_id: str, draft_id: str, attempt: str) -> None:
    """Ask a draft its test questions."""
    _in_turn(
        _threads,
        evaluating.TASK,
        lambda: evaluating.run(UUID(workspace_id), draft_id, attempt),
        *(workspace_id, draft_id, attempt),
    )


@shared_task
def make_questions(workspace_id: str, draft_id: str, attempt: str) -> None:
    """Have a model write test questions for a draft."""
    _in_turn(
        _threads,
        writing.TASK,
        lambda: writing.run(UUID(workspace_id), draft_id, attempt),
        *(workspace_id, draft_id, attempt),
    )


@shared_task
def index(base_id: str) -> None:
    """Index what is left of one base, for a while."""
    _in_turn(_threads, work.TASK, lambda: work.run(UUID(base_id)), base_id)


@shared_task
def remove(base_id: str) -> None:
    """Remove what a deleted base held, for a while."""
    _in_turn(_threads, removing.TASK, lambda: removing.run(UUID(base_id)), base_id)


@shared_task
def refresh(key: int) -> None:
    """Read one source of a live base again."""
    _in_turn(_readers, refreshing.TASK, lambda: refreshing.run(key), key)


@shared_task
def sweep() -> None:
    """Go on with what a crash or a lost message left, and remove what belongs to no draft."""
    for module in (reading, work, refreshing, removing, passing_drafts, sweeping):
        try:
            module.sweep()
        except Exception:
            # Whatever it was: what the others see to does not wait for it.
            logger.exception("%s.sweep failed", module.__name__)


def _in_turn(turns: Turns, task: str, act: Callable[[], None], *arguments: str | int) -> None:
    """Do it on this thread if few enough are busy and it is its turn, else ask for it again."""
    name = ":".join(map(str, (task, *arguments)))
    if not turns.take(name):
        _put_off(name, task, *arguments)
        return
    try:
        act()
    finally:
        turns.end()


def _put_off(name: str, task: str, *arguments: str | int) -> None:
    """Ask for it again a little later, unless somebody has just done so. Sweeps and pages that wait
    ask for the same work again and again: of all these messages one stays."""
    if get_redis_connection("drafts").set(f"kb:again:{name}", 1, nx=True, px=int(1000 * ONCE)):
        current_app.send_task(task, arguments, countdown=AGAIN, retry=False)
