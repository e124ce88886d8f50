"""What the link of an invitation leads to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from workspaces import inviting
from workspaces.invitation_session import forget, invitation_in, remember
from workspaces.models import Role

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from workspaces.models import Invitation


@require_safe
@never_cache
def follow(request: HttpRequest, token: str) -> HttpResponse:
    """Note in the session that the link was opened, and take the token out of the address bar.

    Joins nobody: that takes a press of a button.
    """
    invitation = inviting.open_by_token(token)
    if invitation is None:
        return render(request, "workspaces/invitation_gone.html", status=410)
    remember(request, invitation)
    return redirect("invitation")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def invitation(request: HttpRequest) -> HttpResponse:
    """Show who invites where, and let the person in. The same for known and unknown addresses."""
    offer = invitation_in(request)
    if offer is None:
        return render(request, "workspaces/invitation_gone.html", status=410)
    fits = request.user.is_authenticated and request.user.email.lower() == offer.email.lower()
    if request.method == "POST" and fits:
        return _join(request, offer)
    context = {"invitation": offer, "role": Role(offer.role).label, "fits": fits}
    status = 403 if request.method == "POST" else 200
    return render(request, "workspaces/invitation.html", context, status=status)


def _join(request: HttpRequest, offer: Invitation) -> HttpResponse:
    assert request.user.is_authenticated
    forget(request)
    try:
        membership = inviting.accept(offer.pk, request.user)
    except inviting.InvitationError as error:
        messages.error(request, str(error))
        return redirect("home")
    messages.success(request, _("You are in %s now.") % membership.workspace.name)
    return redirect(settings.WORKSPACE_HOME, membership.workspace.slug)
