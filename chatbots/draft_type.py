"""What the draft machine has to know about chatbots: schema, steps, problems, deploying."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from assistants import model_choice
from assistants.bases import unknown_tags
from assistants.credentials import MODEL
from assistants.draft_type import SHARED_LISTS, AssistantDraft
from assistants.named import NamedBase, NamedCredential
from chatbots.advice import advice, placeholders
from chatbots.facts import facts_of
from chatbots.models import Chatbot
from chatbots.reading import read
from chatbots.schema import Chatbot as ChatbotSchema
from chatbots.starters import STARTERS
from chatbots.steps import STEPS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from assistants.live import Live
    from assistants.references import Known
    from workspaces.access import Actor


class ChatbotDraft(AssistantDraft[ChatbotSchema]):
    """Chatbots in the draft machine."""

    kind = "chatbot"
    url_name = "chatbots"
    label = _("Chatbot")
    label_plural = _("Chatbots")
    icon = "bot"
    about = _("They answer questions: on your website, in messengers and through the API.")
    beginning = _(
        "Give it a name and instructions, talk to it while you build, and put it on your website "
        "when you like it. Until you deploy, nobody else sees it. Start from a template below, or "
        "from an empty one."
    )
    template_help = _(
        "Each has instructions, variables and first words. Fill in your own facts, and change "
        "what you like."
    )
    schema = ChatbotSchema
    model = Chatbot
    steps = STEPS
    templates = STARTERS
    keyed_lists = {**SHARED_LISTS, "knowledge_bases": "kb_id"}
    nameless_lists = frozenset({"knowledge_bases"})

    def read(self, data: Mapping[str, Any]) -> ChatbotSchema:
        return read(data)

    def bases(self, data: Mapping[str, Any]) -> Iterator[NamedBase]:
        for item in data.get("knowledge_bases") or ():
            kb_id = str(item.get("kb_id", ""))
            filters = (item.get("override_retrieval") or {}).get("filters") or {}
            tags = frozenset(filters.get("tags") or ())
            yield NamedBase(f"knowledge_bases.{kb_id}", kb_id, tags)

    def credentials(self, data: Mapping[str, Any]) -> Iterator[NamedCredential]:
        if data.get("credential_id"):
            yield NamedCredential("credential_id", MODEL, str(data["credential_id"]))
        yield from super().credentials(data)

    def placeholders(self, data: Mapping[str, Any]) -> Iterable[str]:
        return placeholders(data)

    def facts(self, configuration: ChatbotSchema, actor: Actor) -> list[tuple[str, str]]:
        return facts_of(configuration, actor)

    def prompt(self, configuration: ChatbotSchema) -> str:
        return configuration.system_prompt

    def chosen(self, document: Mapping[str, Any], patch: Mapping[str, Any]) -> dict[str, Any]:
        """With another provider the model's name goes, which was the other's; back at the server's
        own model, the credential goes too."""
        if "provider" not in patch:
            return {}
        goes = ("model",) if patch["provider"] else ("model", "credential_id")
        return {name: None for name in goes if name not in patch and document.get(name)}

    def wrong(self, data: Mapping[str, Any], known: Known) -> Iterator[tuple[str, str]]:
        if words := model_choice.unready(data.get("provider"), data.get("credential_id")):
            yield "credential_id", words
        yield from super().wrong(data, known)

    def advice(self, data: Mapping[str, Any], live: Live) -> Iterator[tuple[str, str]]:
        yield from advice(data)
        yield from unknown_tags(live.actor, self.bases(data))
