"""What the widget's settings are called: languages, messages and translations, for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from channels_deploy.widget_schema import ProactiveMessage

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from django.utils.functional import _StrPromise

    from conversations.languages import Language

# Where a document of any kind keeps them.
PATH = "deployment.widget"
MESSAGES = f"{PATH}.proactive_messages"
TRANSLATIONS = f"{PATH}.translations"
KEYED_LISTS: Mapping[str, str] = {MESSAGES: "id", TRANSLATIONS: "language"}
LANGUAGE_LABELS: Mapping[Language, str | _StrPromise] = {
    "en": gettext_lazy("English"),
    "de": gettext_lazy("German"),
    "fr": gettext_lazy("French"),
    "es": gettext_lazy("Spanish"),
    "it": gettext_lazy("Italian"),
    "pt": gettext_lazy("Portuguese"),
    "nl": gettext_lazy("Dutch"),
    "pl": gettext_lazy("Polish"),
    "tr": gettext_lazy("Turkish"),
    "ar": gettext_lazy("Arabic"),
    "he": gettext_lazy("Hebrew"),
    "ja": gettext_lazy("Japanese"),
    "zh": gettext_lazy("Chinese"),
    "hi": gettext_lazy("Hindi"),
}
PAGES: Mapping[str, str | _StrPromise] = {
    "any": gettext_lazy("All pages"),
    "contains": gettext_lazy("Pages whose address contains"),
    "begins_with": gettext_lazy("Pages whose address begins with"),
    "equals": gettext_lazy("The page with the address"),
}
WHEN: Mapping[str, str | _StrPromise] = {
    "time": gettext_lazy("After some time on the page"),
    "scroll": gettext_lazy("After scrolling down"),
    "leaving": gettext_lazy("When the pointer leaves the page"),
}
REPEAT: Mapping[str, str | _StrPromise] = {
    "visitor": gettext_lazy("Once per visitor"),
    "visit": gettext_lazy("Once in every visit"),
    "page": gettext_lazy("On every page"),
}


def language_label(language: str) -> str:
    """What people call it; a language that is not spoken, by its name."""
    return str({**LANGUAGE_LABELS}.get(language, language))  # type: ignore[call-overload]


def message_name(message: Mapping[str, Any]) -> str:
    """A message by its first words."""
    words = Truncator(" ".join(str(message.get("text") or "").split())).chars(40)
    return f"“{words}”" if words else _("New message")


def item_name(item: Mapping[str, Any]) -> str:
    """What a message or a translation is called in lists; empty for what is neither."""
    if "language" in item:
        return language_label(str(item["language"]))
    is_message = "text" in item and item.keys() <= ProactiveMessage.model_fields.keys()
    return message_name(item) if is_message else ""


def message_in_words(item: Mapping[str, Any]) -> str:
    """Where, when and how often a message comes up, and what it says."""
    message = ProactiveMessage.model_construct(**item)
    where = str(PAGES.get(message.page_match, message.page_match))
    moments = {
        "time": _("After %(seconds)s seconds on the page") % {"seconds": message.seconds},
        "scroll": _("After scrolling %(percent)s %% of the page") % {"percent": message.percent},
    }
    lines = [
        message.text,
        f"{where} {message.page}" if message.page_match != "any" else where,
        moments.get(message.when) or str(WHEN.get(message.when, message.when)),
        str(REPEAT.get(message.repeat, message.repeat)),
        *message.quick_replies,
        *([] if message.enabled else [_("Off")]),
    ]
    return "\n".join(map(str, lines))


def translation_in_words(item: Mapping[str, Any]) -> str:
    """The texts of a translation, one a line."""
    return "\n".join(_texts(item)) or _("No texts yet")


def _texts(item: Mapping[str, Any]) -> Iterator[str]:
    for name, value in item.items():
        if isinstance(value, dict):
            yield from _texts(value)
        elif name != "language":
            yield from (
                str(text) for text in (value if isinstance(value, list) else [value]) if text
            )
