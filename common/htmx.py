"""What htmx says about a request, and what it is told besides an answer. Pages only: streams do not
pass its middleware."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest, HttpResponse
    from django_htmx.middleware import HtmxDetails


def htmx_of(request: HttpRequest) -> HtmxDetails:
    """False for a request that htmx did not send."""
    return cast("HtmxDetails", request.htmx)  # type: ignore[attr-defined]


def wants_part(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of a page. What it takes a part from by itself, and going back
    through the history, want the whole page."""
    htmx = htmx_of(request)
    return bool(htmx) and htmx.request_type != "full" and not htmx.history_restore_request


def toast(response: HttpResponse, text: str, tone: str = "green") -> HttpResponse:
    """Let the page say ``text`` in a corner."""
    return let_know(response, "toast", {"text": text, "tone": tone})


def let_know(response: HttpResponse, event: str, detail: Mapping[str, str]) -> HttpResponse:
    """Have the page hear of ``event``, besides what it hears of already."""
    told = json.loads(response.headers.get("HX-Trigger", "{}"))
    response.headers["HX-Trigger"] = json.dumps({**told, event: detail})
    return response
