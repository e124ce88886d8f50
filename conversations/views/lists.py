"""What the lists of conversations, leads and questions have alike: filter, pages, addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from conversations.selection import Selection
    from workspaces.access import Actor

PAGE = 50
# Choices that a filter folds away until they are asked for.
FURTHER = ("answers", "feedback", "lead", "since", "until")


def listed(
    request: HttpRequest, actor: Actor, form: Selection, rows: Any, more: str | None
) -> dict[str, Any]:
    return {
        "actor": actor,
        "form": form,
        "rows": rows,
        "filtered": is_filtered(request, form),
        "is_further": any(request.GET.get(name) for name in FURTHER),
        "query": query(request),
        "place": place(request),
        "next": query(request, cursor=more) if more else "",
        "newest": f"{request.path}{query(request)}" if cursor(request) else "",
    }


def is_filtered(request: HttpRequest, form: Selection) -> bool:
    return any(request.GET.get(name) for name in form.fields)


def answer(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """The page. Where its filter asked for it, its address is told without what was left open."""
    status = 200 if context["form"].is_valid() else 422
    response = render(request, template, context, status=status)
    if request.headers.get("HX-Source", "").startswith("form"):
        response.headers["HX-Replace-Url"] = f"{request.path}{query(request)}"
    return response


def cursor(request: HttpRequest) -> str:
    return request.GET.get("cursor", "")


def query(request: HttpRequest, **more: str) -> str:
    """The filter as a query string, from its question mark on; empty where nothing is chosen."""
    given = request.GET.copy()
    for name in ("cursor", "before", "at"):
        given.pop(name, None)
    for name in [name for name in given if not given[name]]:
        del given[name]
    given.update(more)
    return f"?{given.urlencode()}" if given else ""


def place(request: HttpRequest) -> str:
    """The filter with the place in its pages, as a query string."""
    return query(request, cursor=cursor(request)) if cursor(request) else query(request)
