"""A deploy that is killed, at every point where that could hurt, and the sweep that finishes it."""

from __future__ import annotations

import signal
import subprocess
import sys
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone
from django_redis import get_redis_connection

from common.problems import Problem
from drafts import creating, editing
from drafts.access import open_draft
from drafts.deploying import deploy
from drafts.models import Deployment, Entity, Release
from drafts.tasks import sweep as sweep_task
from tests.drafts.notes import put
from tests.support.live import environment
from workspaces.models import ApiKey

if TYPE_CHECKING:
    from drafts.draft import Draft
    from tests.drafts.notes import NoteDraft
    from workspaces.access import Actor

pytestmark = pytest.mark.django_db(transaction=True)
LATER = timedelta(minutes=3)
BEFORE_THE_COMMIT = ("deploy.frozen", "deploy.written")
AFTER_THE_COMMIT = ("deploy.committed", "deploy.removed")


def crash(point: str, alice: Actor, draft: Draft, notes: NoteDraft) -> None:
    """Deploy in another process, which is killed at ``point``."""
    assert alice.user
    ids = [str(alice.user.pk), str(alice.workspace_id), draft.id, str(notes.folder)]
    done = subprocess.run(
        [sys.executable, "-m", "tests.drafts.crashing", *ids],
        env=environment() | {"CRASH_AT": point},
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()


@pytest.mark.parametrize("point", AFTER_THE_COMMIT)
def test_a_deploy_killed_after_the_commit_is_finished_by_the_sweep(
    point: str, notes: NoteDraft, alice: Actor, draft: Draft
) -> None:
    put(notes, draft)
    crash(point, alice, draft, notes)
    assert Deployment.objects.get().handed_over_at is None
    assert notes.calls == []
    assert (notes.files_of(draft) / "manual.txt").exists()

    sweep_task()

    assert notes.calls == [("deployed", str(draft.target_id)), ("discarded: deployed", draft.id)]
    assert not notes.files_of(draft).exists()
    assert (notes.files_of(Release.objects.get()) / "manual.txt").read_text() == "Read me"
    assert Deployment.objects.get().handed_over_at
    with pytest.raises(Problem) as gone:
        open_draft(alice, notes, draft.id)
    assert gone.value.status == 410
    counts = (Entity.objects.count(), Release.objects.count(), ApiKey.objects.count())
    assert counts == (1, 1, 1)
    sweep_task()
    assert len([name for name, _what in notes.calls if name == "deployed"]) == 1


@pytest.mark.parametrize("point", AFTER_THE_COMMIT)
def test_a_retry_after_the_crash_gives_the_answer_with_its_key(
    point: str, notes: NoteDraft, alice: Actor, draft: Draft
) -> None:
    crash(point, alice, draft, notes)
    result = deploy.deploy(alice, notes, draft.id)
    assert result.entity.pk == draft.target_id
    assert result.api_key
    assert Deployment.objects.get().handed_over_at


@pytest.mark.parametrize("point", BEFORE_THE_COMMIT)
def test_a_deploy_killed_before_the_commit_is_called_off(
    point: str, notes: NoteDraft, alice: Actor, draft: Draft
) -> None:
    crash(point, alice, draft, notes)
    assert not Entity.objects.exists()
    with pytest.raises(Problem) as locked:
        editing.patch(alice, notes, draft.id, {"name": "x"})
    assert locked.value.status == 409

    assert deploy.sweep() == 0
    assert open_draft(alice, notes, draft.id).status == "deploying"
    assert deploy.sweep(timezone.now() + LATER) == 1

    kept = open_draft(alice, notes, draft.id)
    assert (kept.status, kept.data) == ("failed", draft.data)
    assert kept.failure
    editing.patch(alice, notes, draft.id, {"name": "x"})
    assert deploy.deploy(alice, notes, draft.id).release.number == 1


def test_the_sweep_leaves_what_is_in_order(notes: NoteDraft, alice: Actor, draft: Draft) -> None:
    deploy.deploy(alice, notes, draft.id)
    assert deploy.sweep(timezone.now() + LATER) == 0


def test_a_locked_draft_that_has_expired_is_forgotten(
    notes: NoteDraft, alice: Actor, draft: Draft
) -> None:
    crash("deploy.frozen", alice, draft, notes)
    redis = get_redis_connection("drafts")
    redis.delete(f"draft:note:{draft.id}")
    deploy.sweep()
    assert redis.zcard("drafts:frozen") == 0


def test_an_entity_of_an_unknown_kind_does_not_stop_the_sweep(
    notes: NoteDraft, alice: Actor, draft: Draft
) -> None:
    odd = creating.create(alice, notes, {"name": "Odd", "text": "t"})
    crash("deploy.committed", alice, odd, notes)
    Entity.objects.update(kind="gone")
    crash("deploy.committed", alice, draft, notes)
    deploy.sweep()
    assert ("deployed", str(draft.target_id)) in notes.calls
    assert Deployment.objects.get(handed_over_at=None).draft_id == odd.id


def test_the_sweep_needs_nothing_of_redis(notes: NoteDraft, alice: Actor, draft: Draft) -> None:
    crash("deploy.committed", alice, draft, notes)
    get_redis_connection("drafts").flushdb()
    assert deploy.sweep() == 1
    assert notes.calls == [("deployed", str(draft.target_id)), ("discarded: deployed", draft.id)]
