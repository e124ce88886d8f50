"""Which knowledge bases and drafts of them embed with a credential."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drafts.holding import holders
from drafts.types import draft_types
from knowledge.live import bases, overview

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from uuid import UUID

    from workspaces.access import Actor
    from workspaces.credential_use import Use


def uses(actor: Actor, credential_id: UUID) -> Iterator[Use]:
    """Live bases, then drafts."""
    draft_type, live = draft_types.get(overview.KIND), bases.of_workspace(actor)
    return holders(actor, draft_type, live, credential_id, names_credential)


def names_credential(data: Mapping[str, Any], credential_id: UUID) -> bool:
    """Whether the document uses the credential."""
    return str((data.get("embedding_config") or {}).get("credential_id")) == str(credential_id)
