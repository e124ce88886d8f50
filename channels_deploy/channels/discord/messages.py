"""A part of an answer as a message of Discord's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from channels_deploy.dialects.part import Button, Part

LONGEST = 2000
ROW, BUTTON = 1, 2
SECONDARY, LINK = 2, 5
WITHOUT_PREVIEWS = 4


def message(part: Part) -> dict[str, Any]:
    """Calls nobody, whatever stands in it, and shows no previews of what it links to."""
    rows = [{"type": ROW, "components": [_button(each) for each in row]} for row in part.buttons]
    return {
        "content": part.text,
        "components": rows,
        "allowed_mentions": {"parse": []},
        "flags": WITHOUT_PREVIEWS,
    }


def calling(user_id: str, part: Part) -> dict[str, Any]:
    """The same for somebody in a channel of many, who is called where there is room for that."""
    made, name = message(part), f"<@{user_id}> "
    if len(name) + len(part.text) <= LONGEST:
        made["content"] = name + part.text
        made["allowed_mentions"] = {"parse": [], "users": [user_id]}
    return made


def _button(button: Button) -> dict[str, Any]:
    if button.url:
        return {"type": BUTTON, "style": LINK, "label": button.label, "url": button.url}
    return {
        "type": BUTTON,
        "style": SECONDARY,
        "label": button.label,
        "custom_id": button.data,
    }
