"""What a visitor's browser may know of an assistant, as JSON, and the words and the look of what
it shows around it."""

from __future__ import annotations

from dataclasses import asdict
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from conversations.languages import ENGLISH, translated

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise

    from conversations.languages import Language
    from conversations.runtime import Profile

# The widget's own words; in other languages they are in `widget_words`. Those needed before
# there is a session are in its script too, which has to stay small (`frontend/widget/strings.ts`).
# A page may replace each.
WORDS: Mapping[str, str | _StrPromise] = {
    "chat": _("Chat"),
    "open": _("Open chat"),
    "close": _("Close chat"),
    "fresh": _("New chat"),
    "log": _("Conversation"),
    "type": _("Type a message"),
    "send": _("Send"),
    "you": _("You"),
    "bot": _("Assistant"),
    "retry": _("Try again"),
    "offline": _("You are offline. Nothing was lost."),
    "failed": _("The chat cannot be reached. Nothing was lost."),
    "refused": _("The chat cannot be shown here."),
    "ask": _("Write a message to begin."),
    "unread": _("Open chat, new message"),
    "end": _("End chat"),
    "stop": _("Stop"),
    "stopped": _("Stopped"),
    "sources": _("Sources"),
    "again": _("Answer again"),
    "up": _("Helpful"),
    "down": _("Not helpful"),
    "about": _("About you"),
    "begin": _("Start chat"),
    "later": _("Not now"),
    "choose": _("Choose…"),
    "thanks": _("Sent. Thank you."),
    "person": _("Team"),
    "notice": _("Note"),
    "preview": _("Preview"),
    "dismiss": _("Dismiss message"),
    "given_back": _("You are talking to the assistant again."),
    "unready": _("This bot is not set up completely yet."),
    "busy": _("The bot is busy just now. Try again in a moment."),
    "unanswered": _("The answer could not be given. Try again in a moment."),
    "often": _("Too many messages. Try again in a moment."),
    "full": _("This chat has answered as much as it may for now. Try again later."),
}
# Those that a page needs before the chat is opened.
EARLY = ("open", "close", "unread", "dismiss")

_NOTHING: Mapping[str, Any] = MappingProxyType({})
STYLES = Path(settings.BASE_DIR) / "static" / "widget" / "session.css"

# What a browser may fill in by itself, by a form field's type or name.
_AUTOCOMPLETE: Mapping[str, str] = {
    "email": "email",
    "phone": "tel",
    "url": "url",
    "name": "name",
    "company": "organization",
}


def as_json(
    profile: Profile,
    variables: Mapping[str, Any] = _NOTHING,
    visitor: Mapping[str, Any] = _NOTHING,
) -> dict[str, Any]:
    """Every field of the profile, which is all that is public, for a visitor of whom this is known:
    the lead form is filled in with it. The fields of its forms have the ``type`` and
    ``autocomplete`` that HTML gives an input."""
    public = asdict(profile)
    for field in (public["lead"] or {}).get("fields", ()):
        told = variables.get(field["variable"]) or visitor.get(field["name"])
        field["default"] = str(told or field["default"])
    for form in (public["collect"], (public["lead"] or {}).get("fields", ())):
        for field in form:
            kind, name = str(field["type"]), str(field["name"])
            field["autocomplete"] = _AUTOCOMPLETE.get(kind) or _AUTOCOMPLETE.get(name)
            field["type"] = "tel" if kind == "phone" else kind
    return public


def styles() -> str:
    """The look of what the widget shows in a session, which its script leaves to us."""
    return _read(STYLES, STYLES.stat().st_mtime_ns)


@cache
def _read(file: Path, modified: int) -> str:
    del modified  # a part of the key: the file may be built again
    return file.read_text()


def words(language: Language = ENGLISH) -> dict[str, str]:
    """The widget's own words in ``language``; what is not translated is said in English."""
    known = translated(language)
    return {name: known.get(name, str(word)) for name, word in WORDS.items()}
