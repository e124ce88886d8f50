"""What templates of the chatflow builder look up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template
from django.urls import reverse

from chatflows import canvas

if TYPE_CHECKING:
    from drafts.builder.frame import Frame

register = template.Library()
# Where the canvas's script puts the id of a node.
PLACE = "__node__"


@register.simple_tag
def canvas_data(frame: Frame, sprite: str) -> dict[str, Any]:
    """What the canvas has to know when it is shown; ``sprite`` is the address of the icons."""
    opened = frame.opened
    place = (opened.actor.workspace.slug, opened.draft.id, PLACE)
    node_url = reverse("chatflows:node", args=place)
    told = canvas.canvas_data(opened, frame.issues)
    return told | {"sprite": sprite, "node_url": node_url, "texts": {}}


@register.simple_tag
def canvas_state(frame: Frame) -> dict[str, Any]:
    """What the canvas has to know after each save."""
    return canvas.canvas_state(frame.opened, frame.issues)
