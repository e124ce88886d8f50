"""A second kind that one talks to, with no more of its own than a kind needs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pydantic import Field

from assistants import reading
from assistants.assistant import Configured
from assistants.draft_type import SHARED_LISTS, AssistantDraft
from assistants.named import NamedBase, NamedCredential
from assistants.placeholders import WELCOME
from assistants.schema import (
    Appearance,
    AssistantSchema,
    Category,
    Description,
    Features,
    LeadCapture,
    Name,
    Trimmed,
    Variables,
    Visibility,
)
from assistants.steps import BASIC, CUSTOMIZE, DEPLOY, VARIABLES
from channels_deploy.schema import ChannelSettings
from chatbots.models import Chatbot
from common.schema import Schema
from conversations.runtime import MemoryLimits, ModelChoice
from conversations.turn import Done
from drafts.step import Step

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Mapping

    from assistants.live import Live
    from conversations.runtime import Ports
    from conversations.turn import Event, Turn


class Phrase(Schema):
    id: str
    text: str = ""
    kb_id: str = ""
    credential_id: str = ""


class ParrotSchema(AssistantSchema):
    name: Name
    category: Category = ""
    visibility: Visibility = "private"
    description: Description = ""
    phrases: tuple[Phrase, ...] = Field(default=(), max_length=9)
    variables: Variables = ()
    appearance: Appearance = Appearance()
    features: Features = Features()
    lead_capture: LeadCapture = LeadCapture()
    deployment: ChannelSettings = ChannelSettings()


class Incomplete(ParrotSchema):
    name: Trimmed = ""


class ParrotDraft(AssistantDraft[ParrotSchema]):
    kind = "parrot"
    url_name = "parrots"
    label = "Parrot"
    label_plural = "Parrots"
    about = "They repeat."
    beginning = "Teach one a phrase."
    template_help = "Each has a phrase."
    schema = ParrotSchema
    model = Chatbot  # there is no table of parrots; a row's kind tells them apart
    steps = (
        replace(BASIC, icon="bot"),
        Step("phrases", "Phrases", ("phrases",)),
        VARIABLES,
        CUSTOMIZE,
        DEPLOY,
    )
    keyed_lists = {**SHARED_LISTS, "phrases": "id"}

    def read(self, data: Mapping[str, Any]) -> ParrotSchema:
        return reading.read(Incomplete, data)

    def bases(self, data: Mapping[str, Any]) -> Iterator[NamedBase]:
        for item in data.get("phrases") or ():
            if item.get("kb_id"):
                yield NamedBase(f"phrases.{item['id']}.kb_id", item["kb_id"])

    def credentials(self, data: Mapping[str, Any]) -> Iterator[NamedCredential]:
        for item in data.get("phrases") or ():
            if item.get("credential_id"):
                path = f"phrases.{item['id']}.credential_id"
                yield NamedCredential(path, "llm", item["credential_id"])
        yield from super().credentials(data)

    def placeholders(self, data: Mapping[str, Any]) -> Iterator[str]:
        yield WELCOME
        for item in data.get("phrases") or ():
            yield f"phrases.{item['id']}.text"

    def advice(self, data: Mapping[str, Any], live: Live) -> Iterator[tuple[str, str]]:
        if not data.get("phrases"):
            yield "phrases", "It knows no phrase"


class Parrot(Configured):
    """Says what it was told."""

    kind = "parrot"
    model_choices: tuple[ModelChoice, ...] = ()
    credentials: tuple[str, ...] = ()
    memory = MemoryLimits()

    def __init__(self, configuration: Mapping[str, Any]) -> None:
        super().__init__(reading.read(Incomplete, configuration))

    async def respond(self, turn: Turn, ports: Ports) -> AsyncIterator[Event]:
        del ports
        yield Done(message=turn.message)
