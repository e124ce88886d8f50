"""What workers do for knowledge. Every task may run twice, and may be lost: the sweep comes by.

Reading, cutting and embedding take long, and a worker has few threads, which channels need too. So
of one worker only some are ever busy with them, and workspaces share them evenly; what finds none
free comes back a little later.
What is read has threads of its own, so that a new file never waits for what others have embedded.
"""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from celery import current_app, shared_task
from django_redis import get_redis_connection

from common.turns import Turns
from knowledge import reading
from knowledge.beside import sweeping
from knowledge.beside.states import place_of
from knowledge.indexing import work
from knowledge.live import passing_drafts, refreshing, removing
from knowledge.models import KnowledgeBase, SourceRefresh
from knowledge.questions import evaluating, writing
from knowledge.trying import preparing

if TYPE_CHECKING:
    from collections.abc import Callable

logger = logging.getLogger(__name__)
# Threads of one worker that read, and that do all the rest; and how many of them one workspace has.
AT_ONCE = 3
EACH = 2
# Seconds until what found no thread comes back; a little less long the same work is put off once.
AGAIN = 1
ONCE = 0.9 * AGAIN
_readers = Turns(AT_ONCE, EACH)
_threads = Turns(AT_ONCE, EACH)


@shared_task
def read(place: str, attempt: str) -> None:
    """Read one source of a draft."""
    where = place_of(place)
    act = partial(reading.run, where, attempt)
    _in_turn(_readers, str(where.workspace_id), act, reading.TASK, place, attempt)


@shared_task
def prepare(workspace_id: str, draft_id: str) -> None:
    """Cut and embed what is in a draft."""
    act = partial(preparing.run, UUID(workspace_id), draft_id)
    _in_turn(_threads, workspace_id, act, preparing.TASK, workspace_id, draft_id)


@shared_task
def evaluate(workspace_id: str, draft_id: str, attempt: str) -> None:
    """Ask a draft its test questions."""
    act = partial(evaluating.run, UUID(workspace_id), draft_id, attempt)
    _in_turn(_threads, workspace_id, act, evaluating.TASK, workspace_id, draft_id, attempt)


@shared_task
def make_questions(workspace_id: str, draft_id: str, attempt: str) -> None:
    """Have a model write test questions for a draft."""
    act = partial(writing.run, UUID(workspace_id), draft_id, attempt)
    _in_turn(_threads, workspace_id, act, writing.TASK, workspace_id, draft_id, attempt)


@shared_task
def index(base_id: str) -> None:
    """Index what is left of one base, for a while."""
    bases = KnowledgeBase.objects.filter(pk=base_id).values_list("workspace_id", flat=True)
    act = partial(work.run, UUID(base_id))
    _in_turn(_threads, str(bases.first()), act, work.TASK, base_id)


@shared_task
def remove(base_id: str) -> None:
    """Remove what a deleted base held, for a while."""
    # Nobody knows any more whose it was.
    _in_turn(_threads, base_id, partial(removing.run, UUID(base_id)), removing.TASK, base_id)


@shared_task
def refresh(key: int) -> None:
    """Read one source of a live base again."""
    rows = SourceRefresh.objects.filter(pk=key).values_list("base__workspace_id", flat=True)
    _in_turn(_readers, str(rows.first()), partial(refreshing.run, key), refreshing.TASK, key)


@shared_task
def sweep() -> None:
    """Go on with what a crash or a lost message left, and remove what belongs to no draft."""
    for module in (reading, work, refreshing, removing, passing_drafts, sweeping):
        try:
            module.sweep()
        except Exception:
            # Whatever it was: what the others see to does not wait for it.
            logger.exception("%s.sweep failed", module.__name__)


def _in_turn(
    turns: Turns, workspace_id: str, act: Callable[[], None], task: str, *arguments: str | int
) -> None:
    """Do it on this thread if few enough are busy and it is its turn, else ask for it again."""
    name = ":".join(map(str, (task, *arguments)))
    if not turns.take(name, workspace_id):
        _put_off(name, task, *arguments)
        return
    try:
        act()
    finally:
        turns.end(workspace_id)


def _put_off(name: str, task: str, *arguments: str | int) -> None:
    """Ask for it again a little later, unless somebody has just done so. Sweeps and pages that wait
    ask for the same work again and again: of all these messages one stays."""
    if get_redis_connection("drafts").set(f"kb:again:{name}", 1, nx=True, px=int(1000 * ONCE)):
        current_app.send_task(task, arguments, countdown=AGAIN, retry=False)
