"""A part of an answer as a message of the Cloud API. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from channels_deploy.dialects.part import Button, Part


def content(part: Part) -> dict[str, Any]:
    """The text, with the buttons that say something below it."""
    buttons = [button for row in part.buttons for button in row if button.data]
    if not buttons:
        return {"type": "text", "text": {"body": part.text, "preview_url": False}}
    shown = _as_list(buttons) if part.opens_a_list else _below(buttons)
    return {"type": "interactive", "interactive": {"body": {"text": part.text}, **shown}}


def _below(buttons: Sequence[Button]) -> dict[str, Any]:
    replies = [{"type": "reply", "reply": _choice(button)} for button in buttons]
    return {"type": "button", "action": {"buttons": replies}}


def _as_list(buttons: Sequence[Button]) -> dict[str, Any]:
    rows = [_choice(button) for button in buttons]
    return {"type": "list", "action": {"button": _("Choose"), "sections": [{"rows": rows}]}}


def _choice(button: Button) -> dict[str, str]:
    return {"id": button.data, "title": button.label}
