"""A part's buttons as the Bot API takes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from channels_deploy.dialects.part import Button, Part


def markup(part: Part) -> dict[str, Any]:
    """What a message says of its buttons; nothing where it has none."""
    rows = [[_button(button) for button in row] for row in part.buttons]
    return {"reply_markup": {"inline_keyboard": rows}} if rows else {}


def _button(button: Button) -> dict[str, str]:
    leads = {"url": button.url} if button.url else {"callback_data": button.data}
    return {"text": button.label, **leads}
