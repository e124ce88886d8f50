"""How many sources a draft may hold, however many people add some at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from django.db import connections

from common.problems import Problem
from drafts import editing
from drafts.types import draft_types
from knowledge import adding
from knowledge.beside import files, states
from knowledge.schema import MOST_SOURCES

if TYPE_CHECKING:
    from tests.knowledge.client import KnowledgeApi
    from workspaces.access import Actor

CLIENTS = 8


@pytest.mark.django_db(transaction=True)
def test_the_most_is_not_passed_by_adding_at_once(api: KnowledgeApi, alice: Actor) -> None:
    draft_id = api.new_draft()
    text = {"type": "text_input", "name": "Text"}
    many = {f"src_{number:010}": text for number in range(MOST_SOURCES - 2)}
    editing.patch(alice, draft_types.get("kb"), draft_id, {"sources": many})

    def add(number: int) -> int:
        try:
            adding.add_text(alice, draft_id, f"Text {number}", "Words.", "text")
        except Problem as problem:
            return problem.status
        finally:
            connections.close_all()
        return 201

    with ThreadPoolExecutor(CLIENTS) as pool:
        statuses = sorted(pool.map(add, range(2 * CLIENTS)))
    assert statuses == [201, 201, *[409] * (2 * CLIENTS - 2)]
    there = {source["id"] for source in api.sources(draft_id)}
    assert len(there) == MOST_SOURCES
    # Of what was refused nothing stays; what a worker of other tests may prepare lies beside it.
    assert states.states(draft_id).keys() <= there
    kept = {path.name for path in files.folder_of(draft_id).iterdir() if path.is_dir()}
    assert kept <= there
