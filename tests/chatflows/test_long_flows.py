"""What the builder does for one node does not grow with the nodes of the flow."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from chatflows.forms.workflow import WorkflowForm
from drafts import creating
from drafts.types import draft_types

if TYPE_CHECKING:
    from workspaces.access import Actor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("redis_clean")]


def flow_of(nodes: int) -> dict[str, Any]:
    """A chain of models' nodes: m0, m1, …"""
    models = [{"id": f"m{n}", "type": "llm", "data": {"prompt": "{{input}}"}} for n in range(nodes)]
    chain = ["start", *(each["id"] for each in models), "end"]
    return {
        "name": "Long",
        "nodes": [
            {"id": "start", "type": "trigger"},
            *models,
            {"id": "end", "type": "response", "data": {"message": "{{m0}}"}},
        ],
        "edges": [
            {"id": f"e{n}", "source": source, "target": target}
            for n, (source, target) in enumerate(pairwise(chain))
        ],
    }


class Canvas:
    """Bob's Workflow step of a flow with that many models."""

    def __init__(self, bob: Actor, nodes: int) -> None:
        draft = creating.create(bob, draft_types.get("chatflow"), flow_of(nodes))
        self.base = f"/w/{bob.workspace.slug}/chatflows/draft/{draft.id}"
        self.client = Client()
        assert bob.user
        self.client.force_login(bob.user)

    def open(self, path: str) -> tuple[str, int]:
        """The page, and how many queries it took."""
        with CaptureQueriesContext(connection) as queries:
            answer = self.client.get(self.base + path)
        assert answer.status_code == 200
        return answer.content.decode(), len(queries)


@pytest.mark.parametrize("path", ["/workflow/", "/workflow/?view=list", "/nodes/m1/"])
def test_a_long_flow_asks_the_database_no_more(bob: Actor, path: str) -> None:
    short, long = Canvas(bob, 2), Canvas(bob, 30)
    for canvas in (short, long):
        canvas.open(path)  # what is remembered between requests is
    assert short.open(path)[1] == long.open(path)[1]


def test_the_settings_of_a_node_are_its_alone(bob: Actor) -> None:
    page, _queries = Canvas(bob, 5).open("/nodes/m1/")
    assert 'name="nodes.m1.data.prompt"' in page
    assert "nodes.m2." not in page


def test_only_what_a_form_is_about_is_made() -> None:
    document = flow_of(5)
    kind = draft_types.get("chatflow")
    whole = WorkflowForm(draft_type=kind, document=document)
    one = WorkflowForm(draft_type=kind, document=document, below=["nodes.m1"])
    of_node = [name for name in whole.fields if name.startswith("nodes.m1.")]
    assert list(one.fields) == of_node
    assert [one.shown(name) for name in of_node] == [whole.shown(name) for name in of_node]
    assert not WorkflowForm(draft_type=kind, document=document, below=()).fields
    assert set(WorkflowForm(draft_type=kind, document=document, below=["edges"]).fields) == {
        name for name in whole.fields if name.startswith("edges.")
    }


def test_the_list_has_the_fields_of_one_item_alone(bob: Actor) -> None:
    canvas = Canvas(bob, 200)
    closed, _queries = canvas.open("/workflow/?view=list")
    assert len(closed) < 200_000
    assert closed.count('class="flow-row"') == 202
    assert not re.findall(r'name="(?:nodes|edges)\.', closed)
    node, _queries = canvas.open("/workflow/?view=list&focus=nodes.m7.data.prompt")
    assert {name.split(".")[1] for name in re.findall(r'name="(nodes\.[^"]+)"', node)} == {"m7"}
    edge, _queries = canvas.open("/workflow/?view=list&focus=edges.e7")
    assert {name.split(".")[1] for name in re.findall(r'name="(edges\.[^"]+)"', edge)} == {"e7"}
    assert edge.count("<option") < 600  # where one connection can begin and lead to
