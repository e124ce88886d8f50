"""Undo, redo, history and restore, against a plain list of documents."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common.problems import Problem
from drafts import creating, editing, limits
from drafts.access import open_draft

if TYPE_CHECKING:
    from drafts.draft import Draft
    from tests.drafts.notes import NoteDraft
    from workspaces.access import Actor

SECTION = st.fixed_dictionaries(
    {}, optional={"text": st.sampled_from(["x", "y"]), "weight": st.integers(0, 2) | st.none()}
)
PATCH: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {},
    optional={
        "name": st.none() | st.sampled_from(["N", "M"]),
        "look": st.none() | st.fixed_dictionaries({}, optional={"title": st.just("T")}),
        "labels": st.dictionaries(
            st.sampled_from(["a", "b"]),
            st.none() | st.integers(0, 1) | st.just({"deep": {}}) | st.just([1, {"x": None}]),
        ),
        "sections": st.none()
        | st.dictionaries(st.sampled_from(["a", "b", "c"]), st.none() | SECTION)
        | st.permutations(["a", "b", "c"]).map(lambda keys: [{"id": key} for key in keys[:2]]),
    },
)
STEP = st.just("undo") | st.just("redo") | st.integers(1, 40) | PATCH


@given(st.lists(STEP, max_size=25))
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_every_way_through_the_history_leads_to_what_was_there(
    notes: NoteDraft, alice: Actor, steps: list[Any]
) -> None:
    draft = creating.create(alice, notes, {"sections": [{"id": "a"}, {"id": "b", "text": "B"}]})
    done, undone, versions = [draft.data], [], {1: draft.data}
    for step in steps:
        before = done[-1]
        if step == "undo" and len(done) > 1:
            editing.undo(alice, notes, draft.id)
            undone.append(done.pop())
        elif step == "redo" and undone:
            editing.redo(alice, notes, draft.id)
            done.append(undone.pop())
        elif isinstance(step, int) and step in versions:
            editing.restore(alice, notes, draft.id, step)
        elif isinstance(step, dict):
            editing.patch(alice, notes, draft.id, step)
        now = open_draft(alice, notes, draft.id)
        if isinstance(step, dict | int) and now.version not in versions:
            done.append(now.data)
            undone.clear()
        if isinstance(step, int) and step in versions:
            assert now.data == versions[step]
        versions[now.version] = now.data
        assert now.data == done[-1], (before, step)
        assert (now.can_undo, now.can_redo) == (len(done) > 1, bool(undone))


def test_fifty_changes_are_undone_to_the_start_and_redone(
    notes: NoteDraft, alice: Actor, draft: Draft
) -> None:
    for number in range(50):
        editing.patch(alice, notes, draft.id, {"count": number + 2})
    full = open_draft(alice, notes, draft.id).data
    for _number in range(50):
        editing.undo(alice, notes, draft.id)
    start = open_draft(alice, notes, draft.id)
    assert (start.data, start.can_undo, start.version) == (draft.data, False, 101)
    for _number in range(50):
        editing.redo(alice, notes, draft.id)
    assert open_draft(alice, notes, draft.id).data == full


def test_with_nothing_to_undo_or_redo_nothing_happens(
    notes: NoteDraft, alice: Actor, draft: Draft
) -> None:
    for step in (editing.undo, editing.redo):
        with pytest.raises(Problem) as refused:
            step(alice, notes, draft.id)
        assert refused.value.status == 409


def test_an_undo_that_is_sent_twice_undoes_once(
    notes: NoteDraft, alice: Actor, draft: Draft
) -> None:
    editing.patch(alice, notes, draft.id, {"count": 2})
    first = editing.undo(alice, notes, draft.id, patch_id="u")
    again = editing.undo(alice, notes, draft.id, patch_id="u")
    assert again == first
    assert again.took_back is None


def test_an_undo_takes_back_what_somebody_else_did_last(
    notes: NoteDraft, alice: Actor, bob: Actor, draft: Draft
) -> None:
    editing.patch(alice, notes, draft.id, {"count": 2})
    editing.patch(bob, notes, draft.id, {"name": "Bob's"})
    gone = editing.undo(alice, notes, draft.id).took_back
    assert gone
    assert (gone.by, gone.paths) == (bob.label, ("name",))
    now = open_draft(alice, notes, draft.id)
    assert (now.data["name"], now.data["count"]) == ("First", 2)


def test_the_history_tells_who_changed_what(
    notes: NoteDraft, alice: Actor, bob: Actor, draft: Draft
) -> None:
    editing.patch(bob, notes, draft.id, {"look": {"title": "B"}, "sections": {"c": {}}})
    editing.undo(alice, notes, draft.id)
    told = [
        (replace(entry, at=draft.created_at).version, entry.by, entry.kind, set(entry.paths))
        for entry in editing.history(alice, notes, draft.id)
    ]
    paths = {"look.title", "sections.c"}
    assert told == [
        (3, "Alice", "undo", paths),
        (2, "Bob", "patch", paths),
        (1, "Alice", "create", set()),
    ]
    undid, changed, _created = [e.summary for e in editing.history(alice, notes, draft.id)]
    assert changed == "Changed Look / Title and Sections, c"
    assert undid == "Undid what Bob changed of Look / Title and Sections, c"
    editing.redo(bob, notes, draft.id)
    editing.undo(bob, notes, draft.id)
    own = editing.history(alice, notes, draft.id)[0]
    assert own.summary == "Undid a change of Look / Title and Sections, c"


def test_the_history_is_kept_within_its_limits(
    notes: NoteDraft, alice: Actor, draft: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MOST_ENTRIES", 10)
    for number in range(30):
        editing.patch(alice, notes, draft.id, {"count": number + 2})
    assert [e.version for e in editing.history(alice, notes, draft.id)] == [*range(31, 21, -1)]
    for _number in range(5):
        editing.undo(alice, notes, draft.id)
    with pytest.raises(Problem):
        editing.undo(alice, notes, draft.id)
    with pytest.raises(Problem) as refused:
        editing.restore(alice, notes, draft.id, 3)
    assert refused.value.status == 422


def test_large_changes_push_out_older_ones(
    notes: NoteDraft, alice: Actor, draft: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MOST_LOGGED", 10_000)
    for number in range(10):
        editing.patch(alice, notes, draft.id, {"text": str(number) * 4000})
    kept = editing.history(alice, notes, draft.id)
    assert 1 <= len(kept) <= 3
    assert kept[0].version == 11
    editing.undo(alice, notes, draft.id)
    assert open_draft(alice, notes, draft.id).data["text"] == "8" * 4000


def test_restoring_is_itself_undone(notes: NoteDraft, alice: Actor, draft: Draft) -> None:
    editing.patch(alice, notes, draft.id, {"sections": None, "name": "X"})
    changed = open_draft(alice, notes, draft.id).data
    editing.restore(alice, notes, draft.id, 1)
    assert open_draft(alice, notes, draft.id).data == draft.data
    editing.undo(alice, notes, draft.id)
    assert open_draft(alice, notes, draft.id).data == changed


@pytest.mark.parametrize("version", [0, 2, 99])
def test_an_unknown_version_is_not_restored(
    version: int, notes: NoteDraft, alice: Actor, draft: Draft
) -> None:
    with pytest.raises(Problem) as refused:
        editing.restore(alice, notes, draft.id, version)
    assert refused.value.status == 422
