"""What every page of a workspace tells of conversations that were handed to people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template

from conversations.selection import waiting

if TYPE_CHECKING:
    from workspaces.access import Actor

register = template.Library()


@register.simple_tag
def waiting_for_a_person(actor: Actor) -> int:
    """How many of them nobody has yet."""
    return waiting(actor)
