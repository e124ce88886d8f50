"""What a visitor's browser may know of an assistant, as JSON, and the words and the look of what
it shows around it."""

from __future__ import annotations

from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
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
    "person": _("Team"),
    "notice": _("Note"),
    "preview": _("Preview"),
}

STYLES = Path(settings.BASE_DIR) / "static" / "widget" / "session.css"

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


def styles() -> str:
    """The look of what the widget shows in a session, which its script leaves to us."""
    return _read(STYLES, STYLES.stat().st_mtime_ns)


@cache
def _read(file: Path, modified: int) -> str:
    del modified  # a part of the key: the file may be built again
    return file.read_text()


def words() -> dict[str, str]:
    """``WORDS`` in the language of the request."""
    return {name: str(word) for name, word in WORDS.items()}
