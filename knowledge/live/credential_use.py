"""Which knowledge bases and drafts of them use a credential: to embed, or to read a source."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drafts.holding import holders
from drafts.types import draft_types
from knowledge.kind import KIND
from knowledge.live import bases

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from uuid import UUID

    from workspaces.access import Actor
    from workspaces.credential_use import Use


def embedding_uses(actor: Actor, credential_id: UUID) -> Iterator[Use]:
    """Live bases that embed with it, then drafts."""
    draft_type, live = draft_types.get(KIND), bases.of_workspace(actor)
    return holders(actor, draft_type, live, credential_id, embeds_with)


def source_uses(actor: Actor, credential_id: UUID) -> Iterator[Use]:
    """Live bases of which a source is read with it, then drafts."""
    draft_type, live = draft_types.get(KIND), bases.of_workspace(actor)
    return holders(actor, draft_type, live, credential_id, reads_with)


def embeds_with(data: Mapping[str, Any], credential_id: UUID) -> bool:
    """Whether the document's chunks are embedded with the credential."""
    return str((data.get("embedding_config") or {}).get("credential_id")) == str(credential_id)


def reads_with(data: Mapping[str, Any], credential_id: UUID) -> bool:
    """Whether a source of the document is read with the credential."""
    sources = data.get("sources") or ()
    return any(str(source.get("credential_id")) == str(credential_id) for source in sources)
