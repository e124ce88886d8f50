"""What changed of a flow, in the words of its canvas and forms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from drafts import creating, editing
from drafts.access import open_draft
from drafts.deploying.planning import Between, PlannedChange, differences
from drafts.deploying.wording import in_words
from drafts.types import draft_types
from workspaces import credentials

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workspaces.access import Actor

pytestmark = pytest.mark.django_db
FLOWS = draft_types.get("chatflow")
Told = tuple[str, str | None, str | None]


def node(kind: str, id_: str, *, at: int = 0, **data: Any) -> dict[str, Any]:
    return {"id": id_, "type": kind, "position": {"x": at, "y": 0}, "data": data}


def edge(source: str, target: str, handle: str = "") -> dict[str, Any]:
    id_ = f"e_{source}_{target}"
    return {"id": id_, "source": source, "target": target, "sourceHandle": handle}


def flow(*nodes: dict[str, Any], edges: tuple[dict[str, Any], ...] = ()) -> dict[str, Any]:
    return {"nodes": list(nodes), "edges": list(edges)}


def told(before: Mapping[str, Any], after: Mapping[str, Any], actor: Actor) -> list[Told]:
    found = differences(before, after, FLOWS.keyed_lists)
    words = in_words(FLOWS, found, Between(before, after), actor)
    return [(str(each["label"]), each["from"], each["to"]) for each in words]


CONDITION = node("condition", "condition1", condition="vip")
BYE = node("response", "response3", message="Bye!")


def test_a_node_that_comes_is_told_with_what_was_set_of_it(bob: Actor) -> None:
    empty: dict[str, Any] = {"label": "", "choices": [], "cards": [], "links": []}
    coming = node("response", "response3", message="Bye!", **empty)
    joined = edge("condition1", "response3", "true")
    assert told(flow(CONDITION), flow(CONDITION, coming, edges=(joined,)), bob) == [
        ("Added Response response3", None, "Message: Bye!"),
        ("Connected Condition condition1 (True) to Response response3", None, None),
    ]


def test_a_node_that_goes_takes_its_connections_along(bob: Actor) -> None:
    joined = edge("condition1", "response3", "true")
    assert told(flow(CONDITION, BYE, edges=(joined,)), flow(CONDITION), bob) == [
        ("Removed Response response3", "Message: Bye!", None),
    ]


def test_a_connection_that_leads_elsewhere(bob: Actor) -> None:
    other = node("response", "response4", label="Thanks", message="Thank you")
    nodes = (CONDITION, BYE, other)
    before = flow(*nodes, edges=(edge("condition1", "response3", "false"),))
    after = flow(*nodes, edges=(edge("condition1", "response4", "false"),))
    assert told(before, after, bob) == [
        ("Connected Condition condition1 (False) to Response “Thanks”", None, None),
        ("Disconnected Condition condition1 (False) from Response response3", None, None),
    ]


def test_settings_are_called_what_the_form_calls_them(bob: Actor) -> None:
    before = flow(node("loop", "loop1", mode="list", items="{{items}}"))
    after = flow(node("loop", "loop1", mode="while", condition="true", label="All", items="x"))
    assert told(before, after, bob) == [
        ("Loop “All”: Name", "Empty", "All"),
        ("Loop “All”: Repeats", "For each item of a list", "While a condition holds"),
        ("Loop “All”: List", "{{items}}", None),
        ("Loop “All”: Condition", None, "true"),
    ]


def test_rows_are_told_by_what_their_boxes_are_called(bob: Actor) -> None:
    row = {"id": "c1", "label": "Big", "condition": "total > 9"}
    after = flow(node("switch", "switch1", cases=[row]))
    ((label, before, now),) = told(flow(node("switch", "switch1", cases=[])), after, bob)
    assert (label, before) == ("Switch switch1: Cases", "Empty")
    assert now == "Name: Big, Condition: total > 9"


def test_what_is_chosen_is_told_by_its_name(bob: Actor) -> None:
    values = {"header": "X-Key", "value": "secret"}
    key = credentials.create(bob, name="Shop", kind="http", values={"scheme": "header", **values})
    before = flow(node("http", "http1", url="https://a.example"))
    after = flow(node("http", "http1", url="https://a.example", credential_id=str(key.pk)))
    assert told(before, after, bob) == [("HTTP request http1: Credential", "Empty", "Shop")]


def test_moves_are_one_line(bob: Actor) -> None:
    far = node("condition", "condition1", at=99, condition="vip")
    also = node("response", "response3", at=9, message="Bye!")
    assert told(flow(CONDITION, BYE), flow(far, also), bob) == [("Moved 2 nodes", None, None)]
    ((one, *_),) = told(flow(CONDITION, BYE), flow(far, BYE), bob)
    assert one == "Moved Condition condition1"


def test_a_connection_is_told_once_it_leads_somewhere(bob: Actor) -> None:
    none, whole = edge("", ""), edge("condition1", "response3", "true")
    nodes = (CONDITION, BYE)
    assert told(flow(*nodes), flow(*nodes, edges=(none,)), bob) == []
    words = ("Connected Condition condition1 (True) to Response response3", None, None)
    assert told(flow(*nodes, edges=(none,)), flow(*nodes, edges=(whole,)), bob) == [words]


def test_what_no_form_shows_is_not_told(bob: Actor) -> None:
    renamed = {**edge("condition1", "response3", "true"), "id": "other"}
    before = flow(CONDITION, BYE, edges=(edge("condition1", "response3", "true"),))
    complete = node("response", "response3", message="Bye!", label="", choices=[])
    assert told(before, flow(CONDITION, complete, edges=(renamed,)), bob) == []


def test_one_that_becomes_another_kind_goes_and_comes(bob: Actor) -> None:
    words = [each[0] for each in told(flow(BYE), flow(node("delay", "response3")), bob)]
    assert words == ["Added Delay response3", "Removed Response response3"]


def test_the_history_says_the_same(redis_clean: None, bob: Actor) -> None:
    draft = creating.create(bob, FLOWS, {})
    joined = edge("start", "response3")
    coming = {"nodes": {"response3": {**BYE}}, "edges": {"e_start_response3": joined}}
    editing.patch(bob, FLOWS, draft.id, coming)
    editing.patch(bob, FLOWS, draft.id, {"nodes": {"response3": {"data": {"message": "Hi"}}}})
    editing.patch(bob, FLOWS, draft.id, {"nodes": {"response3": {"position": {"x": 7, "y": 0}}}})
    editing.patch(bob, FLOWS, draft.id, {"nodes": {"response3": None}, "edges": None})
    editing.undo(bob, FLOWS, draft.id)
    editing.redo(bob, FLOWS, draft.id)
    editing.restore(bob, FLOWS, draft.id, 1)
    assert [entry.summary for entry in editing.history(bob, FLOWS, draft.id)] == [
        "Restored an earlier version: Workflow",
        "Redid: Removed Response response3",
        "Undid: Removed Response response3",
        "Removed Response response3",
        "Moved Response response3",
        "Changed Response response3: Message",
        "Added Response response3. Connected Start to Response response3",
        "Created",
    ]


def test_the_history_tells_each_change_beside_its_own_moment(redis_clean: None, bob: Actor) -> None:
    draft = creating.create(bob, FLOWS, {"nodes": [node("trigger", "start"), BYE]})
    for label in ("One", "Two"):
        editing.patch(bob, FLOWS, draft.id, {"nodes": {"response3": {"data": {"label": label}}}})
    assert [entry.summary for entry in editing.history(bob, FLOWS, draft.id)] == [
        "Changed Response “Two”: Name",
        "Changed Response “One”: Name",
        "Created",
    ]
    now = open_draft(bob, FLOWS, draft.id)
    assert now.data["nodes"][1]["data"]["label"] == "Two"


def test_the_history_says_where_nothing_is_written_yet(redis_clean: None, bob: Actor) -> None:
    draft = creating.create(bob, FLOWS, {"nodes": [node("trigger", "start"), BYE]})
    row = {"links": [{"label": "", "url": ""}]}
    editing.patch(bob, FLOWS, draft.id, {"nodes": {"response3": {"data": row}}})
    newest = editing.history(bob, FLOWS, draft.id)[0]
    assert newest.summary == "Changed Response response3: Link buttons"


def test_others_changes_stay_beside_those_of_the_flow(bob: Actor) -> None:
    changes = [PlannedChange("name", "A", "B"), PlannedChange("nodes.x", None, {})]
    words = in_words(FLOWS, changes, Between(), bob)
    assert [each["label"] for each in words] == ["Name"]
