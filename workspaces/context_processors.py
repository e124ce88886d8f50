"""What templates of people without an account have to know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from django.http import HttpRequest


def sign_up(request: HttpRequest) -> dict[str, str]:
    """``sign_up``: who may make an account, "open", "invited" or "closed"."""
    return {"sign_up": settings.SIGN_UP}
