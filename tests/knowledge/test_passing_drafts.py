"""The draft of a change that nobody made a draft for: gone with the change, however that ends."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from django_redis import get_redis_connection

from common.problems import Problem
from drafts import editing
from knowledge import tasks
from knowledge.beside import files
from knowledge.live import bases, changes, passing_drafts
from knowledge.live.passing_drafts import PASSING, passing_draft
from tests.knowledge.killing import work_on

if TYPE_CHECKING:
    from tests.knowledge.client import KnowledgeApi
    from workspaces.access import Actor

# What a worker was told of is done before the tables are emptied.
pytestmark = pytest.mark.usefixtures("worker")


@pytest.fixture
def base_id(api: KnowledgeApi) -> UUID:
    draft_id = api.new_draft()
    api.add_text(draft_id, "Parcels take three days.")
    return UUID(api.deployed(draft_id))


def passing() -> int:
    found: int = get_redis_connection("drafts").scard(PASSING)
    return found


def test_what_a_killed_process_left_is_abandoned(
    api: KnowledgeApi, alice: Actor, base_id: UUID
) -> None:
    assert work_on("change", str(base_id), "draft.passing") == -signal.SIGKILL
    (left,) = editing.list_drafts(alice)
    assert passing_drafts.sweep() == 0  # it may be at work still
    # As if the time of whoever was killed had run out.
    get_redis_connection("drafts").delete(f"lease:kb:{left.id}:passing")
    tasks.sweep()
    assert editing.list_drafts(alice) == []
    assert not files.folder_of(left.id).exists()
    assert passing() == 0
    assert work_on("change", str(base_id)) == 0
    assert len(api.get(f"/{base_id}/documents").json()["documents"]) == 2


def test_nothing_is_left_of_what_went_well_or_wrong(alice: Actor, base_id: UUID) -> None:
    changes.add_text(alice, base_id, "More", "Words.")
    with pytest.raises(Problem):
        changes.add_text(alice, base_id, "Empty", " ")
    assert editing.list_drafts(alice) == []
    assert passing() == 0


def test_a_draft_that_somebody_works_with_stays(alice: Actor, base_id: UUID) -> None:
    with passing_draft(alice, bases.open_base(alice, base_id)) as draft:
        assert passing_drafts.sweep() == 0
        assert [each.id for each in editing.list_drafts(alice)] == [draft.id]
    assert editing.list_drafts(alice) == []
