"""What lies in Redis: time to live, the index, tenants, traces of the deleted, a store away."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from django.core.cache import caches
from django_redis import get_redis_connection

from common.problems import Problem
from drafts import creating, editing, limits
from drafts.access import open_draft, open_each
from tests.drafts.notes import NoteDraft

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_django.fixtures import Settings

    from drafts.draft import Draft
    from workspaces.access import Actor


def key(draft_id: str) -> str:
    return f"draft:note:{draft_id}"


def ends_at(name: str) -> datetime:
    return datetime.fromtimestamp(get_redis_connection("drafts").pexpiretime(name) / 1000, UTC)


def test_a_draft_lies_where_the_contract_says(notes: NoteDraft, alice: Actor, draft: Draft) -> None:
    redis = get_redis_connection("drafts")
    assert redis.type(key(draft.id)) == b"hash"
    assert redis.hget(key(draft.id), "f:look/title") == b'"T"'
    cache: Any = caches["drafts"]
    assert cache.ttl(key(draft.id)) > 86_000


def test_the_told_end_is_the_real_one(notes: NoteDraft, alice: Actor, draft: Draft) -> None:
    def told() -> datetime:
        return open_draft(alice, notes, draft.id).expires_at

    assert told() == draft.expires_at == ends_at(key(draft.id))
    time.sleep(0.01)
    assert told() == draft.expires_at
    renewals: list[Callable[[], datetime]] = [
        lambda: editing.patch(alice, notes, draft.id, {"count": 2}).expires_at,
        lambda: editing.patch(alice, notes, draft.id, {"count": 2}).expires_at,
        lambda: editing.undo(alice, notes, draft.id).expires_at,
        lambda: editing.restore(alice, notes, draft.id, 2).expires_at,
        lambda: editing.touch(alice, notes, draft.id),
    ]
    for renew in renewals:
        before = told()
        time.sleep(0.01)
        renewed = renew()
        assert renewed > before
        assert renewed == told() == ends_at(key(draft.id))
        assert renewed == ends_at(f"draft-log:note:{draft.id}")
    assert editing.list_drafts(alice)[0].expires_at == told()


def test_an_expired_draft_is_told_from_an_unknown_one(
    notes: NoteDraft, alice: Actor, bob: Actor, mallory: Actor, settings: Settings
) -> None:
    settings.DRAFT_TTL_SECONDS = 0.2
    draft = creating.create(alice, notes, {"name": "Gone soon"})
    time.sleep(0.4)
    with pytest.raises(Problem) as refused:
        open_draft(bob, notes, draft.id)
    assert refused.value.status == 410
    assert "Gone soon" in refused.value.detail
    with pytest.raises(Problem) as refused:
        open_draft(mallory, notes, draft.id)
    assert refused.value.status == 404
    assert editing.list_drafts(alice) == []


def test_an_index_entry_without_its_draft_is_repaired(
    notes: NoteDraft, alice: Actor, draft: Draft
) -> None:
    redis = get_redis_connection("drafts")
    redis.delete(key(draft.id))
    assert editing.list_drafts(alice) == []
    assert redis.zcard(f"drafts:index:{alice.workspace_id}") == 0


ATTEMPTS: dict[str, Callable[[Actor, NoteDraft, str], Any]] = {
    "open": open_draft,
    "patch": lambda who, kind, at: editing.patch(who, kind, at, {"name": "M"}),
    "empty patch": lambda who, kind, at: editing.patch(who, kind, at, {}),
    "undo": editing.undo,
    "redo": editing.redo,
    "history": editing.history,
    "restore": lambda who, kind, at: editing.restore(who, kind, at, 1),
    "touch": editing.touch,
    "changes": lambda who, kind, at: editing.changes_since(who, kind, at, 0),
    "export": editing.export,
    "duplicate": creating.duplicate,
    "abandon": editing.abandon,
}


@pytest.mark.parametrize("attempt", ATTEMPTS.values(), ids=ATTEMPTS)
def test_mallory_finds_nothing_and_leaves_no_trace(
    attempt: Callable[[Actor, NoteDraft, str], Any],
    notes: NoteDraft,
    alice: Actor,
    mallory: Actor,
    draft: Draft,
) -> None:
    editing.patch(alice, notes, draft.id, {"count": 2}, patch_id="p")
    redis = get_redis_connection("drafts")
    before = {name: redis.dump(name) for name in redis.keys("*")}
    answers = []
    for draft_id in (draft.id, "draft_note_unknown", "x" * 300, "a:b\n"):
        with pytest.raises(Problem) as refused:
            attempt(mallory, notes, draft_id)
        answers.append((refused.value.status, refused.value.body()))
    assert {status for status, _body in answers} == {404}
    assert all(body == answers[0][1] for _status, body in answers)
    assert {name: redis.dump(name) for name in redis.keys("*")} == before


def test_lists_end_at_the_workspace(notes: NoteDraft, mallory: Actor, draft: Draft) -> None:
    assert editing.list_drafts(mallory) == []


def test_a_draft_of_another_kind_is_not_found(notes: NoteDraft, alice: Actor, draft: Draft) -> None:
    other = type("Other", (NoteDraft,), {"kind": "other", "url_name": "others"})()
    with pytest.raises(Problem) as refused:
        open_draft(alice, other, draft.id)
    assert refused.value.status == 404


def test_changes_are_announced(notes: NoteDraft, alice: Actor, draft: Draft) -> None:
    listener = get_redis_connection("drafts").pubsub()
    listener.subscribe(f"draft-events:{draft.id}")
    editing.patch(
        alice, notes, draft.id, {"look": {"title": "x"}, "sections": {"q/r": {}}}, patch_id="p"
    )
    editing.abandon(alice, notes, draft.id)
    events: list[dict[str, Any]] = []
    while len(events) < 2:
        message = listener.get_message(timeout=5)
        if message and message["type"] == "message":
            events.append(orjson.loads(message["data"]))
    listener.close()
    assert events[0] | {"paths": set(events[0]["paths"])} == {
        "version": 2,
        "by": "Alice",
        "patch_id": "p",
        "paths": {"look.title", "sections.q/r"},
    }
    assert events[1] == {"version": 2, "status": "abandoned"}


def test_traces_of_deleted_leaves_do_not_pile_up(
    notes: NoteDraft, alice: Actor, draft: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MOST_FIELDS", 20)
    redis = get_redis_connection("drafts")
    for number in range(100):
        editing.patch(alice, notes, draft.id, {"labels": {f"k{number}": 1}})
        editing.patch(alice, notes, draft.id, {"labels": {f"k{number}": None}})
        assert redis.hlen(key(draft.id)) < 100
    editing.patch(alice, notes, draft.id, {"name": "Known place"}, base_version=1)
    with pytest.raises(Problem) as refused:
        editing.patch(alice, notes, draft.id, {"labels": {"k1": 2}}, base_version=1)
    assert refused.value.status == 409
    editing.patch(alice, notes, draft.id, {"labels": {"k1": 2}})


def test_scripts_are_sent_again_when_redis_forgot_them(
    notes: NoteDraft, alice: Actor, draft: Draft
) -> None:
    get_redis_connection("drafts").script_flush()
    assert editing.patch(alice, notes, draft.id, {"count": 2}).version == 2


def test_a_full_store_refuses_and_keeps_what_it_has(
    notes: NoteDraft, alice: Actor, draft: Draft
) -> None:
    redis = get_redis_connection("drafts")
    before = redis.config_get("maxmemory")["maxmemory"]
    redis.config_set("maxmemory", 1)
    try:
        with pytest.raises(Problem) as refused:
            editing.patch(alice, notes, draft.id, {"name": "No room"})
        assert refused.value.status == 503
        assert open_draft(alice, notes, draft.id) == draft
    finally:
        redis.config_set("maxmemory", before)
    assert editing.patch(alice, notes, draft.id, {"name": "Room"}).version == 2


def test_several_drafts_are_read_in_one_go_and_only_those_that_are_there(
    notes: NoteDraft, alice: Actor, mallory: Actor
) -> None:
    one, other = (creating.create(alice, notes, {"name": name}) for name in ("One", "Other"))
    foreign = creating.create(mallory, notes, {"name": "Foreign"})
    get_redis_connection("drafts").script_flush()
    found = open_each(alice, notes, [one.id, "gone", foreign.id, other.id])
    assert found == {draft.id: open_draft(alice, notes, draft.id) for draft in (one, other)}
