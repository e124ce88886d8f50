"""The channels as which a preview can be shown, for the panel."""

from __future__ import annotations

from django import template

from conversations.elsewhere import elsewhere
from conversations.wording import channel_label

register = template.Library()


@register.simple_tag
def ways_elsewhere() -> list[tuple[str, str]]:
    """Name and label of each, besides the website's own."""
    return [(name, channel_label(name)) for name in elsewhere.names()]
