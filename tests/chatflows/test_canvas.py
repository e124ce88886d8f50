"""What the page tells the canvas of a flow."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from chatflows.canvas import canvas_data, canvas_state
from conversations import preview_pins
from drafts import creating
from drafts.builder.opened import Opened
from drafts.types import draft_types
from tests.chatflows.billing import BILLING

if TYPE_CHECKING:
    from workspaces.access import Actor


@pytest.mark.django_db
@pytest.mark.usefixtures("redis_clean")
def test_it_is_told_what_is_pinned(bob: Actor) -> None:
    draft = creating.create(bob, draft_types.get("chatflow"), BILLING)
    opened = Opened(bob, draft_types.get("chatflow"), draft)
    preview_pins.pin(draft.id, "llm1", {"output": {}}, draft.expires_at)
    told = {each["id"]: each["pinned"] for each in canvas_data(opened, ())["nodes"]}
    assert [name for name, pinned in told.items() if pinned] == ["llm1"]
    assert told == {
        name: each["pinned"] for name, each in canvas_state(opened, ())["nodes"].items()
    }
