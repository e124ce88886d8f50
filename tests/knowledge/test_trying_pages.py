"""Trying questions on a draft and on a live base, and what is said where nothing seems to fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from drafts.access import open_draft
from drafts.types import draft_types
from knowledge.trying import chunk_editing
from knowledge.trying.asking import chunks_of
from knowledge.trying.chunk_editing import Spot
from tests.knowledge.client import wait
from tests.support.people import signed_in

if TYPE_CHECKING:
    from django.test import Client

    from tests.knowledge.client import KnowledgeApi
    from workspaces.access import Actor

pytestmark = pytest.mark.usefixtures("worker")
FITS, DOES_NOT = "How long does a parcel take?", "Who painted the ceiling of the chapel?"
WARNED = "Probably nothing here answers this question"


@pytest.fixture
def draft_id(api: KnowledgeApi) -> str:
    made = api.new_draft()
    api.add_text(made, "# Shipping\n\nA parcel takes three days.")
    return made


def asked(client: Client, actor: Actor, path: str, question: str) -> str:
    answer = signed_in(client, actor).get(f"/w/acme/kb/{path}", {"q": question})
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_draft_says_when_nothing_seems_to_fit(
    client: Client, alice: Actor, draft_id: str
) -> None:
    path = f"draft/{draft_id}/try/"

    def is_embedded() -> bool:
        html = asked(client, alice, path, FITS)
        return "three days" in html and "are embedded" not in html

    wait(is_embedded)
    assert WARNED not in asked(client, alice, path, FITS)
    html = asked(client, alice, path, DOES_NOT)
    assert WARNED in html
    assert "three days" in html


def test_a_live_base_says_so_too(
    client: Client, alice: Actor, draft_id: str, api: KnowledgeApi
) -> None:
    kb_id = api.deployed(draft_id)
    api.indexed(kb_id)
    assert WARNED not in asked(client, alice, f"{kb_id}/search/", FITS)
    assert WARNED in asked(client, alice, f"{kb_id}/search/", DOES_NOT)


def chunks(client: Client, actor: Actor, draft_id: str) -> str:
    """The list of chunks, once all are cut."""
    place = f"/w/acme/kb/draft/{draft_id}/chunk-list/"
    browser = signed_in(client, actor)
    wait(lambda: "Cutting the texts" not in browser.get(place).content.decode())
    return browser.get(place).content.decode()


def test_prose_cut_into_questions_says_that_there_are_none(
    client: Client, alice: Actor, api: KnowledgeApi, draft_id: str
) -> None:
    api.patch(f"/draft/{draft_id}", {"data": {"chunking_config": {"strategy": "question_answer"}}})
    assert "No questions with answers were found in Notes" in chunks(client, alice, draft_id)
    api.add_text(draft_id, "# How long?\n\nThree days.\n\n# How much?\n\nFive euros.", "FAQ")
    assert "were found in Notes:" in chunks(client, alice, draft_id)


def test_a_child_shows_its_parent(
    client: Client, alice: Actor, api: KnowledgeApi, draft_id: str
) -> None:
    parts = (f"# Part {n}\n\n" + f"Sentence of part {n} number one. " * 30 for n in range(3))
    api.add_text(draft_id, "\n\n".join(parts), "Long")
    assert "What the model reads" not in chunks(client, alice, draft_id)
    api.patch(f"/draft/{draft_id}", {"data": {"chunking_config": {"strategy": "parent_child"}}})
    assert "What the model reads where this is found" in chunks(client, alice, draft_id)


def test_what_is_left_out_does_not_count_and_is_told_when_it_fits_nowhere(
    client: Client, alice: Actor, api: KnowledgeApi, draft_id: str
) -> None:
    parts = (f"# Part {n}\n\n" + f"Sentence of part {n} number one. " * 30 for n in range(3))
    api.add_text(draft_id, "\n\n".join(parts), "Long")
    before = chunks(client, alice, draft_id)
    draft = open_draft(alice, draft_types.get("kb"), draft_id)
    found = [each for each in chunks_of(draft).chunks if each.part.name == "Long"]
    spot = Spot(found[1].part.source_id, 1, found[1].digest)
    chunk_editing.switch(alice, draft, spot)
    html = chunks(client, alice, draft_id)
    assert "left out" not in before
    assert "1 left out" in html
    assert f"{len(found)} chunks, " in html
    path = f"/draft/{draft_id}/sources/{found[1].part.source_id}/pages/1"
    text = api.get(path).json()["text"]
    api.patch(path, {"text": text.replace("Sentence", "Line")})
    html = chunks(client, alice, draft_id)
    assert "A chunk that was left out fits nowhere any more" in html


def test_the_deploy_plan_says_what_goes_live(
    client: Client, alice: Actor, api: KnowledgeApi, draft_id: str
) -> None:
    api.add_text(draft_id, "Open until six.", "Hours")
    chunks(client, alice, draft_id)
    html = signed_in(client, alice).get(f"/w/acme/kb/draft/{draft_id}/plan/").content.decode()
    assert "2 documents in 2 chunks go live." in html
