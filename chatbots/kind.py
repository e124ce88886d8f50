"""Chatbots as they are registered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assistants.kinds import talking
from drafts.types import draft_types

if TYPE_CHECKING:
    from assistants.draft_type import AssistantDraft


def registered() -> AssistantDraft[Any]:
    """The draft type of chatbots."""
    return talking(draft_types.get("chatbot"))
