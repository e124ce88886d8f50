"""What channels, and the facts that are known of a visitor, are called on screen."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.registry import Registry
from conversations.lead_fields import LEAD_FIELDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise

# By the name that conversations are kept under. Whoever brings a channel registers its label.
channel_labels: Registry[str | _StrPromise] = Registry("channel")

FACTS: Mapping[str, str | _StrPromise] = {
    **{name: field.label for name, field in LEAD_FIELDS.items()},
    "page": gettext_lazy("Page"),
    "user": gettext_lazy("User"),
    "user_id": gettext_lazy("User ID"),
    "verified": gettext_lazy("Identity checked"),
}


def channel_label(name: str) -> str:
    """The channel's name for people; of one that nobody registered, the name that is kept."""
    return str(channel_labels.get(name)) if name in channel_labels else name


def channel_choices() -> list[tuple[str, str]]:
    """Every channel, for a form."""
    return [(name, channel_label(name)) for name in channel_labels.names()]


def in_words(
    facts: Mapping[str, Any], labels: Mapping[str, str] = MappingProxyType({})
) -> list[tuple[str, str]]:
    """Label and value of each fact, with the assistant's own ``labels`` of its variables; a name
    that somebody made up is at least written as words."""
    return [(labels.get(name) or _label(name), _value(value)) for name, value in facts.items()]


def _label(name: str) -> str:
    return str(FACTS.get(name) or name.replace("_", " ").capitalize())


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return "" if value is None else str(value)
