"""The kinds that one talks to: how they are registered, and found again."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from assistants import uses
from assistants.draft_type import AssistantDraft
from assistants.finding import find
from conversations.runtime import assistants
from drafts.types import draft_types
from knowledge.live.base_use import base_uses
from workspaces.credential_use import credential_uses
from workspaces.finding import finders

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from conversations.runtime import Assistant
    from drafts.types import DraftType


def register(
    draft_type: AssistantDraft[Any], assistant: Callable[[Mapping[str, Any]], Assistant]
) -> None:
    """Make a kind known to everybody who asks for kinds. From its app's ``ready``."""
    kind = draft_type.kind
    draft_types.register(kind, draft_type)
    assistants.register(kind, assistant)
    credential_uses.register(kind, partial(uses.credential_uses, draft_type))
    base_uses.register(kind, partial(uses.base_uses, draft_type))
    finders.register(kind, partial(find, draft_type))


def talking_kinds() -> list[AssistantDraft[Any]]:
    """All of them, in the order in which they were registered."""
    return [each for each in draft_types if isinstance(each, AssistantDraft)]


def talking(draft_type: DraftType[Any]) -> AssistantDraft[Any]:
    """``draft_type``, of which it is known that one talks to what it makes."""
    assert isinstance(draft_type, AssistantDraft)
    return draft_type
