"""A source and its documents are called the same in the draft, in the live base and in lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from drafts.access import open_draft
from drafts.types import draft_types
from knowledge import reading, shown, wording
from knowledge.beside.states import Place
from knowledge.models import Document
from knowledge.naming import source_name
from knowledge.schema import LONGEST_NAME
from knowledge.trying import preparing
from knowledge.trying.asking import chunks_of
from tests.servers.website import FILLER, WebsiteServer

if TYPE_CHECKING:
    from tests.knowledge.client import KnowledgeApi
    from workspaces.access import Actor

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(
    ("source", "title", "name"),
    [
        ({"type": "website", "name": "Shop", "url": "https://x.test"}, "Welcome", "Shop"),
        ({"type": "website", "url": "https://x.test"}, "Welcome", "Welcome"),
        ({"type": "website", "url": "https://x.test"}, "", "https://x.test"),
        ({"type": "text_input"}, "", "Text"),
        ({"type": "notion", "page_id": "1"}, "", "Notion"),
        ({"type": "website", "url": "https://x.test"}, "W" * 1000, "W" * LONGEST_NAME),
    ],
)
def test_what_a_source_is_called(source: dict[str, Any], title: str, name: str) -> None:
    assert source_name(source, title) == name


def test_a_test_question_is_called_what_it_asks_and_an_edit_nothing() -> None:
    assert wording.item_name({"id": "q1", "question": "How long?"}) == "How long?"
    assert wording.item_name({"id": "edit_1", "originals": ["How long?"]}) == ""


def test_a_page_with_a_long_address_is_called_the_same_in_draft_and_live_base(
    api: KnowledgeApi, alice: Actor, settings: object
) -> None:
    settings.OUTBOUND_ALLOWED_HOSTS = ["127.0.0.1"]  # type: ignore[attr-defined]
    path = f"/{'long' * 100}"
    with WebsiteServer() as site:
        site.put(path, f"<html><body><main><p>{FILLER} {FILLER}</p></main></body></html>".encode())
        draft_id = api.new_draft()
        source_id = api.add_website(draft_id, f"{site.url}{path}")["id"]
        reading.read_now(Place(alice.workspace_id, draft_id, source_id))
    preparing.run(alice.workspace_id, draft_id)
    draft = open_draft(alice, draft_types.get("kb"), draft_id)
    (chunk,) = chunks_of(draft).chunks
    in_draft = chunk.part.title_of(chunk.chunk.page)
    (listed,) = shown.sources_of(draft)
    api.deployed(draft_id)
    live = Document.objects.get().name
    assert live == in_draft == listed.name
    assert len(live) == LONGEST_NAME
