"""What a chatbot's document refers to outside of itself, and whether the actor has it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import gettext as _

from channels_deploy import channels
from drafts.models import Entity
from inference.providers import BY_NAME
from workspaces.models import Credential

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from django.db.models import QuerySet

    from workspaces.access import Actor

KNOWLEDGE = "kb"


def knowledge_bases(actor: Actor) -> list[Entity]:
    """The deployed knowledge bases of the actor's workspace, by name."""
    return list(_bases(actor).order_by("name"))


def model_credentials(actor: Actor) -> list[Credential]:
    """The actor's workspace's credentials for language models, by name."""
    return list(Credential.objects.filter(workspace=actor.workspace_id, kind=Credential.Kind.LLM))


def unknown(data: Mapping[str, Any], actor: Actor) -> Iterator[tuple[str, str]]:
    """Path and message for each knowledge base, credential and model that cannot be reached."""
    yield from _unknown_knowledge_bases(data, actor)
    yield from _unready_provider(data)
    named = list(_credentials(data))
    known = _kinds_of((text for _path, _kind, text in named), actor) if named else {}
    for path, kind, text in named:
        if known.get(_uuid(text)) != kind:
            yield path, _("The chosen credential no longer exists. Choose another one.")


def _unknown_knowledge_bases(data: Mapping[str, Any], actor: Actor) -> Iterator[tuple[str, str]]:
    attached = [str(item.get("kb_id", "")) for item in data.get("knowledge_bases") or ()]
    ids = {uuid for text in attached if (uuid := _uuid(text))}
    known = set(_bases(actor).filter(pk__in=ids).values_list("pk", flat=True)) if ids else set()
    for kb_id in attached:
        if _uuid(kb_id) not in known:
            yield (
                f"knowledge_bases.{kb_id}",
                _("An attached knowledge base no longer exists. Remove it or attach another one."),
            )


def _unready_provider(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """A provider that neither the server's settings nor a credential make ready."""
    provider = BY_NAME.get(str(data.get("provider") or ""))
    if provider and not data.get("credential_id") and not provider.ready():
        yield (
            "credential_id",
            _("%(provider)s is not set up on this server. Choose a credential for it.")
            % {"provider": provider.label},
        )


def _bases(actor: Actor) -> QuerySet[Entity]:
    return Entity.objects.filter(workspace_id=actor.workspace_id, kind=KNOWLEDGE)


def _credentials(data: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Where the document names a credential: the path, the kind it must be of, and its id.

    A channel that is switched off is not connected, so what it names does not matter yet.
    """
    if data.get("credential_id"):
        yield "credential_id", Credential.Kind.LLM.value, str(data["credential_id"])
    for item in (data.get("deployment") or {}).get("channels") or ():
        channel = channels.described(str(item.get("type")))
        named = (item.get("config") or {}).get(channel.credential_field)
        if named and item.get("enabled"):
            path = channels.path_of(channel.name, channel.credential_field)
            yield path, channel.name, str(named)


def _kinds_of(texts: Iterable[str], actor: Actor) -> dict[UUID | None, str]:
    ids = {uuid for text in texts if (uuid := _uuid(text))}
    found = Credential.objects.filter(workspace_id=actor.workspace_id, pk__in=ids)
    return dict(found.values_list("pk", "kind"))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
