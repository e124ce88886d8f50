"""The form of a node that looks something up: what is on, off, or as the knowledge base is set."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from chatflows.forms.node_fields import fields_of
from chatflows.nodes.knowledge_base import KnowledgeBaseSettings
from chatflows.nodes.llm import LlmSettings
from common.widgets import Slider
from drafts import creating
from drafts.types import draft_types

if TYPE_CHECKING:
    from workspaces.access import Actor


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("rerank", "chosen"),
    [
        (True, "Compare the best passages once more"),
        (False, "Do not compare them once more"),
        (None, "As the knowledge base is set"),
    ],
)
def test_what_is_stored_is_chosen(bob: Actor, rerank: Any, chosen: str) -> None:
    node = {"id": "kb", "type": "knowledge_base", "data": {"rerank": rerank}}
    draft = creating.create(bob, draft_types.get("chatflow"), {"name": "Ask", "nodes": [node]})
    client = Client()
    assert bob.user
    client.force_login(bob.user)
    url = f"/w/{bob.workspace.slug}/chatflows/draft/{draft.id}/nodes/kb/"
    page = client.get(url).content.decode()
    drawn = r'<select[^>]*name="nodes\.kb\.data\.rerank".*?</select>'
    (select,) = re.findall(drawn, page, re.DOTALL)
    assert re.findall(r"<option[^>]*selected[^>]*>([^<]*)", select) == [chosen]
    assert "No longer there" not in select


def test_a_number_that_may_be_none_has_no_range() -> None:
    fields = fields_of(KnowledgeBaseSettings)
    assert not isinstance(fields["score_threshold"].widget, Slider)
    assert isinstance(fields_of(LlmSettings)["temperature"].widget, Slider)
