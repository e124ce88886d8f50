"""The page behind a shared preview link: what was said, to read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from common.problems import Problem
from conversations.sharing import open_shared
from conversations.transcript import of_preview

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_safe
@never_cache
def transcript(request: HttpRequest, token: str) -> HttpResponse:
    try:
        shared = open_shared(token)
    except Problem as problem:
        over = {"problem": problem}
        return render(request, "conversations/shared_over.html", over, status=problem.status)
    context = {"name": shared.name, "lines": of_preview(shared.session.messages)}
    response = render(request, "conversations/shared.html", context)
    # The link is the only key to the page, so it goes nowhere else.
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response
