"""The pages of the settings that other apps keep."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template

from workspaces.settings_pages import SettingsPage, more_pages

if TYPE_CHECKING:
    from workspaces.access import Actor

register = template.Library()


@register.filter
def more_settings_pages(actor: Actor) -> list[SettingsPage]:
    return more_pages(actor)
