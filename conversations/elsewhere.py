"""How what was said in a preview looks on another channel than the website. Nothing is sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from django.utils.translation import gettext as _

from common.registry import Registry
from conversations.outcome import passages
from conversations.turn import Done

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from django.utils.safestring import SafeString

    from conversations.preview import Door
    from conversations.preview_store import Session

# So many messages of a conversation, the newest.
MOST = 10


@dataclass(frozen=True)
class ShownPart:
    """One message of the channel's. ``rows`` are its buttons, each with a label and an address,
    which is empty where it says something; they may be behind one button that opens a list."""

    html: SafeString
    rows: Sequence[Sequence[tuple[str, str]]] = ()
    opens_a_list: bool = False


@dataclass(frozen=True)
class Shown:
    """An answer there. ``losses`` say what of it the channel cannot show, in sentences."""

    parts: Sequence[ShownPart]
    losses: Sequence[str] = ()


class Elsewhere(Protocol):
    """A channel that shows answers in its own way."""

    def shown(self, answer: Done) -> Shown: ...


# By the names of the channels, whose labels are in ``wording``.
elsewhere: Registry[Elsewhere] = Registry("way to show answers")


@dataclass(frozen=True)
class Line:
    """What the person or the assistant said. Of the person it is ``text`` alone."""

    text: str = ""
    parts: Sequence[ShownPart] = ()


@dataclass(frozen=True)
class Talk:
    """A conversation there. ``losses`` are those of all of its answers, each told once."""

    lines: Sequence[Line]
    losses: Sequence[str]


def talk(door: Door, session: Session, channel: str) -> Talk:
    """The end of the preview's conversation as ``channel`` would show it."""
    way = elsewhere.get(channel)
    lines: list[Line] = []
    losses: list[str] = []
    for said in _said(door, session):
        if isinstance(said, str):
            lines.append(Line(text=said))
            continue
        shown = way.shown(said)
        lines.append(Line(parts=shown.parts))
        losses += shown.losses
    return Talk(lines, list(dict.fromkeys(losses)))


def _said(door: Door, session: Session) -> Iterator[str | Done]:
    """What was said, the oldest first; it begins with the greeting, if that is not long ago."""
    if len(session.messages) <= MOST:
        profile = door.assistant.greeting(session.variables)
        words = profile.welcome_message or _("Hello! What would you like to know?")
        yield Done(words, follow_ups=profile.suggested_prompts)
    for message in session.messages[-MOST:]:
        if message["role"] == "user":
            yield str(message["content"])
        elif message["status"] == "whole":
            yield _answer(message)


def _answer(message: Mapping[str, Any]) -> Done:
    return Done(
        message["content"],
        passages(message["citations"]),
        follow_ups=tuple(message.get("follow_ups", ())),
        cards=tuple(message.get("cards", ())),
        links=tuple(message.get("links", ())),
    )
