"""What a kind keeps beside its drafts: it comes along with copies and goes with the draft."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone
from django_redis import get_redis_connection

from common.problems import Problem, invalid
from drafts import creating, discarding, editing
from drafts.access import address_of
from drafts.deploying import deploy
from drafts.draft import Fate
from drafts.entities import remove
from drafts.models import Release
from drafts.storage import store
from drafts.tasks import sweep
from tests.drafts.notes import put

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings

    from drafts.draft import Draft
    from tests.drafts.notes import NoteDraft
    from workspaces.access import Actor

SOON = timedelta(minutes=2)


def read(notes: NoteDraft, owner: Draft | Release | str) -> str | None:
    file = notes.files_of(owner) / "manual.txt"
    return file.read_text() if file.exists() else None


def leftovers() -> int:
    """How many drafts there are, with those of which something may be left."""
    return int(get_redis_connection("drafts").zcard("drafts:ends"))


def test_files_follow_a_draft_through_its_whole_life(
    notes: NoteDraft, alice: Actor, draft: Draft
) -> None:
    put(notes, draft, "First")
    copy = creating.duplicate(alice, notes, draft.id)
    assert read(notes, copy) == "First"
    entity = deploy.deploy(alice, notes, draft.id).entity
    assert (read(notes, draft), read(notes, copy)) == (None, "First")

    edit = creating.create_from_entity(alice, entity)
    (notes.files_of(edit) / "manual.txt").write_text("Second")
    deploy.deploy(alice, notes, edit.id)
    deploy.rollback(alice, entity, 1)
    releases = {release.number: release for release in Release.objects.all()}
    texts = {number: read(notes, release) for number, release in releases.items()}
    assert texts == {1: "First", 2: "Second", 3: "First"}

    editing.abandon(alice, notes, copy.id)
    assert read(notes, copy) is None
    assert leftovers() == 0
    remove(alice, entity)
    assert list(notes.folder.iterdir()) == []


def test_an_imported_draft_says_that_it_has_no_files(
    notes: NoteDraft, alice: Actor, draft: Draft
) -> None:
    put(notes, draft)
    made = creating.import_(alice, notes, editing.export(alice, notes, draft.id))
    assert notes.calls == [("copied", made.id)]
    assert read(notes, made) is None


def test_a_copy_that_fails_leaves_nothing(notes: NoteDraft, alice: Actor, draft: Draft) -> None:
    put(notes, draft)
    notes.fails = invalid("A file is gone.")
    with pytest.raises(Problem):
        creating.duplicate(alice, notes, draft.id)
    assert [summary.id for summary in editing.list_drafts(alice)] == [draft.id]
    assert [path.name for path in notes.folder.iterdir()] == [draft.id]


def test_the_files_of_an_expired_draft_go(
    notes: NoteDraft, alice: Actor, draft: Draft, settings: Settings
) -> None:
    put(notes, draft)
    sweep()
    assert read(notes, draft) == "Read me"
    settings.DRAFT_TTL_SECONDS = 0.2
    editing.touch(alice, notes, draft.id)
    time.sleep(0.4)
    sweep()
    sweep()
    assert read(notes, draft) is None
    assert notes.calls == [("discarded: expired", draft.id)]
    with pytest.raises(Problem) as refused:
        editing.abandon(alice, notes, draft.id)
    assert refused.value.status == 410


def test_what_could_not_be_removed_is_tried_again(
    notes: NoteDraft, alice: Actor, draft: Draft, caplog: pytest.LogCaptureFixture
) -> None:
    put(notes, draft)
    notes.stuck = True
    editing.abandon(alice, notes, draft.id)
    assert "left to the sweep" in caplog.text
    notes.stuck = False
    assert discarding.sweep() == 0
    assert discarding.sweep(timezone.now() + SOON) == 1
    assert read(notes, draft) is None
    assert leftovers() == 0


def test_a_crash_between_removing_and_discarding_is_mended(
    notes: NoteDraft, alice: Actor, draft: Draft
) -> None:
    put(notes, draft)
    store.remove(address_of(alice, notes, draft.id), status=Fate.ABANDONED)
    discarding.sweep(timezone.now() + SOON)
    assert notes.calls == [("discarded: abandoned", draft.id)]
    assert read(notes, draft) is None


def test_what_a_deploy_could_not_remove_is_tried_again(
    notes: NoteDraft, alice: Actor, draft: Draft
) -> None:
    put(notes, draft)
    notes.stuck = True
    deploy.deploy(alice, notes, draft.id)
    notes.stuck = False
    discarding.sweep(timezone.now() + SOON)
    assert notes.calls[-2:] == [("discarded: deployed", draft.id)] * 2
    assert read(notes, draft) is None
