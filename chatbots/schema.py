"""The whole truth about a chatbot: what a draft may hold and what a release holds.

Types and closed sets are checked on every save; the rest (lengths, ranges, references) when the
draft is validated. Field names are those of the product's design document.
"""

from __future__ import annotations

from typing import Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from assistants.retrieval_schema import AttachedKnowledgeBases
from assistants.schema import (
    Appearance,
    AssistantSchema,
    Category,
    Description,
    Features,
    LeadCapture,
    Memory,
    Name,
    Trimmed,
    Variables,
    Visibility,
)
from channels_deploy.schema import ChannelSettings
from common.schema import Schema


class NoAnswer(Schema):
    """What happens when knowledge bases are attached and nothing in them bears on a question:
    the model says so (``say_so``), answers from what it knows itself (``answer``), or the visitor
    gets ``message`` and the model is not asked (``message``)."""

    behaviour: Literal["say_so", "answer", "message"] = "say_so"
    message: str = Field(default="", max_length=1000)

    @model_validator(mode="after")
    def _has_the_message_that_it_sends(self) -> Self:
        if self.behaviour == "message" and not self.message.strip():
            raise ValueError("Write the message for when nothing is found")
        return self


class Chatbot(AssistantSchema):
    """A chatbot's configuration."""

    name: Name
    category: Category = ""
    visibility: Visibility = "private"
    description: Description = ""

    knowledge_bases: AttachedKnowledgeBases = ()
    no_answer: NoAnswer = NoAnswer()

    provider: (
        Literal["secret_ai", "openai_compatible", "anthropic", "local", "extractive"] | None
    ) = None
    credential_id: UUID | None = None
    model: str = Field(default="", max_length=200)
    system_prompt: Trimmed = Field(min_length=1, max_length=50_000)
    temperature: float = Field(default=0.7, ge=0, le=2)
    max_tokens: int = Field(default=2000, ge=1, le=128_000, title="Longest answer")
    memory: Memory = Memory()

    variables: Variables = ()

    appearance: Appearance = Appearance()
    features: Features = Features()
    lead_capture: LeadCapture = LeadCapture()

    deployment: ChannelSettings = ChannelSettings()
