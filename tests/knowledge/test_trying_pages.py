"""Trying questions on a draft and on a live base, and what is said where nothing seems to fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

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
