"""What the draft machine has to know about everything that one talks to."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assistants import credentials, overview, references, running
from assistants.breaking import breaking
from assistants.channel_wording import channels_in_words
from assistants.defaults import unfit
from assistants.facts import shared_facts
from assistants.live import Live
from assistants.models import AssistantEntity
from assistants.named import Needs
from assistants.placeholders import renamed_labels, renamed_texts, texts_of, welcomes
from assistants.schema import AssistantSchema
from assistants.strain import Coming, strained_by_each
from assistants.widget_changes import in_words
from channels_deploy import by_hand, channels, connecting, examining, told, widget_names
from channels_deploy.channels.website import Website
from channels_deploy.obstacles import obstacles
from channels_deploy.planning import channels_now, limits, reconnection
from conversations import erasing, preview
from drafts.deploying.planning import planned_channels
from drafts.forms.field_values import merged
from drafts.issue import Issue
from drafts.types import DraftType

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from uuid import UUID

    from django.utils.functional import _StrPromise

    from assistants.named import BarredFlow, NamedBase, NamedCredential, NamedFlow, NamedStart
    from assistants.references import Known
    from drafts.channel_changes import ChannelLimit, ChannelNow
    from drafts.deploying.planning import Between, PlannedChange
    from drafts.draft import Draft, Gone
    from drafts.models import Entity, Release
    from workspaces.access import Actor

SchemaT = TypeVar("SchemaT", bound=AssistantSchema)
# Of the shared steps; a kind adds its own.
SHARED_LISTS: Mapping[str, str] = {
    "variables": "name",
    channels.PATH: "type",
    **widget_names.KEYED_LISTS,
}


class AssistantDraft(DraftType[SchemaT]):
    """The base of the draft types of everything that one talks to.

    A kind's own says what ``DraftType`` wants to know, and what its documents name: ``bases``,
    ``credentials``, ``placeholders``. The addresses of its pages (``assistants.kind_urls``) are in
    a namespace called like its ``url_name``. ``about`` says in the head of its list what it is,
    ``beginning`` in an empty one how to make one, ``template_help`` what its starting points hold.
    ``reach_part`` is a template, if any, that tells of ways to reach a live one which only this
    kind has, with ``reach_context`` as ``reach``; it stands above its channels.
    """

    model: type[AssistantEntity]
    # Whether its documents can run others of the kind in their midst.
    runs_others: bool = False
    keyed_lists: Mapping[str, str] = SHARED_LISTS
    panel = "conversations/panel.html"
    page = "assistants/entity.html"
    about: str | _StrPromise
    beginning: str | _StrPromise
    template_help: str | _StrPromise
    reach_part: str = ""

    # What the document of a kind says.

    @abstractmethod
    def read(self, data: Mapping[str, Any]) -> SchemaT:
        """The configuration in ``data``, even where today's schema would refuse a part of it."""

    def bases(self, data: Mapping[str, Any]) -> Iterable[NamedBase]:
        """The knowledge bases that a document attaches, be they switched off."""
        return ()

    def credentials(self, data: Mapping[str, Any]) -> Iterable[NamedCredential]:
        """The credentials that a document names."""
        return credentials.of_channels(data)

    def runs(self, data: Mapping[str, Any]) -> Iterable[NamedFlow]:
        """The others of its kind that a document runs in its midst."""
        return ()

    def starts(self, data: Mapping[str, Any]) -> Iterable[NamedStart]:
        """What begins it besides a message."""
        return ()

    def barred(self, data: Mapping[str, Any]) -> Iterable[BarredFlow]:
        """Those of ``runs`` that stand where they may not take something of people."""
        return ()

    def needs(self, data: Mapping[str, Any]) -> Needs:
        """What a document takes of people where another one of its kind runs it."""
        return Needs()

    def placeholders(self, data: Mapping[str, Any]) -> Iterable[str]:
        """The paths of the texts that call variables by their names."""
        return welcomes(data)

    def texts(self, data: Mapping[str, Any]) -> dict[str, str]:
        """Those texts by their paths; empty where the draft has none yet."""
        return texts_of(data, self.placeholders(data), self.keyed_lists)

    def facts(self, configuration: SchemaT, actor: Actor) -> list[tuple[str, str]]:
        """The configuration in a few lines: names and values."""
        return shared_facts(configuration)

    def prompt(self, configuration: SchemaT) -> str:
        """The system prompt, where there is one for all answers."""
        return ""

    def renamed(
        self, document: Mapping[str, Any], path: str, names: Mapping[str, str]
    ) -> dict[str, Any]:
        if path != "variables":
            return {}
        patch = renamed_texts(self.texts(document), names)
        merged(patch, renamed_labels(document, names))
        return patch

    # What its parts and changes are called.

    def item_name(self, item: Mapping[str, Any]) -> str:
        return widget_names.item_name(item)

    def reworded(self, change: PlannedChange) -> PlannedChange | None:
        return in_words(change)

    def told(
        self, changes: Iterable[PlannedChange], between: Between, actor: Actor | None = None
    ) -> list[PlannedChange]:
        return channels_in_words(super().told(changes, between, actor), actor)

    # What is wrong with it.

    def errors(self, data: Mapping[str, Any], actor: Actor) -> Iterable[Issue]:
        return self.errors_of_each([data], actor)[0]

    def errors_of_each(
        self, documents: Sequence[Mapping[str, Any]], actor: Actor
    ) -> list[Iterable[Issue]]:
        known = references.known_to(actor, self, documents)
        return [
            [self.issue("error", *found) for found in self.wrong(data, known)] for data in documents
        ]

    def wrong(self, data: Mapping[str, Any], known: Known) -> Iterator[tuple[str, str]]:
        """Path and message for each error beyond the schema."""
        yield from references.unknown_bases(self, data, known)
        yield from references.unknown_credentials(self, data, known)
        yield from running.unknown(self, data, known.running)
        yield from unfit(data)

    def issues_beside(self, draft: Draft, actor: Actor) -> Iterable[Issue]:
        return self.issues_beside_each([draft], actor)[0]

    def issues_beside_each(self, drafts: Sequence[Draft], actor: Actor) -> list[Iterable[Issue]]:
        return self._among_others([Coming(draft.entity_id, draft.data) for draft in drafts], actor)

    def misfits(self, entity: Entity, data: Mapping[str, Any], actor: Actor) -> Iterable[Issue]:
        (found,) = self._among_others([Coming(entity.pk, data)], actor)
        return found

    def _among_others(self, coming: Sequence[Coming], actor: Actor) -> list[Iterable[Issue]]:
        """What is wrong with others of the kind that documents run, or that run their entities."""
        documents = [each.data for each in coming]
        live = Live(self, actor, documents, [each.entity_id for each in coming])
        return [
            [
                *(self.issue(*found) for found in running.unfit(live, each.data, each.entity_id)),
                *(self._strain(*found) for found in strained),
            ]
            for each, strained in zip(coming, strained_by_each(live, coming), strict=True)
        ]

    def _strain(self, severity: str, message: str) -> Issue:
        return replace(self.issue(severity, self.node_list, message), notable=True)

    def warnings(self, data: Mapping[str, Any], actor: Actor) -> Iterable[Issue]:
        return self.warnings_of_each([data], actor)[0]

    def warnings_of_each(
        self, documents: Sequence[Mapping[str, Any]], actor: Actor
    ) -> list[Iterable[Issue]]:
        live = Live(self, actor, documents)
        return [
            [self.issue("warning", *found) for found in self.advice(data, live)]
            for data in documents
        ]

    @abstractmethod
    def advice(self, data: Mapping[str, Any], live: Live) -> Iterator[tuple[str, str]]:
        """Path and message for each thing that would be better otherwise; ``live`` is what is there
        to be run."""

    def issue(self, severity: str, path: str, message: str) -> Issue:
        """One entry of the problem list."""
        return Issue(severity, message, path, self.step_of(path))

    def breaking(self, live: SchemaT, coming: SchemaT) -> Iterable[str]:
        return breaking(live, coming)

    # Its channels.

    def channels(self, configuration: SchemaT) -> Mapping[str, Mapping[str, Any]]:
        return configuration.deployment.enabled()

    def channels_in_order(self, names: Iterable[str]) -> list[str]:
        return channels.sorted_names(names)

    def beside_channels(self, live: SchemaT, coming: SchemaT) -> Mapping[str, str]:
        if live.deployment.widget == coming.deployment.widget:
            return {}
        return {Website.name: _("What the widget shows changes.")}

    def channel_label(self, name: str) -> str:
        return str(channels.described(name).short)

    def channel_reach(self, name: str, config: Mapping[str, Any]) -> str:
        return channels.described(name).reach(config)

    def limits(self, configuration: SchemaT) -> Mapping[str, ChannelLimit]:
        return limits(self.channels(configuration))

    def obstacles(
        self, configuration: SchemaT, workspace_id: UUID, entity_id: UUID
    ) -> Mapping[str, ChannelLimit]:
        return obstacles(workspace_id, entity_id, self.channels(configuration))

    def deployment_result(
        self, entity: Entity, release: Release
    ) -> Mapping[str, Mapping[str, Any]]:
        del release
        return told.results(entity)

    def deploy_words(self, draft: Draft) -> str:
        if draft.entity_id:
            return ""  # what changes is more than where it goes live
        planned = planned_channels(self, draft, self.read(draft.data)).values()
        live = [each for each in planned if each.goes_live]
        if not live:
            return ""
        words = ngettext("Deploy to %(count)d channel", "Deploy to %(count)d channels", len(live))
        return words % {"count": len(live)}

    def channels_now(self, entity_id: UUID) -> Mapping[str, ChannelNow]:
        return channels_now(entity_id)

    def reconnection(self, name: str, live: Mapping[str, Any], coming: Mapping[str, Any]) -> str:
        return reconnection(name, live, coming)

    def retry_channel(self, entity: Entity, channel: str) -> None:
        by_hand.retry(entity, channel)

    def switch_channel(self, entity: Entity, channel: str, *, on: bool) -> None:
        act = by_hand.enable if on else by_hand.disable
        act(entity, channel)

    def without_channel(self, document: Mapping[str, Any], channel: str) -> dict[str, Any] | None:
        return channels.without(document, channel)

    def forget_channel(self, entity: Entity, channel: str) -> None:
        by_hand.forget(entity, channel)

    def check_channel(self, entity: Entity, channel: str) -> Mapping[str, Any]:
        return examining.check(entity, channel).as_json

    # Its life.

    def apply(self, configuration: SchemaT, entity: Entity) -> None:
        assert isinstance(entity, AssistantEntity)
        entity.name = configuration.name
        entity.category = configuration.category
        entity.visibility = configuration.visibility
        entity.description = configuration.description

    def released(
        self,
        entity: Entity,
        release: Release,
        configuration: SchemaT,
        origin: Draft | Release,
        actor: Actor,
    ) -> None:
        del release, origin, actor
        connecting.sync(entity, self.channels(configuration))

    def deployed(self, entity: Entity, release: Release, draft_id: str | None) -> None:
        del release, draft_id
        connecting.wake(entity)

    def discarded(self, gone: Gone) -> None:
        preview.forget(gone.draft_id)

    def entity_removed(self, entity_id: UUID) -> None:
        connecting.withdraw(entity_id)

    def delete(self, entity: Entity) -> None:
        erasing.hold_all(entity.pk)
        super().delete(entity)

    # Its pages.

    def page_url(self, page: str, entity: Entity) -> str:
        """The address of one of the pages of ``assistants.kind_urls``."""
        return reverse(f"{self.url_name}:{page}", args=(entity.workspace.slug, entity.pk))

    def success_url(self, entity: Entity) -> str:
        return self.page_url("deployed", entity)

    def reach_context(self, entity: Entity) -> dict[str, Any]:
        """What ``reach_part`` shows; empty where there is nothing."""
        return {}

    def is_chatted_with(self, data: Mapping[str, Any]) -> bool:
        """Whether a live one with this document answers messages, in a chat or over the API."""
        del data
        return True

    def page_context(self, actor: Actor, entity: Entity) -> dict[str, Any]:
        assert isinstance(entity, AssistantEntity)
        return {"silent": bool(overview.silent(actor, self, [entity]))}
