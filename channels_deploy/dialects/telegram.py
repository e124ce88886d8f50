"""How an answer is written for Telegram."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from channels_deploy.dialects.part import Button, Part

if TYPE_CHECKING:
    from conversations.turn import Done


def parts(answer: Done) -> tuple[Part, ...]:
    """The messages that say the answer."""
    rows = tuple((Button(text, data=text),) for text in answer.follow_ups)
    return (Part(escape(answer.message), answer.message, rows),)


def markup(part: Part) -> dict[str, Any]:
    """The part's buttons as the Bot API takes them."""
    rows = [[_button(button) for button in row] for row in part.buttons]
    return {"reply_markup": {"inline_keyboard": rows}} if rows else {}


def _button(button: Button) -> dict[str, str]:
    leads = {"url": button.url} if button.url else {"callback_data": button.data}
    return {"text": button.label, **leads}
