"""Saving a draft: merging, versions, conflicts, replays, refusals."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

import pytest
from django_redis import get_redis_connection
from pydantic import create_model

from common.problems import Problem
from common.schema import Schema
from drafts import creating, editing, limits
from drafts.access import address_of, open_draft
from drafts.storage import store
from tests.drafts.notes import NoteDraft
from workspaces.access import Actor, Role

if TYPE_CHECKING:
    from drafts.draft import Draft


def test_a_new_draft_holds_what_it_was_given(notes: NoteDraft, alice: Actor) -> None:
    draft = creating.create(alice, notes, {"name": "N", "look": {"title": "T"}, "sections": []})
    assert draft.data == {"name": "N", "look": {"title": "T"}, "sections": []}
    assert (draft.version, draft.status, draft.entity_id) == (1, "draft", None)
    assert draft.id.startswith("draft_note_")
    assert len(draft.id.rsplit("_", 1)[1]) == 32


def test_a_save_merges_and_counts_up(notes: NoteDraft, alice: Actor, draft: Draft) -> None:
    saved = editing.patch(alice, notes, draft.id, {"look": {"title": "New"}, "text": None})
    now = open_draft(alice, notes, draft.id)
    assert saved.version == now.version == 2
    assert saved.expires_at == now.expires_at
    assert now.data["look"] == {"color": "#ffffff", "title": "New"}
    assert "text" not in now.data


def test_taking_away_what_no_draft_has_is_a_typo(
    notes: NoteDraft, alice: Actor, draft: Draft
) -> None:
    assert editing.patch(alice, notes, draft.id, {"prompts": None}).version == 1
    with pytest.raises(Problem) as refused:
        editing.patch(alice, notes, draft.id, {"name": "New", "txet": None})
    assert refused.value.status == 422
    assert [error.path for error in refused.value.errors] == ["data.txet"]
    assert open_draft(alice, notes, draft.id).version == 1


def test_what_follows_is_worked_out_from_the_newest_and_saved_with_the_change(
    notes: NoteDraft, alice: Actor, bob: Actor, draft: Draft
) -> None:
    editing.patch(bob, notes, draft.id, {"text": "Hello from Bob"})
    texts = iter(["Bob again", "Bob once more"])

    def following(document: dict[str, Any]) -> dict[str, Any]:
        """Bob is quicker, twice."""
        if text := next(texts, None):
            editing.patch(bob, notes, draft.id, {"text": text})
        return {"text": f"{document['text']} to {document['name']}"}

    editing.patch(
        alice, notes, draft.id, {"name": "Ann"}, base_version=draft.version, following=following
    )
    assert open_draft(alice, notes, draft.id).data["text"] == "Bob once more to Ann"
    editing.undo(alice, notes, draft.id)
    now = open_draft(alice, notes, draft.id).data
    assert (now["name"], now["text"]) == ("First", "Bob once more")


def test_a_wish_is_no_less_in_conflict_because_something_follows_there(
    notes: NoteDraft, alice: Actor, bob: Actor, draft: Draft
) -> None:
    editing.patch(bob, notes, draft.id, {"text": "Bob's"})
    with pytest.raises(Problem) as refused:
        editing.patch(
            alice,
            notes,
            draft.id,
            {"text": "Alice's"},
            base_version=draft.version,
            following=lambda document: {"text": document["text"] + "!"},
        )
    assert refused.value.status == 409


def test_what_follows_may_take_something_away(notes: NoteDraft, alice: Actor, draft: Draft) -> None:
    editing.patch(alice, notes, draft.id, {"text": "Hello", "name": "One"})
    editing.patch(
        alice, notes, draft.id, {"name": "Two"}, following=lambda _document: {"text": None}
    )
    now = open_draft(alice, notes, draft.id).data
    assert (now["name"], "text" in now) == ("Two", False)
    editing.undo(alice, notes, draft.id)
    now = open_draft(alice, notes, draft.id).data
    assert (now["name"], now["text"]) == ("One", "Hello")


def test_what_may_be_written_in_two_ways_is_stored_in_one(notes: NoteDraft, alice: Actor) -> None:
    draft = creating.create(alice, notes, {"name": "N", "tint": "#111111"})
    assert draft.data["look"] == {"color": "#111111"}
    editing.patch(alice, notes, draft.id, {"tint": "#222222", "title": "First"})
    editing.patch(alice, notes, draft.id, {"title": "Second"})
    kept = open_draft(alice, notes, draft.id)
    assert kept.data["look"] == {"color": "#222222", "title": "First"}
    exported = editing.export(alice, notes, draft.id)
    exported["data"] = {"name": "I", "tint": "#333333"}
    assert creating.import_(alice, notes, exported).data["look"] == {"color": "#333333"}


def test_a_save_that_changes_nothing_makes_no_version(
    notes: NoteDraft, alice: Actor, draft: Draft
) -> None:
    assert editing.patch(alice, notes, draft.id, {"name": "First"}).version == 1
    assert not open_draft(alice, notes, draft.id).can_undo


def test_the_same_patch_id_gives_the_same_answer(
    notes: NoteDraft, alice: Actor, draft: Draft
) -> None:
    first = editing.patch(alice, notes, draft.id, {"count": 2}, patch_id="p1")
    editing.patch(alice, notes, draft.id, {"count": 3})
    assert editing.patch(alice, notes, draft.id, {"count": 2}, patch_id="p1") == first
    assert open_draft(alice, notes, draft.id).data["count"] == 3


def test_a_replayed_patch_is_answered_even_where_it_would_not_fit_any_more(
    notes: NoteDraft, alice: Actor, draft: Draft
) -> None:
    rename = {"sections": {"a": {"id": "c"}}}
    first = editing.patch(alice, notes, draft.id, rename, patch_id="p1")
    assert editing.patch(alice, notes, draft.id, rename, patch_id="p1") == first


def test_a_retry_while_a_deploy_runs_is_told_that_its_change_was_saved(
    notes: NoteDraft, alice: Actor, draft: Draft
) -> None:
    first = editing.patch(alice, notes, draft.id, {"count": 2}, patch_id="p1")
    assert store.freeze(address_of(alice, notes, draft.id), first.version, "token") == "OK"
    assert editing.patch(alice, notes, draft.id, {"count": 2}, patch_id="p1") == first
    with pytest.raises(Problem) as refused:
        editing.patch(alice, notes, draft.id, {"count": 3}, patch_id="p2")
    assert refused.value.status == 409


def test_other_places_merge_silently_and_come_back(
    notes: NoteDraft, alice: Actor, bob: Actor, draft: Draft
) -> None:
    editing.patch(bob, notes, draft.id, {"look": {"title": "Bob's"}, "text": None})
    saved = editing.patch(alice, notes, draft.id, {"name": "Alice's"}, base_version=1)
    assert saved.merged
    assert saved.changes_by_others == {"look.title": "Bob's", "text": None}


def test_the_same_place_is_a_conflict_and_nothing_is_written(
    notes: NoteDraft, alice: Actor, bob: Actor, draft: Draft
) -> None:
    editing.patch(bob, notes, draft.id, {"name": "Bob's"})
    with pytest.raises(Problem) as refused:
        editing.patch(alice, notes, draft.id, {"name": "Alice's", "count": 9}, base_version=1)
    assert refused.value.status == 409
    (conflict,) = refused.value.extra["conflicts"]
    assert conflict | {"at": ""} == {
        "path": "name",
        "yours": "Alice's",
        "theirs": "Bob's",
        "by": "Bob",
        "at": "",
    }
    now = open_draft(alice, notes, draft.id)
    assert (now.data["name"], now.data.get("count"), now.version) == ("Bob's", None, 2)
    assert refused.value.extra["version"] == 2


A = {"sections": {"a": {"text": "mine"}}}
Case = tuple[str, dict[str, Any], dict[str, Any], bool]
CONFLICTS: list[Case] = [
    ("equal values", {"name": "X"}, {"name": "X"}, False),
    ("siblings", {"look": {"title": "X"}}, {"look": {"color": "#123456"}}, False),
    ("other items", {"sections": {"b": {"text": "x"}}}, A, False),
    ("other field of an item", {"sections": {"a": {"weight": 3}}}, A, False),
    ("both add items", {"sections": {"x": {}}}, {"sections": {"y": {}}}, False),
    ("same field of an item", {"sections": {"a": {"text": "x"}}}, A, True),
    ("item removed", {"sections": {"a": None}}, A, True),
    ("both remove", {"sections": {"a": None}}, {"sections": {"a": None}}, False),
    ("edited what I remove", {"sections": {"a": {"text": "x"}}}, {"sections": {"a": None}}, True),
    ("list replaced", {"sections": [{"id": "b"}]}, A, True),
    ("I replace the list", {"sections": {"a": {"text": "x"}}}, {"sections": [{"id": "b"}]}, True),
    ("added what I replace", {"sections": {"n": {}}}, {"sections": [{"id": "b"}]}, True),
    ("object removed", {"look": None}, {"look": {"title": "x"}}, True),
    ("object removed, new field", {"look": None}, {"look": {"avatar_url": "http://x.y"}}, True),
    ("I remove the object", {"look": {"title": "x"}}, {"look": None}, True),
    ("both remove a field", {"text": None}, {"text": None}, False),
    ("removed what I set", {"text": None}, {"text": "x"}, True),
    ("object over scalar", {"labels": {"k": {"in": 1}}}, {"labels": {"k": 1}}, True),
    ("scalar over object", {"labels": {"k": 1}}, {"labels": {"k": {"in": 1}}}, True),
    (
        "reordered",
        {"sections": [{"id": "b", "text": "B", "weight": 2}, {"id": "a", "text": "A"}]},
        A,
        False,
    ),
]


@pytest.mark.parametrize("case", CONFLICTS, ids=[case[0] for case in CONFLICTS])
def test_conflict_matrix(
    case: Case, notes: NoteDraft, alice: Actor, bob: Actor, draft: Draft
) -> None:
    _name, theirs, mine, conflict = case
    editing.patch(bob, notes, draft.id, theirs)
    before = open_draft(alice, notes, draft.id)
    if not conflict:
        editing.patch(alice, notes, draft.id, mine, base_version=1)
        return
    with pytest.raises(Problem) as refused:
        editing.patch(alice, notes, draft.id, mine, base_version=1)
    assert refused.value.status == 409
    assert refused.value.extra["conflicts"]
    assert open_draft(alice, notes, draft.id) == before
    editing.patch(alice, notes, draft.id, mine)


def test_without_a_base_the_last_writer_wins(
    notes: NoteDraft, alice: Actor, bob: Actor, draft: Draft
) -> None:
    editing.patch(bob, notes, draft.id, {"name": "Bob's"})
    editing.patch(alice, notes, draft.id, {"name": "Alice's"})
    assert open_draft(bob, notes, draft.id).data["name"] == "Alice's"


def test_if_match_is_about_the_whole_draft(notes: NoteDraft, alice: Actor, draft: Draft) -> None:
    editing.patch(alice, notes, draft.id, {"count": 2}, if_match=1)
    with pytest.raises(Problem) as refused:
        editing.patch(alice, notes, draft.id, {"name": "X"}, if_match=1)
    assert (refused.value.status, refused.value.headers["ETag"]) == (412, '"2"')


@pytest.mark.parametrize(
    ("data", "path"),
    [
        ({"temperature": "hot"}, "data.temperature"),
        ({"temperature": "1.5"}, "data.temperature"),
        ({"count": True}, "data.count"),
        ({"mode": "fancy"}, "data.mode"),
        ({"nmae": "x"}, "data.nmae"),
        ({"look": {"colour": "x"}}, "data.look.colour"),
        ({"look": "x"}, "data.look"),
        ({"sections": {"a": {"weight": "heavy"}}}, "data.sections.a.weight"),
        ({"sections": "x"}, "data.sections"),
        ({"prompts": ["a", 2]}, "data.prompts.1"),
        ({"credential_id": "abc"}, "data.credential_id"),
        ({"deployment": {"channels": {"fax": {}}}}, "data.deployment.channels.fax.type"),
        (
            {"deployment": {"channels": {"web": {"token": "x"}}}},
            "data.deployment.channels.web.token",
        ),
        ({"sections": [{}]}, "data.sections.0"),
    ],
)
def test_wrong_types_are_refused_with_their_place(
    data: dict[str, Any], path: str, notes: NoteDraft, alice: Actor, draft: Draft
) -> None:
    with pytest.raises(Problem) as refused:
        editing.patch(alice, notes, draft.id, data)
    assert refused.value.status == 422
    assert path in [error.path for error in refused.value.errors]
    assert open_draft(alice, notes, draft.id).version == 1


@pytest.mark.parametrize(
    "data",
    [
        {"name": None},
        {"name": ""},
        {"temperature": 9},
        {"look": {"color": "reddish"}},
        {"look": {"avatar_url": "htt"}},
        {"prompts": ["a"] * 9},
    ],
)
def test_what_is_merely_incomplete_is_saved(
    data: dict[str, Any], notes: NoteDraft, alice: Actor, draft: Draft
) -> None:
    assert editing.patch(alice, notes, draft.id, data).version == 2


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"text": "a\0b"}, 400),
        ({"text": "\ud800"}, 400),
        ({"labels": {"\0": 1}}, 400),
        ({"labels": {"x": float("nan")}}, 400),
        ({"labels": {"x": float("inf")}}, 400),
        ({"labels": {"x": 10**30}}, 422),
        ({"text": "x" * (1024 * 1024)}, 413),
        ([], 422),
        ("x", 422),
    ],
)
def test_what_cannot_be_kept_is_refused(
    data: Any, status: int, notes: NoteDraft, alice: Actor, draft: Draft
) -> None:
    with pytest.raises(Problem) as refused:
        editing.patch(alice, notes, draft.id, data)
    assert refused.value.status == status


def test_too_deep_is_refused(notes: NoteDraft, alice: Actor, draft: Draft) -> None:
    deep: Any = 1
    for _level in range(limits.DEEPEST + 1):
        deep = {"x": deep}
    with pytest.raises(Problem) as refused:
        editing.patch(alice, notes, draft.id, {"labels": deep})
    assert refused.value.status == 400


def test_a_document_grows_to_a_mebibyte_and_no_further(
    notes: NoteDraft, alice: Actor, draft: Draft
) -> None:
    for part in range(10):
        editing.patch(alice, notes, draft.id, {"labels": {f"k{part}": "x" * 100_000}})
    with pytest.raises(Problem) as refused:
        editing.patch(alice, notes, draft.id, {"labels": {"k10": "x" * 100_000}})
    assert refused.value.status == 413
    editing.patch(alice, notes, draft.id, {"labels": {"k0": None}})
    editing.patch(alice, notes, draft.id, {"labels": {"k10": "x" * 100_000}})


def test_a_draft_cannot_hold_endless_values(notes: NoteDraft, alice: Actor, draft: Draft) -> None:
    many = {f"k{number}": number for number in range(limits.MOST_FIELDS)}
    with pytest.raises(Problem) as refused:
        editing.patch(alice, notes, draft.id, {"labels": many})
    assert refused.value.status == 413


def test_redis_is_not_asked_about_more_values_than_a_draft_holds(
    notes: NoteDraft, alice: Actor, draft: Draft
) -> None:
    """It would look at each of them first, and answer nobody meanwhile."""
    redis = get_redis_connection("drafts")
    redis.config_resetstat()
    many = {f"k{number}": number for number in range(limits.MOST_FIELDS + 1)}
    with pytest.raises(Problem) as refused:
        editing.patch(alice, notes, draft.id, {"labels": many})
    assert refused.value.status == 413
    assert sum(each["calls"] for each in redis.info("commandstats").values()) < 100


def test_a_viewer_reads_and_does_not_write(
    notes: NoteDraft, alice: Actor, vera: Actor, draft: Draft
) -> None:
    assert editing.changes_since(vera, notes, draft.id, 0)[0] == 1
    assert editing.history(vera, notes, draft.id)
    for change in (
        lambda: editing.patch(vera, notes, draft.id, {"name": "V"}),
        lambda: creating.create(vera, notes, {}),
        lambda: editing.abandon(vera, notes, draft.id),
        lambda: editing.undo(vera, notes, draft.id),
        lambda: editing.restore(vera, notes, draft.id, 1),
        lambda: creating.duplicate(vera, notes, draft.id),
    ):
        with pytest.raises(Problem) as refused:
            change()
        assert refused.value.status == 403


def test_what_changed_since_a_version(notes: NoteDraft, alice: Actor, draft: Draft) -> None:
    editing.patch(alice, notes, draft.id, {"name": "N", "sections": {"c": {"text": "C"}}})
    editing.patch(alice, notes, draft.id, {"look": {"title": None}, "sections": {"a": None}})
    assert editing.changes_since(alice, notes, draft.id, 2) == (
        3,
        {"look.title": None, "sections.a": None},
    )
    assert editing.changes_since(alice, notes, draft.id, 1) == (
        3,
        {
            "name": "N",
            "look.title": None,
            "sections.a": None,
            "sections.c": {"id": "c", "text": "C"},
        },
    )


def test_an_abandoned_draft_is_gone_with_everything(
    notes: NoteDraft, alice: Actor, draft: Draft
) -> None:
    editing.abandon(alice, notes, draft.id)
    assert ("discarded: abandoned", draft.id) in notes.calls
    assert editing.list_drafts(alice) == []
    with pytest.raises(Problem) as refused:
        open_draft(alice, notes, draft.id)
    assert refused.value.status == 404


def test_lists_show_the_last_changed_first(
    notes: NoteDraft, alice: Actor, bob: Actor, draft: Draft
) -> None:
    second = creating.create(bob, notes, {})
    names = (f"Renamed {number}" for number in count())  # until the clock has gone on
    changes = (editing.patch(alice, notes, draft.id, {"name": name}) for name in names)
    next(change for change in changes if change.updated_at > second.updated_at)
    listed = editing.list_drafts(alice, notes)
    assert [(d.id, d.is_mine) for d in listed] == [
        (draft.id, True),
        (second.id, False),
    ]
    assert [d.id for d in editing.list_drafts(bob, mine=True)] == [second.id]


def test_a_workspace_has_only_so_many_drafts(
    notes: NoteDraft, alice: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MOST_DRAFTS", 2)
    drafts = [creating.create(alice, notes, {}) for _number in range(2)]
    with pytest.raises(Problem) as refused:
        creating.create(alice, notes, {})
    assert refused.value.status == 409
    editing.abandon(alice, notes, drafts[0].id)
    creating.create(alice, notes, {})


def test_a_copy_is_a_draft_of_its_own(notes: NoteDraft, alice: Actor, draft: Draft) -> None:
    copy = creating.duplicate(alice, notes, draft.id)
    assert copy.data == draft.data | {"name": "Copy of First"}
    assert copy.target_id != draft.target_id


def test_a_draft_travels_as_a_file(
    notes: NoteDraft, alice: Actor, mallory: Actor, draft: Draft
) -> None:
    exported = editing.export(alice, notes, draft.id)
    assert creating.import_(mallory, notes, exported).data == draft.data
    for broken in ({}, exported | {"type": "x"}, exported | {"x": 1}, exported | {"data": 1}):
        with pytest.raises(Problem) as refused:
            creating.import_(mallory, notes, broken)
        assert refused.value.status == 422


def test_an_error_that_was_there_before_does_not_block_other_changes(
    notes: NoteDraft, alice: Actor, draft: Draft
) -> None:
    """A schema that has become stricter must not lock anybody out of an old draft."""
    editing.patch(alice, notes, draft.id, {"labels": {"old": "value"}})
    strict = type("Strict", (NoteDraft,), {"schema": without_labels(notes)})()
    assert editing.patch(alice, strict, draft.id, {"name": "Still works"}).version == 3
    with pytest.raises(Problem):
        editing.patch(alice, strict, draft.id, {"labels": {"new": "x"}, "count": "x"})


def without_labels(notes: NoteDraft) -> Any:
    fields = {name: (f.annotation, f) for name, f in notes.schema.model_fields.items()}
    fields.pop("labels")
    return create_model("Narrow", __base__=Schema, **fields)  # type: ignore[call-overload]


def test_a_draft_that_belongs_to_nobody_is_listed(notes: NoteDraft, alice: Actor) -> None:
    nobody = Actor(alice.workspace, Role.EDITOR, "By itself")
    draft = creating.create(nobody, notes, {"name": "N"})
    (listed,) = editing.list_drafts(alice)
    assert (listed.id, listed.created_by, listed.is_mine) == (draft.id, "By itself", False)
    assert editing.list_drafts(alice, mine=True) == []
