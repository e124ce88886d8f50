"""What a visitor's browser may know of an assistant, as JSON, and the words it shows around it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise

    from conversations.runtime import Profile

# The widget's own words for what only happens in a session; the others are in its script, which
# has to stay small. A page may replace each.
WORDS: Mapping[str, str | _StrPromise] = {
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
}

# What a browser may fill in by itself, by a form field's type or name.
_AUTOCOMPLETE: Mapping[str, str] = {
    "email": "email",
    "phone": "tel",
    "url": "url",
    "name": "name",
    "company": "organization",
}


def as_json(profile: Profile) -> dict[str, Any]:
    """Every field of the profile, which is all that is public. The fields of its forms have the
    ``type`` and ``autocomplete`` that HTML gives an input."""
    public = asdict(profile)
    for form in (public["collect"], (public["lead"] or {}).get("fields", ())):
        for field in form:
            kind, name = str(field["type"]), str(field["name"])
            field["autocomplete"] = _AUTOCOMPLETE.get(kind) or _AUTOCOMPLETE.get(name)
            field["type"] = "tel" if kind == "phone" else kind
    return public


def words() -> dict[str, str]:
    """``WORDS`` in the language of the request."""
    return {name: str(word) for name, word in WORDS.items()}
