"""What the lists of conversations, leads and questions have alike: filter, pages, addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from conversations.selection import Selection
    from workspaces.access import Actor

PAGE = 50


def listed(
    request: HttpRequest, actor: Actor, form: Selection, rows: Any, more: str | None
) -> dict[str, Any]:
    return {
        "actor": actor,
        "form": form,
        "rows": rows,
        "filtered": any(request.GET.get(name) for name in form.fields),
        "query": query(request),
        "next": query(request, cursor=more) if more else "",
        "newest": query(request) if cursor(request) else "",
    }


def answer(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    return render(request, template, context, status=200 if context["form"].is_valid() else 422)


def cursor(request: HttpRequest) -> str:
    return request.GET.get("cursor", "")


def query(request: HttpRequest, **more: str) -> str:
    """The filter as a query string, from its question mark on."""
    given = request.GET.copy()
    for place in ("cursor", "before", "at"):
        given.pop(place, None)
    for name in [name for name in given if not given[name]]:
        del given[name]
    given.update(more)
    return f"?{given.urlencode()}"
