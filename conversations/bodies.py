"""What clients send to talk to an assistant. A field that is not here is refused, so that nobody
can slip in another prompt, model or draft."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeVar

from django.utils.translation import gettext as _
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from common.problems import FieldError, invalid
from conversations.faults import in_words
from conversations.json_schema import Described

ModelT = TypeVar("ModelT", bound=BaseModel)

LONGEST_MESSAGE = 16_000
LONGEST_PAGE = 300
# The longest pass that we give out holds a whole identity, and is shorter than this.
LONGEST_TOKEN = 16_000
LONGEST_NAME = 40
SESSION = r"^[A-Za-z0-9._:@-]{1,120}$"


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError(_("Write a message"))
    return text


# The one limit on a message's length, in characters, wherever it comes from.
LimitedText = Annotated[str, Field(max_length=LONGEST_MESSAGE)]
MessageText = Annotated[LimitedText, AfterValidator(_not_blank)]
SessionId = Annotated[str, Field(pattern=SESSION)]


def _scalar(value: object) -> object:
    if not isinstance(value, str | int | float | bool | None):
        raise ValueError(_("Give a text, a number, true or false"))  # noqa: TRY004 (pydantic's way)
    return value


def _cut(page: object) -> object:
    """A long address is cut off: a visitor could do nothing about a refusal."""
    return page[:LONGEST_PAGE] if isinstance(page, str) else page


def _plausible(token: object) -> object:
    """A token that is longer than any of ours is as good as none."""
    return None if isinstance(token, str) and len(token) > LONGEST_TOKEN else token


def _short_text(value: object) -> str:
    """What pages say that no visitor could mend."""
    return value[:LONGEST_NAME] if isinstance(value, str) else ""


VariableValue = Annotated[str | int | float | bool | None, BeforeValidator(_scalar)]
Variables = dict[str, VariableValue]


class Body(Described):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SaidQuery(Body):
    """Which session, and the last message that the client has."""

    session_id: SessionId
    after: str = Field(default="", max_length=64)


class PreviewBody(Body):
    """A message to a draft."""

    message: MessageText
    session_id: SessionId | None = None
    variables: Variables = {}


class ChatBody(PreviewBody):
    """A message to a deployed assistant; ``user`` is the caller's name for the person."""

    user: str | None = Field(default=None, max_length=200)


class InSessionBody(Body):
    """Something that concerns a session alone."""

    session_id: SessionId


class PanelBody(InSessionBody):
    """A message from the widget. ``regenerate`` answers the last message once more; ``invited`` is
    the proactive message that began the conversation."""

    message: LimitedText = ""
    variables: Variables = {}
    regenerate: bool = False
    invited: Annotated[str, BeforeValidator(_short_text)] = ""


class SessionBody(Body):
    """The widget opens. Everything but the session and the ``language``, which is that of the page
    or the browser, only matters on a website."""

    session_id: SessionId | None = None
    page: Annotated[str | None, BeforeValidator(_cut)] = None
    identity: dict[str, Any] | None = None
    token: Annotated[str | None, BeforeValidator(_plausible)] = None
    variables: Variables = {}
    language: Annotated[str, BeforeValidator(_short_text)] = ""


class NewsBody(InSessionBody):
    """``after`` is the last message that the page has."""

    after: str = Field(default="", max_length=64)


class FeedbackBody(InSessionBody):
    message_id: str = Field(max_length=64)
    value: Literal["up", "down"] | None


class LeadBody(InSessionBody):
    fields: dict[str, str | int | float | None]


def parsed(model: type[ModelT], data: dict[str, Any]) -> ModelT:
    """``data`` as a ``model``; raises ``Problem`` 422 naming each fault by its path."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        faults = [
            FieldError(".".join(str(part) for part in fault["loc"]), in_words(fault))
            for fault in error.errors(include_url=False, include_input=False)
        ]
        raise invalid(_("The request is not valid."), *faults) from None
