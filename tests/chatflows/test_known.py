"""The ``/`` menu in a node's settings offers what can be read there, the nearest first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
import pytest
from django.test import Client

from chatflows.canvas import faults_in
from chatflows.checking.reach import Reach
from chatflows.drawn import drawing_of
from chatflows.expressions.functions.function import FUNCTIONS
from chatflows.known import known_at
from chatflows.runs.last import Last
from conversations import preview_runs
from conversations.outcome import Outcome
from conversations.turn import Turn
from drafts import creating
from drafts.builder.frame import Frame
from drafts.builder.opened import Opened
from drafts.types import draft_types
from tests.support.people import member, signed_in
from workspaces.models import Role

if TYPE_CHECKING:
    from drafts.draft import Draft
    from workspaces.access import Actor

FLOW: dict[str, Any] = {
    "name": "Known",
    "nodes": [
        {"id": "start", "type": "trigger"},
        {
            "id": "llm1",
            "type": "llm",
            "data": {
                "label": "Classify",
                "prompt": "{{input}}",
                "output": [{"name": "intent", "type": "text"}],
            },
        },
        {"id": "loop1", "type": "loop", "data": {"items": "{{llm1.text}}"}},
        {"id": "http1", "type": "http", "data": {"url": "https://example.com/{{loop1.item}}"}},
        {"id": "response1", "type": "response", "data": {"message": "{{http1.body}}"}},
        {"id": "aside", "type": "template", "data": {"template": "x"}},
    ],
    "edges": [
        {"id": "e1", "source": "start", "target": "llm1"},
        {"id": "e2", "source": "llm1", "target": "loop1"},
        {"id": "e3", "source": "loop1", "sourceHandle": "body", "target": "http1"},
        {"id": "e4", "source": "http1", "target": "loop1"},
        {"id": "e5", "source": "loop1", "target": "response1"},
    ],
    "variables": [{"name": "plan", "type": "text", "default": "Free"}],
}


def known(
    node_id: str, values: dict[str, Any] | None = None, given: dict[str, Any] | None = None
) -> dict[str, dict[str, str]]:
    """Each group's names with their hints."""
    drawing = drawing_of(FLOW)
    groups = known_at(drawing, Reach(drawing), node_id, Last(values or {}, given or {}), FLOW)
    return {
        group["label"]: {each["name"]: each["hint"] for each in group["variables"]}
        for group in groups
    }


def test_only_what_comes_before_is_offered_the_nearest_first() -> None:
    assert list(known("llm1")) == ["Variables", "Every run", "Functions"]
    assert list(known("loop1"))[:2] == ["HTTP request · http1", "Classify · LLM"]
    found = known("response1")
    assert list(found)[:2] == ["Loop · loop1", "HTTP request · http1"]
    assert "llm1.intent" in found["Classify · LLM"]
    assert found["Variables"] == {"plan": "Free"}
    assert set(found["Every run"]) == {"input", "channel"}


def test_what_every_run_knows_is_told_as_the_last_one_had_it() -> None:
    found = known("response1", given={"input": "Hello", "channel": "preview", "plan": "Pro"})
    assert found["Every run"] == {"input": "Text · Hello", "channel": "Text · preview"}
    assert found["Variables"] == {"plan": "Text · Pro"}


def test_an_entry_that_cannot_be_read_hides_none_of_the_others() -> None:
    parts = [
        {"name": "", "type": "text"},
        {"name": "intent", "type": "text"},
        {"name": "sure", "type": "of what"},
        {"name": "urgency", "type": "number"},
    ]
    data = {"label": "Classify", "prompt": "{{input}}", "output": parts}
    unready = {"id": "llm1", "type": "llm", "data": data}
    drawing = drawing_of({**FLOW, "nodes": [FLOW["nodes"][0], unready, *FLOW["nodes"][2:]]})
    assert set(drawing.nodes["llm1"].faults) == {"output.0.name", "output.2.type"}
    groups = known_at(drawing, Reach(drawing), "response1", Last(), FLOW)
    [classify] = [each["variables"] for each in groups if each["label"] == "Classify · LLM"]
    offered = {each["name"] for each in classify}
    assert {"llm1.intent", "llm1.urgency"} <= offered
    assert not offered & {"llm1.", "llm1.sure"}


def test_what_a_start_brings_along_is_offered() -> None:
    start = {"id": "start", "type": "trigger", "data": {"trigger_type": "webhook"}}
    drawing = drawing_of({**FLOW, "nodes": [start, *FLOW["nodes"][1:]]})
    groups = known_at(drawing, Reach(drawing), "llm1", Last({"start": {"body": {"id": 7}}}), FLOW)
    offered = [each["name"] for each in groups[0]["variables"]]
    assert offered == [
        f"start.{name}" for name in ("body", "body.id", "headers", "query", "message")
    ]


def test_a_round_is_known_in_the_loop_alone() -> None:
    assert {"loop1.item", "loop1.index"} <= known("http1")["Loop · loop1"].keys()
    assert known("response1")["Loop · loop1"].keys() == {"loop1.results", "loop1.count"}


def test_what_is_wrong_is_offered_where_a_run_goes_on_after_it() -> None:
    loop = {**FLOW["nodes"][2], "data": {"items": "{{llm1.text}}", "on_error": "continue"}}
    drawing = drawing_of({**FLOW, "nodes": [*FLOW["nodes"][:2], loop, *FLOW["nodes"][3:]]})

    def offered(node_id: str) -> set[str]:
        groups = known_at(drawing, Reach(drawing), node_id, Last(), FLOW)
        return {each["name"] for group in groups for each in group["variables"]}

    assert "loop1.error" in offered("response1")
    assert not {"loop1.error", "llm1.error"} & offered("http1")


def test_the_last_run_tells_what_it_was() -> None:
    body = {"id": 17, "open": True, "not a name": 1, "lines": ["a", "b"]}
    values = {"http1": {"status": 200, "body": body}, "llm1": {"text": "word " * 20}}
    found = known("response1", values)
    http = found["HTTP request · http1"]
    assert http["http1.status"] == "Number · 200"
    assert http["http1.body.id"] == "Number · 17"
    assert http["http1.body.open"] == "True or false · true"
    assert "http1.body.not a name" not in http
    assert found["Classify · LLM"]["llm1.text"] == "Text · word word word word word word word word…"


@pytest.mark.django_db
@pytest.mark.usefixtures("redis_clean")
def test_the_menu_asks_for_one_node(bob: Actor, mallory: Actor) -> None:
    draft = creating.create(bob, draft_types.get("chatflow"), FLOW)
    url = f"/w/{bob.workspace.slug}/chatflows/draft/{draft.id}/nodes/%s/known/"
    client = Client()
    assert bob.user
    client.force_login(bob.user)
    told = client.get(url % "response1").json()
    assert told["create"] == "variables"
    assert told["groups"][0]["label"] == "Loop · loop1"
    assert client.get(url % "nobody").status_code == 404
    _ran(draft, "said in a run")
    assert "said in a run" in client.get(url % "response1").content.decode()
    signed_in(client, member("Vi", bob.workspace, Role.VIEWER))
    assert "said in a run" not in client.get(url % "response1").content.decode()
    assert mallory.user
    client.force_login(mallory.user)
    assert client.get(url % "response1").status_code == 404


@pytest.mark.django_db
@pytest.mark.usefixtures("redis_clean")
def test_faults_say_where_they_are(bob: Actor) -> None:
    wrong = {
        "id": "switch1",
        "type": "switch",
        "data": {"cases": [{"id": "way1", "label": "A", "condition": "inptu == 1"}]},
    }
    late = {"id": "llm1", "type": "llm", "data": {"prompt": "Hi {{response1.x}}"}}
    nodes = [each for each in FLOW["nodes"] if each["id"] != "llm1"]
    kind = draft_types.get("chatflow")
    draft = creating.create(bob, kind, FLOW | {"nodes": [*nodes, late, wrong]})
    opened = Opened(bob, kind, draft)
    frame = Frame(opened, opened.step("workflow"))
    faults = faults_in(opened, frame.issues)
    assert [(each["path"], each["column"]) for each in faults["switch1"]] == [
        ("nodes.switch1.data.cases.way1.condition", 1)
    ]
    assert [(each["path"], each["column"]) for each in faults["llm1"]] == [
        ("nodes.llm1.data.prompt", 6)
    ]
    told = frame.messages(["nodes.switch1.data.cases"])
    assert "inptu" in told["nodes.switch1.data.cases"]


def _ran(draft: Draft, text: str) -> None:
    """Keep the record of a run in which the model said so."""
    outcome = Outcome(Turn("Hi"), "p-1", status="whole", whole=[])
    record = preview_runs.record_of(outcome, draft.version)
    record["steps"] = [{"node_id": "llm1", "output": {"text": text}}]
    preview_runs.keep(draft.workspace_id, draft.id, record, draft.expires_at)


def test_what_a_schema_names_is_offered_as_deep_as_it_goes() -> None:
    schema = {
        "type": "object",
        "properties": {
            "order": {"type": "object", "properties": {"id": {"type": "string"}}},
            "items": {
                "type": "array",
                "items": {"type": "object", "properties": {"name": {"type": "string"}}},
            },
        },
    }
    data = {"prompt": "x", "output_type": "schema", "output_schema": orjson.dumps(schema).decode()}
    nodes = [{**each, "data": data} if each["id"] == "llm1" else each for each in FLOW["nodes"]]
    drawing = drawing_of({**FLOW, "nodes": nodes})
    values = {"llm1": {"items": [{"name": "Tea"}]}}
    groups = known_at(drawing, Reach(drawing), "loop1", Last(values), FLOW)
    offered = {each["name"]: each["hint"] for group in groups for each in group["variables"]}
    assert {name: hint for name, hint in offered.items() if name.startswith("llm1")} == {
        "llm1.text": "",
        "llm1.order": "",
        "llm1.order.id": "",
        "llm1.items": 'List · [{"name":"Tea"}]',
        "llm1.items[0]": 'Object · {"name":"Tea"}',
        "llm1.items[0].name": "Text · Tea",
    }


def test_functions_are_offered_after_what_can_be_read() -> None:
    drawing = drawing_of(FLOW)
    *_before, functions = known_at(drawing, Reach(drawing), "llm1", Last(), FLOW)
    offered = {each["name"]: each for each in functions["variables"]}
    assert offered.keys() == FUNCTIONS.keys()
    assert offered["split"]["label"] == "split(text, separator)"
    assert offered["concat"]["label"] == "concat(lists …)"
    assert offered["split"]["hint"] == FUNCTIONS["split"].help
    assert next(iter(offered)) == "default"


def test_what_people_named_comes_first_then_the_main_thing() -> None:
    assert list(known("loop1")["Classify · LLM"]) == ["llm1.intent", "llm1.text"]
    assert next(iter(known("response1")["HTTP request · http1"])) == "http1.body"
