"""How these pages answer: a page or, for htmx, the part of it that was asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render

from common.htmx import wants_part

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest, HttpResponse, QueryDict


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form was sent with; None when it was not sent."""
    return request.POST if request.method == "POST" else None


def confirm(request: HttpRequest, context: Mapping[str, Any]) -> HttpResponse:
    """Ask before something that cannot be undone, in a dialog or on a page of its own.

    ``context``: ``actor``, ``title``, ``text``, ``button``, ``back``; the form posts to this page.
    """
    template = "workspaces/confirm.html"
    if wants_part(request):
        template += "#dialog"
    return render(request, template, {**context, "action": request.path})
