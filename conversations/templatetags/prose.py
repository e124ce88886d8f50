"""Markdown in templates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template

from conversations.markdown import rendered

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def markdown(text: str) -> SafeString:
    """``text`` as HTML that cannot do anything."""
    return rendered(text)
