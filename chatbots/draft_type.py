"""What the draft machine has to know about chatbots: schema, steps, problems, deploying."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from channels_deploy import channels, connecting
from channels_deploy.states import limits
from chatbots import overview
from chatbots.advice import advice
from chatbots.breaking import breaking
from chatbots.defaults import unfit
from chatbots.models import Chatbot
from chatbots.placeholders import renamed_texts
from chatbots.references import known_to, unknown, unknown_tags
from chatbots.schema import Chatbot as ChatbotSchema
from chatbots.starters import STARTERS
from chatbots.steps import STEPS
from conversations import preview
from drafts.types import DraftType, Issue

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from uuid import UUID

    from drafts.draft import Draft, Gone
    from drafts.models import Entity, Release
    from drafts.types import ChannelLimit
    from workspaces.access import Actor


class ChatbotDraft(DraftType[ChatbotSchema]):
    """Chatbots in the draft machine."""

    kind = "chatbot"
    url_name = "chatbots"
    label = _("Chatbot")
    label_plural = _("Chatbots")
    icon = "bot"
    panel = "conversations/panel.html"
    page = "chatbots/entity.html"
    schema = ChatbotSchema
    model = Chatbot
    steps = STEPS
    templates = STARTERS
    keyed_lists = {
        "variables": "name",
        "knowledge_bases": "kb_id",
        channels.PATH: "type",
    }
    nameless_lists = frozenset({"knowledge_bases"})

    def renamed(
        self, document: Mapping[str, Any], path: str, names: Mapping[str, str]
    ) -> dict[str, Any]:
        """The prompt and the welcome message call variables by their names."""
        return renamed_texts(document, names) if path == "variables" else {}

    def chosen(self, document: Mapping[str, Any], patch: Mapping[str, Any]) -> dict[str, Any]:
        """With another provider the model's name goes, which was the other's; back at the server's
        own model, the credential goes too."""
        if "provider" not in patch:
            return {}
        goes = ("model",) if patch["provider"] else ("model", "credential_id")
        return {name: None for name in goes if name not in patch and document.get(name)}

    def errors(self, data: Mapping[str, Any], actor: Actor) -> Iterable[Issue]:
        return self.errors_of_each([data], actor)[0]

    def errors_of_each(
        self, documents: Sequence[Mapping[str, Any]], actor: Actor
    ) -> list[Iterable[Issue]]:
        known = known_to(actor, documents)
        return [
            [self._issue("error", *found) for found in (*unknown(data, known), *unfit(data))]
            for data in documents
        ]

    def warnings(self, data: Mapping[str, Any], actor: Actor) -> Iterable[Issue]:
        told = [*advice(data), *unknown_tags(actor, data)]
        return [self._issue("warning", *found) for found in told]

    def _issue(self, severity: str, path: str, message: str) -> Issue:
        return Issue(severity, message, path, self.step_of(path))

    def breaking(self, live: ChatbotSchema, coming: ChatbotSchema) -> Iterable[str]:
        return breaking(live, coming)

    def channels(self, configuration: ChatbotSchema) -> Mapping[str, Mapping[str, Any]]:
        return configuration.deployment.enabled()

    def channel_label(self, name: str) -> str:
        return str(channels.described(name).short)

    def channel_reach(self, name: str, config: Mapping[str, Any]) -> str:
        return channels.described(name).reach(config)

    def limits(self, configuration: ChatbotSchema) -> Mapping[str, ChannelLimit]:
        return limits(self.channels(configuration))

    def apply(self, configuration: ChatbotSchema, entity: Entity) -> None:
        assert isinstance(entity, Chatbot)
        entity.name = configuration.name
        entity.category = configuration.category
        entity.visibility = configuration.visibility
        entity.description = configuration.description

    def released(
        self,
        entity: Entity,
        release: Release,
        configuration: ChatbotSchema,
        origin: Draft | Release,
        actor: Actor,
    ) -> None:
        del release, origin, actor
        connecting.sync(entity, self.channels(configuration))

    def deployed(self, entity: Entity, release: Release, draft_id: str | None) -> None:
        del release, draft_id
        connecting.wake(entity)

    def deployment_result(
        self, entity: Entity, release: Release
    ) -> Mapping[str, Mapping[str, Any]]:
        del release
        return connecting.results(entity)

    def retry_channel(self, entity: Entity, channel: str) -> None:
        connecting.retry(entity, channel)

    def success_url(self, entity: Entity) -> str:
        return reverse("chatbots:deployed", args=(entity.workspace.slug, entity.pk))

    def page_context(self, actor: Actor, entity: Entity) -> dict[str, Any]:
        assert isinstance(entity, Chatbot)
        return {"chatbot": entity, "silent": bool(overview.silent(actor, [entity]))}

    def discarded(self, gone: Gone) -> None:
        preview.forget(gone.draft_id)

    def entity_removed(self, entity_id: UUID) -> None:
        connecting.withdraw(entity_id)
