"""What the drafts of one workspace may take up in Redis, and how much of it in a minute."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from django_redis import get_redis_connection

from common.problems import Problem
from drafts import creating, editing, limits
from drafts.access import open_draft
from tests.drafts.client import Api

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings

    from tests.drafts.notes import NoteDraft
    from workspaces.access import Actor

MIB = 1024 * 1024
LONG = "x" * (MIB - 1000)


def refused(attempt: Any) -> Problem:
    with pytest.raises(Problem) as problem:
        attempt()
    return problem.value


def held(actor: Actor) -> int:
    """What the drafts of the workspace really take up."""
    redis = get_redis_connection("drafts")
    keys = [*redis.scan_iter("draft:*"), *redis.scan_iter("draft-log:*")]
    return sum(redis.memory_usage(key, samples=0) for key in keys)


def counted(actor: Actor) -> int:
    return int(get_redis_connection("drafts").hget(f"drafts:sizes:{actor.workspace_id}", "all"))


def filled(notes: NoteDraft, actor: Actor) -> list[str]:
    """Drafts until there is no room for one more."""
    made: list[str] = []

    def fill() -> None:
        while True:
            made.append(creating.create(actor, notes, {"name": "Full", "text": LONG}).id)

    problem = refused(fill)
    assert problem.status == 413
    assert "Deploy or abandon a draft" in problem.detail
    return made


def test_one_workspace_cannot_take_the_room_of_all(
    notes: NoteDraft, alice: Actor, mallory: Actor, settings: Settings
) -> None:
    settings.DRAFT_WORKSPACE_BYTES = 8 * MIB
    made = filled(notes, mallory)
    assert 5 <= len(made) <= 7
    for draft_id in made:
        for letter in "abcd":
            editing.patch(mallory, notes, draft_id, {"text": letter * len(LONG)})
    assert held(mallory) < 2 * settings.DRAFT_WORKSPACE_BYTES
    assert refused(lambda: creating.create(mallory, notes, {})).status == 413
    assert creating.create(alice, notes, {"name": "Alice's", "text": LONG})


def test_discarding_and_expiring_make_room(
    notes: NoteDraft, alice: Actor, settings: Settings
) -> None:
    # Room for three, and not for a fourth by far: what Redis weighs varies by some bytes.
    settings.DRAFT_WORKSPACE_BYTES = 7 * MIB // 2
    made = filled(notes, alice)
    editing.abandon(alice, notes, made.pop())
    settings.DRAFT_TTL_SECONDS = 5
    creating.create(alice, notes, {"name": "Soon gone", "text": LONG})
    settings.DRAFT_TTL_SECONDS = 60
    assert refused(lambda: creating.create(alice, notes, {"text": LONG})).status == 413
    time.sleep(5.1)
    creating.create(alice, notes, {"name": "In its place", "text": LONG})
    assert counted(alice) == pytest.approx(held(alice), abs=1000)


def test_the_count_is_what_redis_holds(notes: NoteDraft, alice: Actor, draft: Any) -> None:
    editing.patch(alice, notes, draft.id, {"labels": {f"l{n}": n for n in range(1000)}})
    editing.patch(alice, notes, draft.id, {"labels": None, "text": "x" * 5000})
    other = creating.create(alice, notes, {"name": "Other"})
    assert counted(alice) == pytest.approx(held(alice), abs=1000)
    editing.abandon(alice, notes, other.id)
    editing.abandon(alice, notes, draft.id)
    assert counted(alice) == 0


def test_without_room_a_draft_is_still_edited_and_undone_less_far(
    notes: NoteDraft, alice: Actor, settings: Settings
) -> None:
    draft = creating.create(alice, notes, {"name": "N", "text": "0" * 10_000})
    for number in range(1, 5):
        editing.patch(alice, notes, draft.id, {"text": str(number) * 10_000})
    settings.DRAFT_WORKSPACE_BYTES = counted(alice)
    for number in range(5, 9):
        editing.patch(alice, notes, draft.id, {"text": str(number) * 10_000})
    assert len(editing.history(alice, notes, draft.id)) <= 5
    longer = {"text": "9" * 100_000}
    assert refused(lambda: editing.patch(alice, notes, draft.id, longer)).status == 413
    assert held(alice) < settings.DRAFT_WORKSPACE_BYTES + 11_000
    assert editing.patch(alice, notes, draft.id, {"text": "short"}).version == 10
    editing.undo(alice, notes, draft.id)
    assert open_draft(alice, notes, draft.id).data["text"] == "8" * 10_000


def test_what_items_are_called_counts_too(notes: NoteDraft, alice: Actor) -> None:
    items = [{"id": letter * (MIB // 3)} for letter in "abc"]
    draft = creating.create(alice, notes, {"sections": items[:2]})
    problem = refused(lambda: editing.patch(alice, notes, draft.id, {"sections": items}))
    assert problem.status == 413


def test_a_workspace_writes_only_so_much_in_a_minute(
    notes: NoteDraft, alice: Actor, mallory: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MOST_WRITTEN", 100_000)
    api = Api(mallory)
    made = api.post("/draft", {"name": "N", "text": "a" * 50_000}).json()["draft_id"]
    change = {"data": {"text": "b" * 50_000}}
    answer = api.patch(f"/draft/{made}", change)
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 60
    assert api.post("/draft", {"name": "N", "text": "a" * 50_000}).status_code == 429
    assert api.patch(f"/draft/{made}", {"data": {"count": 2}}).status_code == 200
    assert api.delete(f"/draft/{made}").status_code == 204
    assert creating.create(alice, notes, {"text": "a" * 50_000})
    get_redis_connection("drafts").delete(f"drafts:written:{mallory.workspace_id}")
    assert api.post("/draft", {"name": "N", "text": "a" * 50_000}).status_code == 201
