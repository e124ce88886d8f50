"""What a node's form says, made from its settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.forms import ChoiceField
from django.urls import reverse

from chatflows.canvas import canvas_data
from chatflows.forms.node_fields import fields_of
from chatflows.forms.rows import RowsInput
from chatflows.nodes import NODES
from drafts import creating
from drafts.builder.opened import Opened
from drafts.types import draft_types

if TYPE_CHECKING:
    from workspaces.access import Actor


def test_each_list_names_what_is_added_to_it() -> None:
    said = {
        f"{node.kind}.{name}": field.widget.adds
        for node in NODES
        for name, field in fields_of(node.settings).items()
        if isinstance(field.widget, RowsInput)
    }
    assert said["switch.cases"] == "Add a case"
    assert said["http.headers"] == "Add a header"
    assert all(said.values())


@pytest.mark.django_db
@pytest.mark.usefixtures("redis_clean")
def test_examples_call_the_node_as_it_is_called_itself(bob: Actor) -> None:
    draft_type = draft_types.get("chatflow")
    nodes = [{"id": each, "type": "llm", "data": {"prompt": "x"}} for each in ("llm1", "llm2")]
    nodes.append({"id": "condition1", "type": "condition", "data": {}})
    draft = creating.create(bob, draft_type, {"name": "Flow", "nodes": nodes})
    form = Opened(bob, draft_type, draft).form(draft_type.step("workflow"))
    assert form is not None
    assert "{{llm2.intent}}" in form.fields["nodes.llm2.data.output"].help_text
    assert "{{llm1.intent}}" in form.fields["nodes.llm1.data.output"].help_text
    assert "{{llm1.intent}}" in form.fields["nodes.condition1.data.condition"].help_text


@pytest.mark.django_db
@pytest.mark.usefixtures("redis_clean")
def test_a_case_counts_before_it_is_filled_in(bob: Actor) -> None:
    data = {"cases": [{"id": "way1", "label": "", "condition": ""}]}
    flow = {"name": "Flow", "nodes": [{"id": "switch1", "type": "switch", "data": data}]}
    draft = creating.create(bob, draft_types.get("chatflow"), flow)
    [node] = canvas_data(Opened(bob, draft_types.get("chatflow"), draft), ())["nodes"]
    assert node["summary"] == "1 case"


@pytest.mark.django_db
@pytest.mark.usefixtures("redis_clean")
def test_what_is_offered_can_be_chosen_or_made(bob: Actor) -> None:
    draft_type = draft_types.get("chatflow")
    nodes = [
        {"id": "kb1", "type": "knowledge_base", "data": {}},
        {"id": "start", "type": "trigger", "data": {"timezone": "GMT0"}},
    ]
    draft = creating.create(bob, draft_type, {"name": "Flow", "nodes": nodes})
    form = Opened(bob, draft_type, draft).form(draft_type.step("workflow"))
    assert form is not None
    place = reverse("drafts:new", args=(bob.workspace.slug, "kb"))
    assert f'href="{place}"' in form.fields["nodes.kb1.data.kb_id"].help_text
    zones = form.fields["nodes.start.data.timezone"]
    assert isinstance(zones, ChoiceField)
    offered = [name for name, _label in zones.choices]  # type: ignore[misc, union-attr]
    assert {"UTC", "Europe/Berlin", "America/New_York", "GMT0"} <= set(offered)  # what it has, too
    assert not {"Factory", "localtime", "Etc/GMT+1", "posixrules"} & set(offered)


@pytest.mark.django_db
@pytest.mark.usefixtures("redis_clean")
@pytest.mark.parametrize("where", ["http1.credential_id", "agent1.servers", "start.credential_id"])
def test_whoever_may_store_credentials_is_led_there(alice: Actor, bob: Actor, where: str) -> None:
    draft_type = draft_types.get("chatflow")
    kinds = {"http1": "http", "agent1": "agent", "start": "trigger"}
    nodes = [{"id": node_id, "type": kind, "data": {}} for node_id, kind in kinds.items()]
    draft = creating.create(alice, draft_type, {"name": "Flow", "nodes": nodes})
    node_id, setting = where.split(".")
    told = {}
    for actor in (alice, bob):
        form = Opened(actor, draft_type, draft).form(draft_type.step("workflow"))
        assert form is not None
        box = form[f"nodes.{node_id}.data.{setting}"]
        told[actor] = f"{box} {box.help_text}"
    place = reverse("workspaces:create-credential", args=(alice.workspace.slug, "http"))
    assert f'href="{place}"' in told[alice]
    assert place not in told[bob]
    assert "An admin of the workspace can store a credential." in told[bob]
