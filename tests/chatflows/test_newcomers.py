"""Nodes that a canvas makes: who comes second with a name gets the next, and copies read copies."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connections
from django.test import Client

from drafts import creating, editing
from drafts.access import open_draft
from drafts.newcomers import told_apart, told_before
from drafts.types import draft_types
from tests.builder.screen import state

if TYPE_CHECKING:
    from workspaces.access import Actor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("redis_clean")]

FLOW: dict[str, Any] = {
    "name": "Small",
    "nodes": [
        {"id": "start", "type": "trigger", "position": {"x": 0, "y": 0}},
        {"id": "llm1", "type": "llm", "position": {"x": 300, "y": 0}, "data": {"prompt": "Hi"}},
    ],
    "edges": [{"id": "e1", "source": "start", "target": "llm1"}],
}


class Canvas:
    """One person's canvas, as the page of version ``base`` posts it."""

    def __init__(self, actor: Actor, draft_id: str, base: int = 1) -> None:
        self.actor, self.base, self.draft_id = actor, base, draft_id
        self.url = f"/w/{actor.workspace.slug}/chatflows/draft/{draft_id}/workflow/"
        self.client = Client()
        assert actor.user
        self.client.force_login(actor.user)

    def post(
        self, patch_id: str, changes: dict[str, Any], known: tuple[str, ...] = (), status: int = 200
    ) -> Any:
        posted = {name: value if isinstance(value, str) else json.dumps(value)
                  for name, value in changes.items()}  # fmt: skip
        fields = {"patch_id": patch_id, "_changed": list(posted), "_known": list(known)}
        headers = {"HX-Request": "true", "If-Match": f'"{self.base}"'}
        answer = self.client.post(self.url, fields | posted, headers=headers)
        assert answer.status_code == status, answer.content
        return state(answer)

    def add(self, patch_id: str, name: str, edge: str, known: tuple[str, ...] = ()) -> Any:
        place = {"x": 600, "y": 0}
        kind = name.rstrip("0123456789")
        made = {f"nodes.{name}.type": kind, f"nodes.{name}.position": place}
        return self.post(patch_id, made | {f"edges.{edge}": leads("llm1", name)}, known)

    @property
    def data(self) -> dict[str, Any]:
        return open_draft(self.actor, draft_types.get("chatflow"), self.draft_id).data

    @property
    def nodes(self) -> dict[str, Any]:
        return {node["id"]: node for node in self.data["nodes"]}

    @property
    def ends(self) -> dict[str, str]:
        return {edge["id"]: edge["target"] for edge in self.data["edges"]}


def leads(source: str, target: str) -> dict[str, Any]:
    return {"source": source, "target": target, "sourceHandle": None}


@pytest.fixture
def canvases(alice: Actor, bob: Actor) -> tuple[Canvas, Canvas]:
    draft = creating.create(alice, draft_types.get("chatflow"), FLOW)
    return Canvas(alice, draft.id), Canvas(bob, draft.id)


def test_the_second_of_two_gets_the_next_number(canvases: tuple[Canvas, Canvas]) -> None:
    alice, bob = canvases
    assert alice.add("a", "llm2", "e_a")["renamed"] == []
    told = bob.add("b", "llm2", "e_b")
    assert told["renamed"] == [["nodes.llm2", "nodes.llm3"]]
    assert told["conflicts"] == []
    assert list(alice.nodes) == ["start", "llm1", "llm2", "llm3"]
    assert alice.ends == {"e1": "llm1", "e_a": "llm2", "e_b": "llm3"}
    # Whoever hears no answer asks again, and hears the same.
    assert bob.add("b", "llm2", "e_b")["renamed"] == [["nodes.llm2", "nodes.llm3"]]
    assert alice.add("a", "llm2", "e_a")["renamed"] == []
    assert list(alice.nodes) == ["start", "llm1", "llm2", "llm3"]


def test_what_comes_later_is_not_called_like_what_is_still_to_come(
    canvases: tuple[Canvas, Canvas],
) -> None:
    alice, bob = canvases
    alice.add("a", "llm2", "e_a")
    told = bob.add("b", "llm2", "e_b", known=("llm1", "llm2", "llm3"))
    assert told["renamed"] == [["nodes.llm2", "nodes.llm4"]]
    assert bob.add("c", "llm3", "e_c")["renamed"] == []
    assert list(bob.nodes) == ["start", "llm1", "llm2", "llm4", "llm3"]


@pytest.mark.django_db(transaction=True)
def test_at_the_same_moment_nobodys_node_is_lost(canvases: tuple[Canvas, Canvas]) -> None:
    def add(number: int) -> Any:
        try:
            return canvases[number % 2].add(f"p{number}", "llm2", f"e_{number}")["renamed"]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        renames = list(pool.map(add, range(6)))
    alice = canvases[0]
    names = [dict(each).get("nodes.llm2", "nodes.llm2") for each in renames]
    assert sorted(names) == [f"nodes.llm{number}" for number in range(2, 8)]
    for number, name in enumerate(names):
        assert alice.ends[f"e_{number}"] == name.removeprefix("nodes.")


def test_settings_that_are_posted_along_read_the_new_name(canvases: tuple[Canvas, Canvas]) -> None:
    alice, bob = canvases
    alice.add("a", "llm2", "e_a")
    bob.post(
        "b",
        {
            "nodes.llm2.type": "llm",
            "nodes.llm2.data": {"prompt": "Sum up {{ llm1.text }}"},
            "nodes.response1.type": "response",
            "nodes.response1.data": {"message": "{{ llm2.text }} and {{input}}, llm2"},
            "nodes.llm1.data.prompt": "{{ llm2.text }}",
            "edges.e_b": leads("llm2", "response1"),
        },
    )
    nodes = bob.nodes
    assert nodes["llm3"]["data"] == {"prompt": "Sum up {{ llm1.text }}"}
    assert nodes["response1"]["data"] == {"message": "{{ llm3.text }} and {{input}}, llm2"}
    assert nodes["llm1"]["data"] == {"prompt": "{{ llm3.text }}"}
    assert bob.data["edges"][-1] == {
        "id": "e_b", "source": "llm3", "sourceHandle": "", "target": "response1"
    }  # fmt: skip


def test_copies_read_the_copies_of_what_was_copied_with_them(
    canvases: tuple[Canvas, Canvas],
) -> None:
    alice, bob = canvases
    alice.add("a", "llm2", "e_a")
    copied = {"llm1": "llm2", "condition1": "condition2"}
    bob.post(
        "b",
        {
            "nodes.llm2.type": "llm",
            "nodes.llm2.data": {"prompt": "{{ http1.body }}"},
            "nodes.llm2.copied": copied,
            "nodes.condition2.type": "condition",
            "nodes.condition2.data": {"condition": "llm1.intent == 'llm1'"},
            "nodes.condition2.copied": copied,
        },
    )
    nodes = bob.nodes
    assert nodes["llm3"]["data"] == {"prompt": "{{ http1.body }}"}
    assert nodes["condition2"]["data"] == {"condition": "llm3.intent == 'llm1'"}
    assert "copied" not in nodes["condition2"]


@pytest.mark.parametrize(
    "copied",
    ["", {}, {"llm1": 5}, {"llm1": None}, {"llm1": True}, {"llm1": "a b}}"}, {"a.b": None}],
)
def test_names_that_are_none_rename_nothing(canvases: tuple[Canvas, Canvas], copied: Any) -> None:
    alice, _bob = canvases
    data = {"message": "{{ llm1.text }}"}
    made = {"nodes.r1.type": "response", "nodes.r1.data": data, "nodes.r1.copied": copied}
    alice.post("a", made)
    assert alice.nodes["r1"]["data"] == data
    assert "copied" not in alice.nodes["r1"]


def test_what_was_removed_in_the_same_breath_keeps_its_name(
    canvases: tuple[Canvas, Canvas],
) -> None:
    alice, _bob = canvases
    alice.post("a", {"nodes.llm1": "", "edges.e1": ""})
    assert list(alice.nodes) == ["start"]
    alice.base = 2
    told = alice.post("b", {"nodes.llm1.type": "llm", "edges.e1": leads("start", "llm1")})
    assert told["renamed"] == []
    assert list(alice.nodes) == ["start", "llm1"]


def test_a_change_tells_which_names_it_gave() -> None:
    fields = {f"nodes/{key}/~p": "1" for key in ("llm2", "llm9", "llm10", "a")}
    names = told_apart({"llm10", "llm9", "llm2", "a", "b"}, "nodes", fields, {"llm3"})
    assert names == {"a": "a1", "llm2": "llm1", "llm9": "llm4", "llm10": "llm5"}
    written = {"a1", "b", "llm1", "llm4", "llm5"}
    before: dict[str, str | None] = {f"nodes/{key}/~p": None for key in written}
    before |= {"nodes/llm2/~p": "1", "nodes/a1/type": None, "edges/e1/~p": None}
    assert told_before(names.keys() | {"b"}, "nodes", before) == names


def test_an_undo_takes_back_the_node_under_its_new_name(canvases: tuple[Canvas, Canvas]) -> None:
    alice, bob = canvases
    alice.add("a", "llm2", "e_a")
    bob.add("b", "llm2", "e_b")
    editing.undo(bob.actor, draft_types.get("chatflow"), bob.draft_id)
    assert list(bob.nodes) == ["start", "llm1", "llm2"]
    assert bob.ends == {"e1": "llm1", "e_a": "llm2"}


def test_what_two_people_put_into_one_connection_comes_one_after_the_other(
    canvases: tuple[Canvas, Canvas],
) -> None:
    alice, bob = canvases
    alice.post("a", put_in("e_a", "response1", {"x": 150, "y": 0}))
    told = bob.post("b", put_in("e_b", "llm2", {"x": 150, "y": 0}))
    assert told["conflicts"] == []
    leads_on = {edge["source"]: edge["target"] for edge in alice.data["edges"]}
    assert leads_on == {"start": "llm2", "llm2": "response1", "response1": "llm1"}
    # The page hears that its own connection leads elsewhere, also when it asks once more.
    for heard in (told, bob.post("b", put_in("e_b", "llm2", {"x": 150, "y": 0}))):
        assert json.loads(heard["values"]["edges.e_b"])["target"] == "response1"
    # What was moved last stands there.
    assert alice.nodes["llm1"]["position"] == {"x": 600, "y": 150}


def put_in(edge: str, name: str, place: dict[str, Any]) -> dict[str, Any]:
    """What a canvas posts of a node that is put between the start and the model."""
    return {
        f"nodes.{name}.type": name.rstrip("0123456789"),
        f"nodes.{name}.position": place,
        "nodes.llm1.position": {"x": 600, "y": place["x"]},
        "edges.e1": leads("start", name),
        f"edges.{edge}": leads(name, "llm1"),
    }


def test_whatever_else_was_done_to_a_connection_is_decided_by_people(
    canvases: tuple[Canvas, Canvas],
) -> None:
    alice, bob = canvases
    alice.post("a", put_in("e_a", "response1", {"x": 150, "y": 0}))
    other = {"nodes.response9.type": "response", "edges.e1": leads("start", "response9")}
    told = bob.post("b", other, status=409)
    [conflict] = told["conflicts"]
    assert conflict["label"] == "Connection from Start"
    assert conflict["yours_words"] == "Start → Response response9"
    assert conflict["theirs_words"] == "Start → Response response1"
    alice.base = 2
    alice.post("c", {"edges.e1": ""})
    [conflict] = bob.post("d", other, status=409)["conflicts"]
    assert conflict["theirs_words"] == "Removed"


@pytest.mark.django_db(transaction=True)
def test_whatever_many_put_in_at_the_same_moment_is_on_one_way(
    canvases: tuple[Canvas, Canvas],
) -> None:
    def add(number: int) -> None:
        try:
            there = {"x": 150, "y": number}
            canvases[number % 2].post(f"p{number}", put_in(f"e_{number}", "llm2", there))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(add, range(6)))
    leads_on = {edge["source"]: edge["target"] for edge in canvases[0].data["edges"]}
    way = ["start"]
    while way[-1] in leads_on:
        way.append(leads_on[way[-1]])
    assert way[-1] == "llm1"
    assert set(way) == {"start", *(f"llm{number}" for number in range(1, 8))}
