"""A flow can be drawn as a list: without a script, and with one by single operations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from drafts import creating, editing
from drafts.access import open_draft
from drafts.types import draft_types
from tests.chatflows.test_subflows import HELLO, deployed, document, runs

if TYPE_CHECKING:
    from django.http import HttpResponse

    from drafts.draft import Draft
    from workspaces.access import Actor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("redis_clean")]

FLOW: dict[str, Any] = {
    "name": "Small",
    "nodes": [
        {"id": "start", "type": "trigger", "position": {"x": 40, "y": 100}},
        {"id": "condition1", "type": "condition", "data": {"condition": "input == 'a'"}},
        {"id": "response1", "type": "response", "data": {"message": "Hello"}},
    ],
    "edges": [{"id": "e1", "source": "start", "target": "condition1"}],
}


class Page:
    """Bob's Workflow step as a list."""

    def __init__(self, bob: Actor) -> None:
        self.bob, self.kind = bob, draft_types.get("chatflow")
        self.id = creating.create(bob, self.kind, FLOW).id
        self.url = f"/w/{bob.workspace.slug}/chatflows/draft/{self.id}/workflow/"
        self.client = Client()
        assert bob.user
        self.client.force_login(bob.user)

    @property
    def draft(self) -> Draft:
        return open_draft(self.bob, self.kind, self.id)

    def item(self, part: str, key: str) -> dict[str, Any]:
        return next(each for each in self.draft.data[part] if each["id"] == key)

    def shown(self, focus: str = "") -> str:
        return self.client.get(f"{self.url}?view=list&focus={focus}").content.decode()

    def post(self, focus: str, fields: dict[str, str], *, script: bool = False) -> HttpResponse:
        headers = {"HX-Request": "true"} if script else {}
        url = f"{self.url}?view=list&focus={focus}"
        return self.client.post(url, fields, headers=headers)  # type: ignore[return-value]


@pytest.fixture
def page(bob: Actor) -> Page:
    return Page(bob)


def test_a_row_tells_of_a_node_and_where_it_leads(page: Page) -> None:
    shown = page.shown()
    assert "Edit Condition" in shown
    assert "→ Condition" in shown
    assert "The branch “True” leads nowhere. Connect it." in shown
    opened = page.shown("nodes.condition1")
    assert '<option value="true">True</option>' in opened
    assert '<option value="start">' not in opened  # nothing leads to a start


def test_a_page_without_a_script_changes_what_it_shows_alone(page: Page) -> None:
    before = page.draft.data
    answer = page.post("", {"_version": str(page.draft.version)})
    assert answer.status_code == 302
    assert page.draft.data == before
    fields = {"nodes.response1.data.message": "Bye", "nodes.response1.data.label": "End"}
    page.post("nodes.response1", fields)
    assert page.item("nodes", "response1")["data"]["message"] == "Bye"
    assert page.item("nodes", "condition1")["data"] == {"condition": "input == 'a'"}


def test_a_canvas_without_a_script_changes_nothing(page: Page) -> None:
    before = page.draft.data
    page.client.post(page.url, {"_version": str(page.draft.version)})
    assert page.draft.data == before


@pytest.mark.parametrize("script", [False, True])
def test_a_node_is_added_connected_and_removed(page: Page, *, script: bool) -> None:
    answer = page.post("", {"_op": "add:nodes:llm1"}, script=script)
    leads = "workflow/?view=list&focus=nodes.llm1"
    if script:
        assert leads.replace("&", "\\u0026") in answer.content.decode()
    else:
        assert leads in answer["Location"]
    assert page.item("nodes", "llm1")["position"] == {"x": 40, "y": 260}  # below the others
    connect = {
        "_op": "add:edges",
        "_new:edges:source": "condition1",
        "_new:edges:sourceHandle": "true",
        "_new:edges:target": "response1",
        "_new:edges:id": "e1",
    }
    page.post("nodes.condition1", connect, script=script)
    made = page.item("edges", "e_1")
    assert made == {
        "id": "e_1", "source": "condition1", "sourceHandle": "true", "target": "response1"
    }  # fmt: skip
    page.post("edges.e_1", {"_op": "remove:edges:e_1"}, script=script)
    page.post("", {"_op": "remove:nodes:condition1"}, script=script)
    assert not page.draft.data.get("edges")
    assert [each["id"] for each in page.draft.data["nodes"]] == ["start", "response1", "llm1"]


@pytest.mark.parametrize("script", [False, True])
def test_who_connects_stays_where_they_are(page: Page, *, script: bool) -> None:
    connect = {
        "_op": "add:edges", "_new:edges:source": "condition1",
        "_new:edges:sourceHandle": "true", "_new:edges:target": "response1",
    }  # fmt: skip
    answer = page.post("nodes.condition1", connect, script=script)
    if script:
        told = answer.content.decode()
        assert 'id="list-nodes"' in told
        assert '"done": {}' in told
    else:
        assert "focus=nodes.condition1#" in answer["Location"]
    assert '<p class="muted">True → Response response1</p>' in page.shown("nodes.condition1")


@pytest.mark.parametrize("script", [False, True])
def test_a_node_is_added_after_another(page: Page, *, script: bool) -> None:
    """One that can be led to, with the connection that leads there; its settings are shown."""
    assert "focus=nodes.condition1.next" in page.shown()
    opened = page.shown("nodes.condition1.next")
    fresh = opened.partition('<optgroup label="A new node">')[2].partition("</optgroup>")[0]
    assert '<option value="response2">New: Response</option>' in fresh
    assert "trigger" not in fresh
    after = {"_op": "add:edges", "_new:edges:source": "condition1", "_new:edges:sourceHandle": ""}
    before = page.draft.version
    answer = page.post(
        "nodes.condition1", after | {"_new:edges:target": "response2"}, script=script
    )
    leads = "focus=nodes.response2"
    assert leads in (answer.content.decode() if script else answer["Location"])
    assert page.item("nodes", "response2")["type"] == "response"
    assert page.item("edges", "e_1")["target"] == "response2"
    if script:
        assert page.draft.version == before + 1
    page.post("nodes.condition1", after | {"_new:edges:target": "nothing1"}, script=script)
    assert len(page.draft.data["nodes"]) == 4


def test_a_node_is_moved_and_stays_open(page: Page) -> None:
    answer = page.post("nodes.response1", {"_op": "up:nodes:response1"}, script=True)
    assert [e["id"] for e in page.draft.data["nodes"]] == ["start", "response1", "condition1"]
    assert 'name="nodes.response1.data.message"' in answer.content.decode()


def test_a_connection_leads_elsewhere(page: Page) -> None:
    fields = {"_changed": "edges.e1.target", "edges.e1.target": "response1"}
    answer = page.post("edges.e1", fields, script=True)
    assert page.item("edges", "e1")["target"] == "response1"
    assert "→ Response" in answer.content.decode()


def test_what_others_change_is_drawn_anew(page: Page) -> None:
    base = page.draft.version
    page.post("", {"_op": "add:nodes:llm1"}, script=True)
    fields = {"_changed": "nodes.response1.data.message", "nodes.response1.data.message": "x"}
    url = f"{page.url}?view=list&focus=nodes.response1"
    headers = {"HX-Request": "true", "If-Match": f'"{base}"'}
    told = page.client.post(url, fields, headers=headers).content.decode()
    assert '"lists": ["nodes"]' in told
    part = page.client.get(f"{url}&list=nodes", headers={"HX-Request": "true"}).content.decode()
    assert "llm1" in part
    assert part.count('name="nodes.response1.data.message"') == 1


def test_a_flow_that_is_run_is_called_by_its_name(page: Page) -> None:
    other = deployed(page.bob, document("Find the order", HELLO))
    added = {"nodes": {"sub1": {"type": "subflow", "data": runs(other)["data"]}}}
    editing.change(page.bob, page.kind, page.id, lambda _document: added)
    assert "Find the order" in page.shown()


def test_the_settings_are_headed_by_a_name_or_the_kind_and_by_the_id(bob: Actor) -> None:
    page = Page(bob)
    url = page.url.replace("workflow/", "nodes/condition1/")
    head = page.client.get(url).content.decode()
    assert 'data-unnamed="Condition">Condition</h2><code>condition1</code>' in head
    editing.patch(
        bob, page.kind, page.id, {"nodes": {"condition1": {"data": {"label": "Is it a"}}}}
    )
    assert ">Is it a</h2><code>condition1</code>" in page.client.get(url).content.decode()


def test_a_loop_says_how_many_rounds_the_flow_allows(page: Page) -> None:
    added = {"nodes": {"loop1": {"type": "loop"}}}
    editing.patch(page.bob, page.kind, page.id, added)
    assert "which is 10 (step Settings)" in page.shown("nodes.loop1")
    editing.patch(page.bob, page.kind, page.id, {"settings": {"max_iterations": 25}})
    assert "which is 25 (step Settings)" in page.shown("nodes.loop1")
