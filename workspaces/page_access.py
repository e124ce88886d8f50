"""The door for pages: a signed-in member, or a way to the sign-in."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from common.htmx import htmx_of
from workspaces.membership_access import member_of
from workspaces.models import Role

if TYPE_CHECKING:
    from collections.abc import Callable

    from workspaces.actor import Actor

LAST_WORKSPACE = "workspace"


class SignInRequiredError(Exception):
    """Nobody is signed in."""


def actor_for(request: HttpRequest, slug: str, at_least: Role = Role.VIEWER) -> Actor:
    """The signed-in member of the workspace ``slug``.

    Raises ``SignInRequiredError``, ``Http404`` (unknown and foreign alike), ``PermissionDenied``.
    """
    if not request.user.is_authenticated:
        raise SignInRequiredError
    actor = member_of(request.user, slug)
    if not actor.may(at_least):
        raise PermissionDenied(f"This needs the role {at_least.label}.")
    if request.session.get(LAST_WORKSPACE) != slug:
        request.session[LAST_WORKSPACE] = slug
    return actor


def member(
    at_least: Role = Role.VIEWER,
) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Decorates a page: the URL's ``workspace`` becomes the ``Actor`` that the view is given.

    Nobody signed in: a page redirects to the sign-in; a background request gets 401, because a
    redirect would put a sign-in form into the middle of the page.
    """

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, *, workspace: str, **kwargs: Any) -> HttpResponseBase:
            try:
                actor = actor_for(request, workspace, at_least)
            except SignInRequiredError:
                return sign_in_first(request)
            return view(request, actor, **kwargs)

        return guarded

    return decorate


def sign_in_first(request: HttpRequest) -> HttpResponse:
    """The way to the sign-in, and back to this page afterwards."""
    if htmx_of(request):
        return HttpResponse(status=401, headers={"HX-Trigger": "auth:required"})
    return redirect_to_login(request.get_full_path() if request.method == "GET" else "/")
