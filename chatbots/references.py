"""What a chatbot's document refers to outside of itself, and whether the actor has it."""

from __future__ import annotations

from dataclasses import dataclass, field
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
ONLY_CHATFLOWS = "chatflow"


def knowledge_bases(actor: Actor) -> list[Entity]:
    """The deployed knowledge bases of the actor's workspace, by name."""
    return list(_bases(actor).select_related("live_release").order_by("name"))


def is_for_chatbots(base: Entity) -> bool:
    """Whether the knowledge base lets chatbots use it."""
    release = base.live_release
    return release is None or release.configuration.get("context") != ONLY_CHATFLOWS


def model_credentials(actor: Actor) -> list[Credential]:
    """The actor's workspace's credentials for language models, by name."""
    return list(Credential.objects.filter(workspace=actor.workspace_id, kind=Credential.Kind.LLM))


def lost_credentials(actor: Actor, documents: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """The credentials chosen for a model in any of ``documents`` that the actor's workspace no
    longer has."""
    named = {str(data["credential_id"]) for data in documents if data.get("credential_id")}
    there = _credential_kinds(named, actor)
    return frozenset(text for text in named if _uuid(text) not in there)


@dataclass(frozen=True)
class Known:
    """Which of the things that documents refer to a workspace has: ids of knowledge bases, those of
    them that chatbots may not use, and the kinds of credentials by their ids."""

    bases: frozenset[UUID | None] = frozenset()
    closed_bases: frozenset[UUID | None] = frozenset()
    credentials: Mapping[UUID | None, str] = field(default_factory=dict)


def known_to(actor: Actor, documents: Iterable[Mapping[str, Any]]) -> Known:
    """Which things that any of ``documents`` refers to the actor's workspace has."""
    bases: set[str] = set()
    credentials: set[str] = set()
    for data in documents:
        bases.update(_attached(data))
        credentials.update(text for _path, _kind, text in _credentials(data))
    existing = _existing_bases(bases, actor)
    closed = _closed_bases(bases, actor)
    return Known(existing, closed, _credential_kinds(credentials, actor))


def unknown(data: Mapping[str, Any], known: Known) -> Iterator[tuple[str, str]]:
    """Path and message for each knowledge base, credential and model that cannot be reached."""
    yield from _unknown_knowledge_bases(data, known)
    yield from _unready_provider(data)
    for path, kind, text in _credentials(data):
        if known.credentials.get(_uuid(text)) != kind:
            yield path, _("The chosen credential no longer exists. Choose another one.")


def names_credential(data: Mapping[str, Any], credential_id: UUID) -> bool:
    """Whether the document uses the credential."""
    return any(_uuid(text) == credential_id for _path, _kind, text in _credentials(data))


def lost_bases(actor: Actor, data: Mapping[str, Any]) -> int:
    """How many of the attached knowledge bases were deleted."""
    known = _existing_bases(_attached(data), actor)
    return sum(_uuid(text) not in known for text in _attached(data))


def unknown_tags(actor: Actor, data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Path and message for each attached knowledge base of which no source has one of the tags that
    it is limited to: nothing is found in it."""
    wanted = {}
    for item in data.get("knowledge_bases") or ():
        filters = (item.get("override_retrieval") or {}).get("filters") or {}
        if (kb_id := _uuid(str(item.get("kb_id", "")))) and filters.get("tags"):
            wanted[kb_id] = set(filters["tags"])
    if not wanted:
        return
    for base in _bases(actor).filter(pk__in=wanted).select_related("live_release"):
        tags = wanted[base.pk]
        if base.live_release and tags.isdisjoint(_tags(base.live_release.configuration)):
            words = _("No source of %(base)s is tagged %(tags)s: nothing will be found in it.")
            yield (
                f"knowledge_bases.{base.pk}.override_retrieval.filters.tags",
                words % {"base": base.name, "tags": ", ".join(sorted(tags))},
            )


def _tags(configuration: Mapping[str, Any]) -> Iterator[str]:
    for source in configuration.get("sources") or ():
        yield from (source.get("annotations") or {}).get("tags") or ()


def attaches(data: Mapping[str, Any], base_id: UUID) -> bool:
    """Whether the knowledge base is attached, be it switched off."""
    return any(_uuid(text) == base_id for text in _attached(data))


def _attached(data: Mapping[str, Any]) -> list[str]:
    return [str(item.get("kb_id", "")) for item in data.get("knowledge_bases") or ()]


def _unknown_knowledge_bases(data: Mapping[str, Any], known: Known) -> Iterator[tuple[str, str]]:
    for kb_id in _attached(data):
        if _uuid(kb_id) not in known.bases:
            yield (
                f"knowledge_bases.{kb_id}",
                _("An attached knowledge base no longer exists. Remove it or attach another one."),
            )
        elif _uuid(kb_id) in known.closed_bases:
            yield (
                f"knowledge_bases.{kb_id}",
                _(
                    "An attached knowledge base is for chatflows only. Remove it, or let chatbots "
                    "use it in its first step."
                ),
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


def _existing_bases(texts: Iterable[str], actor: Actor) -> frozenset[UUID | None]:
    ids = _uuids(texts)
    if not ids:
        return frozenset()
    return frozenset(_bases(actor).filter(pk__in=ids).values_list("pk", flat=True))


def _closed_bases(texts: Iterable[str], actor: Actor) -> frozenset[UUID | None]:
    ids = _uuids(texts)
    if not ids:
        return frozenset()
    closed = _bases(actor).filter(live_release__configuration__context=ONLY_CHATFLOWS)
    return frozenset(closed.filter(pk__in=ids).values_list("pk", flat=True))


def _credential_kinds(texts: Iterable[str], actor: Actor) -> dict[UUID | None, str]:
    ids = _uuids(texts)
    if not ids:
        return {}
    found = Credential.objects.filter(workspace_id=actor.workspace_id, pk__in=ids)
    return dict(found.values_list("pk", "kind"))


def _uuids(texts: Iterable[str]) -> set[UUID]:
    return {uuid for text in texts if (uuid := _uuid(text))}


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
