"""The doors of the builder's views: who asks, for which kind, for which draft."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.encoding import iri_to_uri
from django.utils.http import url_has_allowed_host_and_scheme

from common.htmx import wants_part
from common.http import problem_of
from drafts.access import open_snapshot, presented
from drafts.builder.opened import Opened
from drafts.types import by_url_name
from workspaces.access import Role, member

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponseBase

    from common.problems import Problem
    from drafts.types import DraftType
    from workspaces.access import Actor

    View = Callable[..., HttpResponseBase]

GONE = (404, 410)
NOT_ALLOWED = 403


def kind_page(at_least: Role = Role.VIEWER) -> Callable[[View], View]:
    """Decorates a view of one kind: it is given ``(request, actor, draft_type, …)``.

    A role that is too low is told apart from a forgery check that failed by a header, so that the
    page knows whether signing in again would help.
    """

    def decorate(view: View) -> View:
        @member()
        @wraps(view)
        def guarded(
            request: HttpRequest, actor: Actor, *, kind: str, **kwargs: Any
        ) -> HttpResponseBase:
            if not actor.may(at_least):
                return _not_allowed(request, actor, at_least)
            return view(request, actor, _draft_type(kind), **kwargs)

        return guarded

    return decorate


def draft_page(at_least: Role = Role.VIEWER) -> Callable[[View], View]:
    """Decorates a view of one draft: it is given ``(request, opened, …)``.

    What the draft machine refuses becomes an answer: for a draft that is gone a page that says
    what became of it, for the rest its status with plain words.
    """

    def decorate(view: View) -> View:
        @kind_page(at_least)
        @wraps(view)
        def guarded(
            request: HttpRequest,
            actor: Actor,
            draft_type: DraftType[Any],
            *,
            draft_id: str,
            **kwargs: Any,
        ) -> HttpResponseBase:
            try:
                read = open_snapshot(actor, draft_type, draft_id, at_least=at_least)
                shown = {name: request.GET.get(name, "") for name in ("view", "focus", "at")}
                opened = Opened(actor, draft_type, presented(draft_type, read), read, **shown)
                return view(request, opened, **kwargs)
            except Exception as error:
                # Raised again if it is a fault of ours.
                problem = problem_of(error)
                if problem is None or isinstance(error, Http404):
                    raise
                return refused(request, actor, draft_type, draft_id=draft_id, problem=problem)

        return guarded

    return decorate


def _draft_type(kind: str) -> DraftType[Any]:
    try:
        return by_url_name(kind)
    except LookupError as error:
        raise Http404 from error


def _not_allowed(request: HttpRequest, actor: Actor, at_least: Role) -> HttpResponse:
    context = {"actor": actor, "role": at_least.label, "partial": wants_part(request)}
    response = render(request, "drafts/not_allowed.html", context, status=NOT_ALLOWED)
    response["X-Role"] = actor.role.name.lower()
    return response


def next_url(request: HttpRequest, name: str) -> str:
    """Where the form's field ``name`` leads; empty when it leads to another site."""
    asked = request.POST.get(name, "")
    own = url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return iri_to_uri(asked) if own else ""


def refused(
    request: HttpRequest,
    actor: Actor,
    draft_type: DraftType[Any],
    *,
    draft_id: str,
    problem: Problem,
) -> HttpResponse:
    """``problem`` as a page, or as the part of one that was asked for."""
    name = "gone" if problem.status in GONE else "refused"
    context = {
        "actor": actor,
        "draft_type": draft_type,
        "problem": problem,
        "list_url": draft_type.list_url(actor.workspace),
        "words": " ".join([problem.detail, *(error.message for error in problem.errors)]),
        "partial": wants_part(request),
        "config": {"user": str(actor.user.pk) if actor.user else "", "draft": draft_id},
    }
    response = render(request, f"drafts/{name}.html", context, status=problem.status)
    for header, value in problem.headers.items():
        response[header] = value
    return response
