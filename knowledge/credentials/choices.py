"""The credentials that an embedding model may be reached with, and sources be read with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import gettext as _

from inference.credential_owner import owner_of
from inference.providers.openai_compatible import OpenAICompatible
from knowledge.sources import ACCOUNTS
from workspaces.credentials import readable_values_of, values_of
from workspaces.models import Credential

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from django.db.models import QuerySet

    from workspaces.access import Actor

    # Kind and id of each.
    Known = frozenset[tuple[str, UUID]]


def embeds(credential: Credential) -> bool:
    """Whether it is for a server that speaks the OpenAI protocol, which mostly embeds too."""
    return owner_of(readable_values_of(credential)) == OpenAICompatible.name


def credentials_of_kind(workspace_id: UUID, kind: str) -> QuerySet[Credential]:
    """The workspace's credentials of one kind, by name."""
    return Credential.objects.filter(workspace_id=workspace_id, kind=kind).order_by("name")


def values_of_kind(workspace_id: UUID, kind: str, credential_id: str) -> dict[str, str]:
    """The values of a credential for the moment of use, if it is of the kind: what was stored for
    one service is not sent to another. Raises ``LookupError``."""
    if not is_there(workspace_id, kind, credential_id):
        raise LookupError("The workspace has no such credential of this kind.")
    return values_of(workspace_id, credential_id)


def is_there(workspace_id: UUID, kind: str, credential_id: str) -> bool:
    """Whether the workspace has the credential, and it is of the kind."""
    wanted = _id(credential_id)
    found = credentials_of_kind(workspace_id, kind)
    return wanted is not None and found.filter(pk=wanted).exists()


def known_to(actor: Actor, documents: Iterable[Mapping[str, Any]]) -> Known:
    """The workspace's credentials that ``documents`` name, found in one look."""
    named = {key for data in documents for text in _named(data) if (key := _id(text))}
    if not named:
        return frozenset()
    found = Credential.objects.filter(workspace_id=actor.workspace_id, pk__in=named)
    return frozenset(found.values_list("kind", "pk"))


def lost(data: Mapping[str, Any], known: Known) -> Iterator[tuple[str, str]]:
    """Path and message of a credential that is chosen and not there."""
    wanted = (data.get("embedding_config") or {}).get("credential_id")
    if wanted and (Credential.Kind.LLM, _id(wanted)) not in known:
        words = _("The credential of the embedding model is gone. Choose another one.")
        yield "embedding_config.credential_id", words


def lost_by_sources(data: Mapping[str, Any], known: Known) -> Iterator[tuple[str, str]]:
    """Path and message of each source that cannot be read again: its credential is gone."""
    kinds = {kind.type: kind.credential_kind for kind in ACCOUNTS}
    for source in data.get("sources") or ():
        kind, wanted = kinds.get(str(source.get("type"))), source.get("credential_id")
        if kind and wanted and (kind, _id(wanted)) not in known:
            words = _("The credential is gone, so it cannot be read again. Choose another one.")
            yield f"sources.{source.get('id')}.credential_id", words


def _named(data: Mapping[str, Any]) -> Iterator[Any]:
    for part in (data.get("embedding_config") or {}, *(data.get("sources") or ())):
        if part.get("credential_id"):
            yield part["credential_id"]


def _id(text: object) -> UUID | None:
    """A draft keeps what was typed, whatever it is."""
    try:
        return UUID(str(text))
    except ValueError:
        return None
