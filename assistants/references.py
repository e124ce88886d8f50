"""Whether the actor has what documents of one kind name outside of themselves."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from assistants import bases, credentials, running
from assistants.named import uuid

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from uuid import UUID

    from assistants.draft_type import AssistantDraft
    from workspaces.access import Actor


@dataclass(frozen=True)
class Known:
    """Which of the things that documents name a workspace has: ids of knowledge bases, those of
    them that the kind may not use, the kinds of credentials by their ids, and the ids of what is
    live of the kind itself."""

    bases: frozenset[UUID | None] = frozenset()
    closed_bases: frozenset[UUID | None] = frozenset()
    credentials: Mapping[UUID | None, str] = field(default_factory=dict)
    running: frozenset[UUID | None] = frozenset()


def known_to(
    actor: Actor, draft_type: AssistantDraft[Any], documents: Sequence[Mapping[str, Any]]
) -> Known:
    """Which things that any of ``documents`` names the actor's workspace has."""
    attached = {base.id for data in documents for base in draft_type.bases(data)}
    named = {each.id for data in documents for each in draft_type.credentials(data)}
    return Known(
        bases.existing(actor, attached),
        bases.closed(actor, attached, draft_type.kind),
        credentials.kinds(actor, named),
        running.existing(actor, draft_type, documents),
    )


def unknown_bases(
    draft_type: AssistantDraft[Any], data: Mapping[str, Any], known: Known
) -> Iterator[tuple[str, str]]:
    """Path and message for each knowledge base that cannot be asked."""
    for base in draft_type.bases(data):
        if uuid(base.id) not in known.bases:
            words = _(
                "An attached knowledge base no longer exists. Remove it or attach another one."
            )
            yield base.path, words
        elif uuid(base.id) in known.closed_bases:
            yield base.path, _closed(draft_type.kind)


def unknown_credentials(
    draft_type: AssistantDraft[Any], data: Mapping[str, Any], known: Known
) -> Iterator[tuple[str, str]]:
    """Path and message for each credential that cannot be used where it is named."""
    for named in draft_type.credentials(data):
        if known.credentials.get(uuid(named.id)) != named.kind:
            yield named.path, _("The chosen credential no longer exists. Choose another one.")


def _closed(kind: str) -> str:
    words = _(
        "An attached knowledge base is for %(others)s only. Remove it, or let %(own)s use it in "
        "its first step."
    )
    others = bases.in_words(bases.other_than(kind))
    return words % {"others": others, "own": bases.in_words(kind)}
