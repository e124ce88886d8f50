"""The navigation of a workspace's settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template

from workspaces.settings_pages import pages_for

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workspaces.settings_pages import Opened

register = template.Library()


@register.simple_tag(takes_context=True)
def settings_pages(context: Mapping[str, Any]) -> list[Opened]:
    """What ``actor`` may open, beside the page of ``request``."""
    return pages_for(context["actor"], context["request"].resolver_match.view_name)
