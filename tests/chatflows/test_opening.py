"""Where the builder of a flow opens."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import Client

from drafts import creating
from drafts.types import draft_types
from tests.chatflows.triggers.conftest import CHAT, flow, live_flow
from tests.support.people import signed_in

if TYPE_CHECKING:
    from workspaces.access import Actor

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_is_live_is_changed_on_the_canvas(redis_clean: None, bob: Actor) -> None:
    client = signed_in(Client(), bob)
    entity = live_flow(bob, flow(CHAT, says="Hello"))
    changed = client.post(f"/w/acme/chatflows/{entity.pk}/edit/", follow=True)
    assert changed.redirect_chain[-1][0].endswith("/workflow/")


def test_a_new_one_begins_with_its_name(redis_clean: None, bob: Actor) -> None:
    draft = creating.create(bob, draft_types.get("chatflow"), flow(CHAT, says="Hello"))
    opened = signed_in(Client(), bob).get(f"/w/acme/chatflows/draft/{draft.id}/", follow=True)
    assert opened.redirect_chain[-1][0].endswith("/basic/")
