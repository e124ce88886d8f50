"""What one page may load beyond the policy that all pages share."""

from __future__ import annotations

from typing import TypeVar

from django.http import HttpResponse

ResponseT = TypeVar("ResponseT", bound=HttpResponse)


def with_pictures(response: ResponseT) -> ResponseT:
    """Let the page show pictures from anywhere on the web, as the widget's may be: its address
    often leads on to another one, so that its own origin would not do."""
    response._csp_update = {"img-src": ["https:"]}  # type: ignore[attr-defined]  # noqa: SLF001
    return response
