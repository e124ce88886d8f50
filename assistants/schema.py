"""What the configurations of all kinds that one talks to are made of.

Each kind declares its fields in its own ``schema.py``, in the order in which people meet them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    HttpUrl,
    StringConstraints,
    model_validator,
)

from common.names import WHOLE_NAME
from common.plain_text import visible
from common.schema import Schema, once_each, untaken

if TYPE_CHECKING:
    from channels_deploy.schema import ChannelSettings

Text = Annotated[str, StringConstraints(max_length=500)]
# Without the blanks around it, so that blanks alone are nothing.
Trimmed = Annotated[str, StringConstraints(strip_whitespace=True)]
# As it is deployed; the draft keeps what was typed. In lists, two that look the same are the same.
Name = Annotated[
    str,
    StringConstraints(min_length=1, max_length=120),
    BeforeValidator(lambda value: visible(value) if isinstance(value, str) else value),
]
Category = Annotated[str, Field(max_length=60)]
Visibility = Literal["private", "public"]
Description = Annotated[str, Field(max_length=2000)]


class Memory(Schema):
    """How much of the conversation goes into the prompt."""

    enabled: bool = True
    max_messages: int = Field(default=10, ge=1, le=100)
    max_tokens: int = Field(default=4000, ge=100, le=200_000)


class Variable(Schema):
    """Something the assistant may know about the visitor, used as ``{{name}}`` in the prompt."""

    name: Annotated[str, untaken] = Field(pattern=WHOLE_NAME, examples=["order_id"])
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


Variables = Annotated[
    tuple[Variable, ...],
    Field(max_length=50),
    once_each("name", "Two variables are called {}"),
]


def _encrypted(address: HttpUrl) -> HttpUrl:
    """Pages that came over https do not load pictures that would not."""
    if address.scheme != "https":
        raise ValueError("The picture's address must start with https://")
    return address


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


class AssistantSchema(Schema):
    """The configuration of something that one talks to.

    Every kind has these fields, and declares them itself: the order of problems and of changes is
    that of the kind's own fields. The shared steps own them, so a kind that forgets one does not
    start (``drafts.E001``).
    """

    if TYPE_CHECKING:
        name: str
        category: str
        visibility: Visibility
        description: str
        variables: tuple[Variable, ...]
        appearance: Appearance
        features: Features
        lead_capture: LeadCapture
        deployment: ChannelSettings
