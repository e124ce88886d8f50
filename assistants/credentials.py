"""The credentials of a workspace, as assistants name them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assistants.named import NamedCredential, uuid, uuids
from channels_deploy import channels
from workspaces.models import Credential

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from uuid import UUID

    from workspaces.access import Actor

MODEL = Credential.Kind.LLM


def model_credentials(actor: Actor) -> list[Credential]:
    """The actor's workspace's credentials for language models, by name."""
    return list(Credential.objects.filter(workspace=actor.workspace_id, kind=MODEL))


def kinds(actor: Actor, texts: Iterable[str]) -> dict[UUID | None, str]:
    """The kinds of those credentials with ids among ``texts`` that there are."""
    if not (ids := uuids(texts)):
        return {}
    found = Credential.objects.filter(workspace_id=actor.workspace_id, pk__in=ids)
    return dict(found.values_list("pk", "kind"))


def lost_models(actor: Actor, named: Iterable[NamedCredential]) -> frozenset[str]:
    """The credentials chosen for a model that the actor's workspace no longer has."""
    chosen = {credential.id for credential in named if credential.kind == MODEL}
    there = kinds(actor, chosen)
    return frozenset(text for text in chosen if uuid(text) not in there)


def of_channels(data: Mapping[str, Any]) -> Iterator[NamedCredential]:
    """Those that a document's channels name. One that is switched off is not connected, so what it
    names does not matter yet."""
    for item in (data.get("deployment") or {}).get("channels") or ():
        channel = channels.described(str(item.get("type")))
        named = (item.get("config") or {}).get(channel.credential_field)
        if named and item.get("enabled"):
            path = channels.path_of(channel.name, channel.credential_field)
            yield NamedCredential(path, channel.name, str(named))
