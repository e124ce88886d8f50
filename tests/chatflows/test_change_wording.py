"""What an undo says: what was done to which node, and whose change it was."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from chatflows.change_wording import in_words
from drafts import creating, editing
from drafts.types import draft_types
from tests.builder.screen import state

START = {"id": "start", "type": "trigger", "position": {"x": 0, "y": 0}}
LLM = {"id": "llm1", "type": "llm", "position": {"x": 300, "y": 0}, "data": {"label": "Classify"}}
END = {"id": "response1", "type": "response", "position": {"x": 600, "y": 0}}
FIRST = {"id": "e1", "source": "start", "target": "llm1"}


def flow(*nodes: dict[str, Any], edges: tuple[dict[str, Any], ...] = ()) -> dict[str, Any]:
    return {"name": "Small", "nodes": list(nodes), "edges": list(edges)}


BEFORE = flow(START, LLM, edges=(FIRST,))
CHANGES: list[tuple[list[str], dict[str, Any], dict[str, Any], str]] = [
    (
        ["nodes.response1", "nodes.response1.type", "nodes.llm1.position.x", "edges.e1.target"],
        BEFORE,
        flow(START, LLM, END, edges=(FIRST,)),
        "added Response response1",
    ),
    (["nodes.llm1", "edges.e1"], BEFORE, flow(START), "removed LLM “Classify”"),
    (["nodes.llm1.data.prompt"], BEFORE, BEFORE, "changed LLM “Classify”"),
    (["nodes.llm1.position.x", "nodes.llm1.position.y"], BEFORE, BEFORE, "moved LLM “Classify”"),
    (["nodes.start.position.x", "nodes.llm1.position.x"], BEFORE, BEFORE, "moved Start and 1 more"),
    (["edges.e1"], flow(START, LLM), BEFORE, "connected Start with LLM “Classify”"),
    (["edges.e1"], BEFORE, flow(START, LLM), "disconnected Start from LLM “Classify”"),
    (
        ["edges.e1.target"],
        flow(START, LLM, END, edges=({**FIRST, "target": "response1"},)),
        flow(START, LLM, END, edges=(FIRST,)),
        "led Start on to LLM “Classify”",
    ),
    (["edges.e1", "edges.e2"], BEFORE, BEFORE, "changed connections"),
    (["description"], BEFORE, BEFORE, ""),
    (["nodes", "edges"], BEFORE, BEFORE, ""),
    (["nodes.gone.position.x"], BEFORE, BEFORE, ""),
]


@pytest.mark.parametrize(("paths", "before", "after", "words"), CHANGES)
def test_a_change_is_told_by_what_it_did_to_which_node(
    paths: list[str], before: dict[str, Any], after: dict[str, Any], words: str
) -> None:
    assert in_words(paths, before, after) == words


@pytest.mark.django_db
@pytest.mark.usefixtures("redis_clean")
def test_whose_change_an_undo_took_back_is_told_with_a_way_to_have_it_again(
    alice: Any, bob: Any
) -> None:
    chatflow = draft_types.get("chatflow")
    draft = creating.create(alice, chatflow, BEFORE)
    editing.patch(alice, chatflow, draft.id, {"nodes": {"llm1": {"data": {"label": "Sort"}}}})
    editing.patch(bob, chatflow, draft.id, {"nodes": {"llm1": {"position": {"x": 900}}}})
    client = Client()
    client.force_login(alice.user)

    def do(what: str) -> Any:
        url = f"/w/{alice.workspace.slug}/chatflows/draft/{draft.id}/{what}/"
        page = f"/w/{alice.workspace.slug}/chatflows/draft/{draft.id}/workflow/"
        headers = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{page}"}
        return state(client.post(url, {"patch_id": what}, headers=headers))["done"]

    assert do("undo") == {
        "words": "Took back a change by Bob: moved LLM “Sort”",
        "action": "Redo",
    }
    assert do("redo")["words"] == "Redone: moved LLM “Sort”"
