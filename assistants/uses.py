"""Which live assistants and drafts of a kind name a credential, a knowledge base or another one of
the kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assistants import overview
from assistants.named import uuid
from drafts.holding import holders

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from uuid import UUID

    from assistants.draft_type import AssistantDraft
    from workspaces.access import Actor
    from workspaces.credential_use import Use


def credential_uses(
    draft_type: AssistantDraft[Any], actor: Actor, credential_id: UUID
) -> Iterator[Use]:
    """Live ones, then drafts, that use the credential."""

    def names(data: Mapping[str, Any], wanted: UUID) -> bool:
        return any(uuid(named.id) == wanted for named in draft_type.credentials(data))

    live = overview.live(actor, draft_type)
    return holders(actor, draft_type, live, credential_id, names)


def base_uses(draft_type: AssistantDraft[Any], actor: Actor, base_id: UUID) -> Iterator[Use]:
    """Live ones, then drafts, that the base is attached to, be it switched off."""

    def names(data: Mapping[str, Any], wanted: UUID) -> bool:
        return any(uuid(base.id) == wanted for base in draft_type.bases(data))

    return holders(actor, draft_type, overview.live(actor, draft_type), base_id, names)


def run_uses(draft_type: AssistantDraft[Any], actor: Actor, entity_id: UUID) -> Iterator[Use]:
    """Live ones, then drafts, that run the entity in their midst."""
    if not draft_type.runs_others:
        return iter(())

    def names(data: Mapping[str, Any], wanted: UUID) -> bool:
        return any(uuid(named.id) == wanted for named in draft_type.runs(data))

    return holders(actor, draft_type, overview.live(actor, draft_type), entity_id, names)
