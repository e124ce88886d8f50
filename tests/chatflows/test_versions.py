"""Nodes as older versions of the product wrote them, from the file to the live release."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest
from asgiref.sync import async_to_sync

from chatflows.assistant import ChatflowAssistant
from chatflows.drawn import drawing_of
from chatflows.nodes import BY_KIND
from chatflows.nodes.delay import Delay
from chatflows.versions import upgraded, upgraded_document, written
from common.problems import Problem
from conversations import live
from drafts import creating, editing, entities
from drafts.access import open_draft
from drafts.deploying import deploy
from drafts.deploying.planning import plan_rollback
from drafts.models import Entity, Release
from drafts.releases import configuration_of
from drafts.types import draft_types
from drafts.validation import report
from tests.chatflows.test_subflows import _gathered

if TYPE_CHECKING:
    from workspaces.access import Actor

MEMBERS = {"format": "privexbot.draft", "format_version": 1, "type": "chatflow"}


def _named(data: dict[str, Any]) -> dict[str, Any]:
    """Version 1 said ``pause``, in milliseconds."""
    rest = {name: value for name, value in data.items() if name != "pause"}
    return rest | ({"wait": data["pause"]} if "pause" in data else {})


def _in_seconds(data: dict[str, Any]) -> dict[str, Any]:
    """Version 2 said ``wait``, in milliseconds still."""
    rest = {name: value for name, value in data.items() if name != "wait"}
    wait = data.get("wait")
    return rest | ({"seconds": wait / 1000} if isinstance(wait, (int, float)) else {})


class DelayOfToday(Delay):
    """As if the settings of a delay had had two other shapes before."""

    version = 3
    upgrades = (_named, _in_seconds)


@pytest.fixture
def older(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(BY_KIND, "delay", DelayOfToday())


def flow(**delay: Any) -> dict[str, Any]:
    return {
        "name": "Old",
        "nodes": [
            {"id": "start", "type": "trigger"},
            {"id": "d", "type": "delay", **delay},
            {"id": "say", "type": "response", "data": {"message": "{{d}} s"}},
        ],
        "edges": [
            {"id": "1", "source": "start", "target": "d"},
            {"id": "2", "source": "d", "target": "say"},
        ],
    }


OLD = flow(data={"pause": 10, "label": "Wait"})
TODAY = {"id": "d", "type": "delay", "version": 3, "data": {"seconds": 0.01, "label": "Wait"}}


def kind() -> Any:
    return draft_types.get("chatflow")


def node(document: Any, node_id: str = "d") -> dict[str, Any]:
    found: dict[str, Any] = next(e for e in document["nodes"] if e["id"] == node_id)
    return found


def without_place(found: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in found.items() if name != "position"}


@pytest.mark.usefixtures("older")
@pytest.mark.parametrize(
    "given",
    [
        {"data": {"pause": 10, "label": "Wait"}},
        {"version": 1, "data": {"pause": 10, "label": "Wait"}},
        {"version": 2, "data": {"wait": 10, "label": "Wait"}},
        {"version": 3, "data": {"seconds": 0.01, "label": "Wait"}},
    ],
)
def test_each_version_is_brought_to_todays(given: dict[str, Any]) -> None:
    item = {"id": "d", "type": "delay", **given}
    before = copy.deepcopy(item)
    assert upgraded(item) == TODAY
    assert item == before
    assert upgraded(upgraded(item)) == TODAY


@pytest.mark.usefixtures("older")
@pytest.mark.parametrize(
    "odd",
    [
        {"version": 9, "data": {}},
        {"version": "2"},
        {"version": True},
        {"version": None},
        {"version": 0},
        {"type": "unknown"},
    ],
)
def test_what_cannot_be_read_stays_as_it_is(odd: dict[str, Any]) -> None:
    item = {"id": "d", "type": "delay", **odd}
    assert upgraded(item) == item


@pytest.mark.usefixtures("older")
def test_what_is_incomplete_is_upgraded_too() -> None:
    assert upgraded({"type": "delay"}) == {"type": "delay", "version": 3}
    assert upgraded({"type": "delay", "data": 5})["data"] == 5
    assert upgraded_document({"nodes": "x"}) == {"nodes": "x"}
    assert upgraded({"type": "delay", "data": {"pause": "soon"}})["data"] == {}


@pytest.mark.usefixtures("older")
def test_an_edit_of_an_old_node_brings_all_of_it_up_to_date() -> None:
    patch = {"nodes": {"d": {"data": {"label": "Stop"}}, "say": {"position": {"x": 1}}, "x": None}}
    assert written(patch, OLD) == {
        "nodes": {
            "d": {"version": 3, "data": {"pause": None, "seconds": 0.01, "label": "Stop"}},
            "say": {"position": {"x": 1}},
            "x": None,
        }
    }
    named = {"nodes": {"d": {"version": 2, "data": {"wait": 50}}}}
    assert written(named, OLD)["nodes"]["d"]["data"]["seconds"] == 0.05
    removed = {"nodes": {"say": {"version": None, "position": {"x": 1}}}}
    assert written(removed, OLD) == {"nodes": {"say": {"position": {"x": 1}}}}
    fresh = {"nodes": {"n": {"type": "delay", "data": {"seconds": 2}}}}
    assert written(fresh, OLD)["nodes"]["n"] == {
        "type": "delay",
        "version": 3,
        "data": {"seconds": 2},
    }


def test_a_node_needs_an_upgrade_to_each_version() -> None:
    with pytest.raises(TypeError, match="needs an upgrade"):
        type("Wrong", (Delay,), {"version": 2})


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("redis_clean", "connections_returned", "older")
def test_from_an_old_file_to_a_live_release(bob: Actor) -> None:
    draft = creating.import_(bob, kind(), MEMBERS | {"data": OLD})
    assert without_place(node(draft.data)) == TODAY
    assert node(editing.export(bob, kind(), draft.id)["data"])["version"] == 3
    editing.patch(bob, kind(), draft.id, {"nodes": {"d": {"data": {"seconds": 0.02}}}})
    assert report(open_draft(bob, kind(), draft.id), bob).valid
    entity = Entity.objects.get(pk=deploy.deploy(bob, kind(), draft.id).release.entity_id)
    assert entity.live_release
    assert node(entity.live_release.configuration)["version"] == 3
    prepared = live.prepare(entity, live.Asked("Hi"))
    assert async_to_sync(_gathered)(prepared.frames())[-1].data["message"] == "0.02 s"


def _as_of_old(entity: Entity, bob: Actor) -> Entity:
    """``entity`` with a live release that the first version of the product wrote."""
    old = Release.objects.create(
        entity=entity, number=2, configuration=copy.deepcopy(OLD), schema_version=1
    )
    entity.live_release = old
    entity.save(update_fields=["live_release"])
    return Entity.objects.get(pk=entity.pk)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("redis_clean", "connections_returned", "older")
def test_an_old_release_runs_is_edited_and_comes_back(bob: Actor) -> None:
    first = creating.create(bob, kind(), flow(data={"seconds": 3}, version=3))
    entity = Entity.objects.get(pk=deploy.deploy(bob, kind(), first.id).release.entity_id)
    entity = _as_of_old(entity, bob)
    prepared = live.prepare(entity, live.Asked("Hi"))
    assert async_to_sync(_gathered)(prepared.frames())[-1].data["message"] == "0.01 s"
    draft = creating.create_from_entity(bob, entity)
    assert without_place(node(draft.data)) == TODAY
    editing.patch(bob, kind(), draft.id, {"nodes": {"d": {"data": {"seconds": 0}}}})
    deploy.deploy(bob, kind(), draft.id)
    entity = entities.open_entity(bob, kind(), entity.pk)
    assert not [each for each in plan_rollback(bob, entity, 2).changes if "version" in each.path]
    deploy.rollback(bob, entity, 2)
    again = Entity.objects.get(pk=entity.pk).live_release
    assert again
    assert without_place(node(again.configuration)) == TODAY
    frozen = Release.objects.get(entity=entity, number=2)
    assert node(frozen.configuration) == node(OLD)
    assert without_place(node(configuration_of(frozen))) == TODAY


@pytest.mark.django_db
@pytest.mark.usefixtures("redis_clean", "older")
def test_a_newer_node_is_refused_with_its_place(bob: Actor) -> None:
    newer = flow(version=4, data={"seconds": 1})
    for make, given in (
        (creating.import_, MEMBERS | {"data": newer}),
        (creating.create, newer),
    ):
        with pytest.raises(Problem) as refused:
            make(bob, kind(), given)
        (error,) = refused.value.errors
        assert error.path == "data.nodes.d.version"
        assert "newer PrivexBot: this server knows up to 3" in error.message
    draft = creating.create(bob, kind(), OLD)
    with pytest.raises(Problem) as refused:
        editing.patch(bob, kind(), draft.id, {"nodes": {"d": {"version": 4}}})
    assert refused.value.status == 422


NO_VERSIONS = [True, False, 0, -1, 1.0, 1.5, "1", [1], {}]


@pytest.mark.django_db
@pytest.mark.usefixtures("redis_clean")
@pytest.mark.parametrize("version", [*NO_VERSIONS, None])
def test_what_is_no_version_is_refused_with_its_place(bob: Actor, version: Any) -> None:
    odd = flow(version=version, data={"seconds": 1})
    draft = creating.create(bob, kind(), flow(data={"seconds": 1}))
    for change in (
        lambda: creating.import_(bob, kind(), MEMBERS | {"data": odd}),
        lambda: creating.create(bob, kind(), odd),
        lambda: editing.patch(bob, kind(), draft.id, {"nodes": odd["nodes"]}),
    ):
        with pytest.raises(Problem) as refused:
            change()
        (error,) = refused.value.errors
        assert (refused.value.status, error.path) == (422, "data.nodes.d.version")
        assert error.message.startswith("Nodes, d: Version must be a whole number")
    assert open_draft(bob, kind(), draft.id).data == draft.data


@pytest.mark.django_db
@pytest.mark.usefixtures("redis_clean")
@pytest.mark.parametrize("version", NO_VERSIONS)
def test_nor_can_a_node_that_is_there_be_given_it(bob: Actor, version: Any) -> None:
    draft = creating.create(bob, kind(), flow(data={"seconds": 1}))
    edit = {"nodes": {"d": {"version": version, "data": {"seconds": 2}}}}
    with pytest.raises(Problem) as refused:
        editing.patch(bob, kind(), draft.id, edit)
    assert (refused.value.status, len(refused.value.errors)) == (422, 1)
    assert open_draft(bob, kind(), draft.id).data == draft.data
    editing.patch(bob, kind(), draft.id, {"nodes": {"d": {"version": None}}})
    assert report(open_draft(bob, kind(), draft.id), bob).valid


@pytest.mark.parametrize("version", [*NO_VERSIONS, None])
def test_a_node_without_a_version_that_can_be_read_says_so_when_it_runs(version: Any) -> None:
    document = flow(version=version, data={"seconds": 1})
    (node,) = drawing_of(document).of_kind("delay")
    assert node.data == {"seconds": 1}
    assert "no whole number" in node.faults["version"]
    assert "no whole number" in ChatflowAssistant(document).flow.nodes["d"].fault


@pytest.mark.django_db
@pytest.mark.usefixtures("redis_clean")
def test_one_that_is_there_already_says_so(bob: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as newer:
        newer.setitem(BY_KIND, "delay", DelayOfToday())
        draft = creating.create(bob, kind(), flow(version=3, data={"seconds": 1}))
    found = report(open_draft(bob, kind(), draft.id), bob)
    at = {each.path: each for each in found.issues if each.severity == "error"}
    assert "newer" in str(at["nodes.d.version"].message)
    assert at["nodes.d.version"].node_id == "d"
    assistant = ChatflowAssistant(draft.data)
    assert "newer version" in assistant.flow.nodes["d"].fault
    with pytest.raises(Problem) as refused:
        deploy.deploy(bob, kind(), draft.id)
    assert refused.value.status == 422
