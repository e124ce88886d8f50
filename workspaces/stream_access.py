"""The door for streams, which are answered without the pages' middleware."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth import get_user
from django.http import Http404, HttpResponse
from rest_framework.authentication import CSRFCheck

from common.problems import forbidden, not_found, unauthenticated
from workspaces.key_access import is_still_good
from workspaces.membership_access import member_of
from workspaces.models import Membership, Role
from workspaces.session_store import SessionStore

if TYPE_CHECKING:
    from django.http import HttpRequest

    from workspaces.actor import Actor

UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})


def actor_for_stream(request: HttpRequest, slug: str, at_least: Role = Role.VIEWER) -> Actor:
    """The member whose session cookie the request carries. Synchronous: it reads the database.

    Raises ``Problem`` 401, 403 (role too low, or no CSRF header on an unsafe method) or 404.
    """
    if not hasattr(request, "session"):
        _read_session(request)
    user = get_user(request)
    if not user.is_authenticated:
        raise unauthenticated("You are signed out. Sign in again and retry; nothing was lost.")
    _check_csrf(request)
    try:
        actor = member_of(user, slug)
    except Http404:
        raise not_found() from None
    if not actor.may(at_least):
        raise forbidden(f"This needs the role {at_least.label}.")
    return actor


def admit_again(request: HttpRequest, slug: str, at_least: Role = Role.VIEWER) -> Actor:
    """As ``actor_for_stream``, by the session as it is now: asked while an answer is given."""
    _read_session(request)
    return actor_for_stream(request, slug, at_least)


def may_still_listen(request: HttpRequest, actor: Actor) -> bool:
    """Whether ``request`` would be let in again as ``actor``: asked while a stream is open. False
    after signing out, a new password, or the end of the membership."""
    _read_session(request)
    return get_user(request) == actor.user and still_allowed(actor)


def still_allowed(actor: Actor) -> bool:
    """Whether ``actor`` would be let in again: asked by what stays open long, or starts late."""
    if actor.user is None:
        return actor.api_key is None or is_still_good(actor.api_key.pk)
    return Membership.objects.filter(
        workspace=actor.workspace_id, user=actor.user, user__is_active=True, role__gte=actor.role
    ).exists()


def _read_session(request: HttpRequest) -> None:
    request.session = SessionStore(request.COOKIES.get(settings.SESSION_COOKIE_NAME))


def _check_csrf(request: HttpRequest) -> None:
    if request.method not in UNSAFE:
        return
    check = CSRFCheck(_nothing)
    check.process_request(request)
    reason = check.process_view(request, _nothing, (), {})
    if reason:
        raise forbidden(f"The request could not be told from a forged one: {reason}")


def _nothing(_request: HttpRequest) -> HttpResponse:
    return HttpResponse()
