"""Which chatbots and drafts of them name a credential."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatbots import overview
from chatbots.references import names_credential
from drafts.holding import holders
from drafts.types import draft_types

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from workspaces.access import Actor
    from workspaces.credential_use import Use


def uses(actor: Actor, credential_id: UUID) -> Iterator[Use]:
    """Live chatbots, then drafts."""
    draft_type, live = draft_types.get(overview.KIND), overview.of_workspace(actor)
    return holders(actor, draft_type, live, credential_id, names_credential)
