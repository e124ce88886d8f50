"""The whole truth about a chatbot: what a draft may hold and what a release holds.

Types and closed sets are checked on every save; the rest (lengths, ranges, references) when the
draft is validated. Field names are those of the product's design document.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    HttpUrl,
    StringConstraints,
    model_validator,
)

from channels_deploy.schema import ChannelSettings
from common.plain_text import visible
from common.schema import Schema, once_each

VARIABLE_NAME = r"^[A-Za-z_][A-Za-z0-9_]{0,63}$"
Text = Annotated[str, StringConstraints(max_length=500)]
# Without the blanks around it, so that blanks alone are nothing.
Trimmed = Annotated[str, StringConstraints(strip_whitespace=True)]
# As it is deployed; the draft keeps what was typed. In lists, two that look the same are the same.
Name = Annotated[
    str,
    StringConstraints(min_length=1, max_length=120),
    BeforeValidator(lambda value: visible(value) if isinstance(value, str) else value),
]
MOST_PASSAGES = 50
SearchMethod = Literal["keyword", "vector", "hybrid"]


def _encrypted(address: HttpUrl) -> HttpUrl:
    """Pages that came over https do not load pictures that would not."""
    if address.scheme != "https":
        raise ValueError("The picture's address must start with https://")
    return address


Names = Annotated[tuple[Text, ...], Field(max_length=50)]


class RetrievalFilters(Schema):
    """Which documents of a knowledge base may answer: one of those ids, of those sources (their
    ids), with one of those tags, in one of those languages (``english``). An empty list is no
    limit; all that are given must hold."""

    documents: tuple[UUID, ...] = Field(default=(), max_length=50)
    sources: Names = ()
    tags: Names = ()
    languages: Names = ()


class RetrievalOverride(Schema):
    """How one knowledge base is searched for this chatbot; None keeps the base's own setting. A
    ``top_k`` is for passages of this base alone; those without share the greatest of their own."""

    top_k: int | None = Field(default=None, ge=1, le=MOST_PASSAGES)
    search_method: SearchMethod | None = None
    score_threshold: float | None = Field(default=None, ge=0, le=1)
    rerank: bool | None = None
    filters: RetrievalFilters = RetrievalFilters()


def _as_written(kb_id: str) -> str:
    """An id in one of its spellings, so that none is attached twice."""
    try:
        return str(UUID(kb_id))
    except ValueError:
        return kb_id


class AttachedKnowledgeBase(Schema):
    kb_id: Annotated[
        str, Field(min_length=1, max_length=64, title="Knowledge base"), AfterValidator(_as_written)
    ]
    enabled: bool = True
    override_retrieval: RetrievalOverride = RetrievalOverride()


def _one_prompt(bases: tuple[AttachedKnowledgeBase, ...]) -> tuple[AttachedKnowledgeBase, ...]:
    """Refuses more passages in all than one base could give."""
    wanted = sum(base.override_retrieval.top_k or 0 for base in bases if base.enabled)
    if wanted > MOST_PASSAGES:
        raise ValueError(
            f"Together, the knowledge bases may give {MOST_PASSAGES} passages, not {wanted}"
        )
    return bases


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


class Memory(Schema):
    """How much of the conversation goes into the prompt."""

    enabled: bool = True
    max_messages: int = Field(default=10, ge=1, le=100)
    max_tokens: int = Field(default=4000, ge=100, le=200_000)


class Variable(Schema):
    """Something the assistant may know about the visitor, used as ``{{name}}`` in the prompt."""

    name: str = Field(pattern=VARIABLE_NAME, examples=["order_id"])
    type: Literal["text", "email", "number", "phone", "url", "select", "date"] = "text"
    label: str = Field(default="", max_length=100)
    required: bool = False
    default: str | int | float | None = ""
    collect_before_chat: bool = False
    options: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _a_select_has_options(self) -> Self:
        if self.type == "select" and not self.options:
            raise ValueError("Add at least one option")
        return self


class Appearance(Schema):
    theme: Literal["light", "dark", "auto"] = "light"
    primary_color: str = Field(
        default="#4F46E5", pattern=r"^#[0-9A-Fa-f]{6}$", title="Colour", examples=["#4F46E5"]
    )
    avatar_url: Annotated[HttpUrl, AfterValidator(_encrypted)] | None = Field(
        default=None, title="Picture"
    )
    title: str = Field(default="", max_length=80)
    welcome_message: str = Field(default="", max_length=1000)
    suggested_prompts: tuple[Annotated[str, StringConstraints(max_length=120)], ...] = Field(
        default=(), max_length=8
    )
    placeholder: str = Field(default="", max_length=80)


class RateLimiting(Schema):
    enabled: bool = True
    max_messages_per_hour: int = Field(default=50, ge=1, le=10_000)


class Features(Schema):
    enable_citations: bool = True
    enable_follow_up_suggestions: bool = True
    enable_feedback: bool = True
    rate_limiting: RateLimiting = RateLimiting()


LeadFieldName = Literal["email", "name", "phone", "company", "website"]


class LeadCapture(Schema):
    """Asks the visitor who they are: before the chat, after some messages, or at its end."""

    enabled: bool = False
    timing: Literal["before_chat", "after_messages", "end_of_chat"] = "before_chat"
    after_messages: int = Field(default=3, ge=1, le=50)
    title: str = Field(default="", max_length=120)
    consent_text: str = Field(default="", max_length=500)
    required_fields: tuple[LeadFieldName, ...] = ("email",)
    optional_fields: tuple[LeadFieldName, ...] = ()

    @model_validator(mode="after")
    def _asks_for_something(self) -> Self:
        if self.enabled and not (self.required_fields or self.optional_fields):
            raise ValueError("Choose at least one field to ask for")
        return self


class Chatbot(Schema):
    """A chatbot's configuration."""

    name: Name
    category: str = Field(default="", max_length=60)
    visibility: Literal["private", "public"] = "private"
    description: str = Field(default="", max_length=2000)

    knowledge_bases: Annotated[
        tuple[AttachedKnowledgeBase, ...],
        once_each("kb_id", "The knowledge base {} is attached twice"),
        AfterValidator(_one_prompt),
    ] = Field(default=(), max_length=20)
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

    variables: Annotated[tuple[Variable, ...], once_each("name", "Two variables are called {}")] = (
        Field(default=(), max_length=50)
    )

    appearance: Appearance = Appearance()
    features: Features = Features()
    lead_capture: LeadCapture = LeadCapture()

    deployment: ChannelSettings = ChannelSettings()
