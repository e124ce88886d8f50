"""A workspace that is deleted takes its drafts along, and nobody else's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django_redis import get_redis_connection

from drafts import clearing, creating, editing
from drafts.access import address_of
from drafts.deploying import deploy
from drafts.storage import index, store
from workspaces import founding
from workspaces.models import Workspace

if TYPE_CHECKING:
    from uuid import UUID

    from drafts.draft import Draft
    from tests.drafts.notes import NoteDraft
    from workspaces.access import Actor

pytestmark = pytest.mark.django_db(transaction=True)
READY = {"name": "N", "text": "t", "deployment": {"channels": [{"type": "web", "enabled": True}]}}


def keys() -> set[str]:
    """What the draft store holds."""
    return {key.decode() for key in get_redis_connection("drafts").scan_iter("*")}


def test_everything_of_its_drafts_goes(
    draft: Draft,
    alice: Actor,
    mallory: Actor,
    notes: NoteDraft,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    editing.patch(alice, notes, draft.id, {"text": "More"})
    locked = creating.create(alice, notes, READY)
    store.freeze(address_of(alice, notes, locked.id), locked.version, "token")
    foreign = creating.create(mallory, notes, {"name": "Mine"})
    discarded: list[str] = []
    monkeypatch.setattr(notes, "discarded", lambda gone: discarded.append(gone.draft_id))
    founding.delete(alice)
    assert sorted(discarded) == sorted([draft.id, locked.id])
    assert not [key for key in keys() if draft.id in key or locked.id in key]
    assert not [key for key in keys() if str(alice.workspace_id) in key]
    assert index.frozen() == {}
    assert editing.list_drafts(mallory, notes)[0].id == foreign.id


def test_a_kind_keeps_things_beside_a_draft_no_longer_than_the_draft(
    draft: Draft, alice: Actor
) -> None:
    clearing.remove_drafts(alice.workspace_id)
    clearing.remove_drafts(alice.workspace_id)
    assert keys() == set()


def test_what_was_deployed_is_withdrawn(
    alice: Actor, notes: NoteDraft, monkeypatch: pytest.MonkeyPatch
) -> None:
    entity = deploy.deploy(alice, notes, creating.create(alice, notes, READY).id).entity
    withdrawn: list[UUID] = []
    monkeypatch.setattr(notes, "entity_removed", withdrawn.append)
    founding.delete(alice)
    assert withdrawn == [entity.pk]
    assert not Workspace.objects.filter(pk=alice.workspace_id).exists()


def test_a_deletion_that_fails_loses_no_draft(draft: Draft, alice: Actor, notes: NoteDraft) -> None:
    def fail(_workspace: Workspace) -> None:
        raise RuntimeError

    with (
        founding.workspace_cleaners.temporarily("test", fail),
        pytest.raises(RuntimeError),
    ):
        founding.delete(alice)
    assert editing.list_drafts(alice, notes)[0].id == draft.id


def test_the_store_being_away_does_not_keep_a_workspace(
    draft: Draft, alice: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    dead = get_redis_connection("drafts").__class__(host="127.0.0.1", port=1)
    monkeypatch.setattr(index, "connection", lambda: dead)
    founding.delete(alice)
    assert not Workspace.objects.filter(pk=alice.workspace_id).exists()
