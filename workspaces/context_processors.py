"""What templates have to know of this installation, also where nobody is signed in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings

from workspaces import mail

if TYPE_CHECKING:
    from django.http import HttpRequest


def installation(request: HttpRequest) -> dict[str, Any]:
    """``sign_up``: who may make an account, "open", "invited" or "closed". ``mail_is_printed``:
    what would be sent is in the terminal of whoever runs the product."""
    return {"sign_up": settings.SIGN_UP, "mail_is_printed": mail.is_printed()}
