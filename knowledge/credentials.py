"""The credentials that an embedding model may be reached with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from workspaces.models import Credential

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from django.db.models import QuerySet

    from workspaces.access import Actor


def embedding_credentials(actor: Actor) -> QuerySet[Credential]:
    """The workspace's credentials for language models, whose servers mostly embed too."""
    return Credential.objects.filter(
        workspace_id=actor.workspace_id, kind=Credential.Kind.LLM
    ).order_by("name")


def lost(data: Mapping[str, Any], actor: Actor) -> Iterator[tuple[str, str]]:
    """Path and message of a credential that is chosen and not there."""
    wanted = (data.get("embedding_config") or {}).get("credential_id")
    if wanted and not embedding_credentials(actor).filter(pk=wanted).exists():
        words = _("The credential of the embedding model is gone. Choose another one.")
        yield "embedding_config.credential_id", words
