"""What visitors see of the chat widget on any page: the text beside its launcher, its language, and
the messages that come up by themselves. Where it may be shown is the website channel's affair."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from common.names import NAME
from common.schema import Schema, WithinError, key, once_each
from conversations.languages import Language

MOST_MESSAGES = 20
MOST_REPLIES = 4
MOST_PROMPTS = 8
LONGEST_LAUNCHER_TEXT = 30
# Also names what is remembered in a visitor's browser.
MessageId = Annotated[str, key(r"[A-Za-z0-9_-]{1,40}")]
LauncherText = Annotated[str, Field(max_length=LONGEST_LAUNCHER_TEXT)]
ProactiveText = Annotated[str, Field(max_length=300)]
QuickReplies = Annotated[
    tuple[Annotated[str, StringConstraints(max_length=60)], ...], Field(max_length=MOST_REPLIES)
]
VariableName = Annotated[str, key(NAME)]
VariableLabel = Annotated[str, Field(max_length=100)]
PageMatch = Literal["any", "contains", "begins_with", "equals"]
# Addresses of pages begin so.
STARTS = ("/", "http://", "https://")


class ProactiveMessage(Schema):
    """What the assistant says first on pages whose address ``page`` fits, once ``seconds`` have
    gone by, ``percent`` of the page were scrolled, or the pointer leaves for another tab
    (``leaving``): once for each visitor, in each visit, or on each page."""

    id: MessageId
    enabled: bool = True
    text: ProactiveText = ""
    quick_replies: QuickReplies = ()
    page_match: PageMatch = "any"
    page: str = Field(default="", max_length=300, title="Page address")
    when: Literal["time", "scroll", "leaving"] = "time"
    seconds: int = Field(default=10, ge=0, le=3600)
    percent: int = Field(default=50, ge=1, le=100)
    repeat: Literal["visitor", "visit", "page"] = "visitor"

    @model_validator(mode="after")
    def _says_something_somewhere(self) -> Self:
        if self.enabled and not self.text.strip():
            raise WithinError("Write the message", "text")
        if self.page_match == "any":
            return self
        if not self.page.strip():
            raise WithinError("Say which pages it is for", "page")
        if self.page_match != "contains" and not self.page.startswith(STARTS):
            raise WithinError("An address begins with / or https://", "page")
        return self


class MessageTranslation(Schema):
    """A proactive message in another language."""

    text: ProactiveText = ""
    quick_replies: QuickReplies = ()


class Translation(Schema):
    """What visitors read who speak ``language``; what is empty is as it is for all. The
    ``proactive_messages`` are named by their ids, the labels of what is asked before the chat by
    the variables' names."""

    language: Language
    title: str = Field(default="", max_length=80)
    welcome_message: str = Field(default="", max_length=1000)
    suggested_prompts: tuple[Annotated[str, StringConstraints(max_length=120)], ...] = Field(
        default=(), max_length=MOST_PROMPTS
    )
    placeholder: str = Field(default="", max_length=80)
    launcher_text: LauncherText = ""
    variable_labels: dict[VariableName, VariableLabel] = {}
    proactive_messages: dict[MessageId, MessageTranslation] = {}


class WidgetSettings(Schema):
    """``language`` is that of the page, or of the browser where the page names none (``auto``)."""

    launcher_text: LauncherText = ""
    language: Literal["auto"] | Language = "auto"
    proactive_messages: Annotated[
        tuple[ProactiveMessage, ...],
        Field(max_length=MOST_MESSAGES),
        once_each("id", "Two proactive messages are called {}"),
    ] = ()
    translations: Annotated[
        tuple[Translation, ...], once_each("language", "The language {} is listed twice")
    ] = ()

    def translation(self, language: Language | None) -> Translation | None:
        """What was written for ``language``, if anything was."""
        return next((each for each in self.translations if each.language == language), None)
