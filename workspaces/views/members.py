"""The page of members and invitations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.htmx import toast, wants_part
from workspaces import inviting, membership
from workspaces.access import Actor, Role, member
from workspaces.forms import InviteForm, RoleForm, roles_up_to
from workspaces.limits import of_invitations
from workspaces.models import Membership
from workspaces.views.answers import confirm

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest


@require_safe
@member()
def members(request: HttpRequest, actor: Actor) -> HttpResponse:
    return _page(request, actor, InviteForm(actor=actor, initial={"role": Role.EDITOR}))


@require_POST
@never_cache
@member(at_least=Role.ADMIN)
def invite(request: HttpRequest, actor: Actor) -> HttpResponse:
    form = InviteForm(request.POST, actor=actor)
    if not form.is_valid():
        return _page(request, actor, form, status=422)
    if of_invitations(actor).wait():
        form.add_error(None, _("Many invitations went out in the last hour. Send more later."))
        return _page(request, actor, form, status=429)
    try:
        invited = inviting.invite(actor, form.cleaned_data["email"], form.cleaned_data["role"])
    except inviting.InvitationError as error:
        form.add_error("email", str(error))
        return _page(request, actor, form, status=422)
    if invited.link:
        return _link(request, actor, invited)
    messages.success(request, _("The invitation to %s is sent.") % form.cleaned_data["email"])
    return redirect("workspaces:members", actor.workspace.slug)


@require_POST
@never_cache
@member(at_least=Role.ADMIN)
def send_again(request: HttpRequest, actor: Actor, invitation_id: UUID) -> HttpResponse:
    if of_invitations(actor).wait():
        messages.error(request, _("Many invitations went out in the last hour. Send it later."))
        return redirect("workspaces:members", actor.workspace.slug)
    try:
        sent = inviting.send_again(actor, invitation_id)
    except inviting.InvitationError as error:
        messages.error(request, str(error))
    else:
        if sent is None:
            raise Http404
        if sent.link:
            return _link(request, actor, sent)
        messages.success(request, _("A new link is on its way; the old one no longer works."))
    return redirect("workspaces:members", actor.workspace.slug)


def _link(request: HttpRequest, actor: Actor, invited: inviting.Invited) -> HttpResponse:
    """The link itself, this once: a redirect would have to keep it somewhere."""
    context = {
        "actor": actor,
        "invitation": invited.invitation,
        "link": invited.link,
        "days": inviting.VALID_FOR.days,
    }
    return render(request, "workspaces/invitation_link.html", context)


@require_POST
@member(at_least=Role.ADMIN)
def withdraw(request: HttpRequest, actor: Actor, invitation_id: UUID) -> HttpResponse:
    if not inviting.withdraw(actor, invitation_id):
        raise Http404
    messages.success(request, _("The invitation is withdrawn."))
    return redirect("workspaces:members", actor.workspace.slug)


@require_POST
@member(at_least=Role.ADMIN)
def change_role(request: HttpRequest, actor: Actor, membership_id: int) -> HttpResponse:
    """Answers htmx with the row as it is now; whoever changed their own role gets a new page, since
    they may do something else on it now."""
    person = _mine(actor, membership_id).user
    form = RoleForm(request.POST, actor=actor)
    error = _change(actor, membership_id, form)
    said = error or _("The role is changed.")
    back = reverse("workspaces:members", args=[actor.workspace.slug])
    if wants_part(request) and person == actor.user and not error:
        messages.success(request, said)
        return HttpResponse(status=204, headers={"HX-Redirect": back})
    if wants_part(request):
        context = {"actor": actor, "row": _row(actor, _mine(actor, membership_id))}
        row = render(request, "workspaces/members.html#row", context, status=422 if error else 200)
        return toast(row, said, "red" if error else "green")
    (messages.error if error else messages.success)(request, said)
    return redirect(back)


@require_http_methods(["GET", "HEAD", "POST"])
@member(at_least=Role.ADMIN)
def remove(request: HttpRequest, actor: Actor, membership_id: int) -> HttpResponse:
    person = _mine(actor, membership_id).user
    back = reverse("workspaces:members", args=[actor.workspace.slug])
    if request.method != "POST":
        context = {
            "actor": actor,
            "title": _("Remove %s?") % person,
            "text": _("They lose access at once, and the API keys they made stop working."),
            "button": _("Remove"),
            "back": back,
        }
        return confirm(request, context)
    try:
        membership.remove(actor, membership_id)
    except membership.MembershipError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("%s is no longer a member.") % person)
    return redirect("home" if person == actor.user else back)


@require_http_methods(["GET", "HEAD", "POST"])
@member()
def leave(request: HttpRequest, actor: Actor) -> HttpResponse:
    back = reverse("workspaces:general", args=[actor.workspace.slug])
    if request.method != "POST":
        context = {
            "actor": actor,
            "title": _("Leave %s?") % actor.workspace.name,
            "text": _("You lose access at once, and the API keys you made stop working."),
            "button": _("Leave"),
            "back": back,
        }
        return confirm(request, context)
    try:
        membership.leave(actor)
    except membership.MembershipError as error:
        messages.error(request, str(error))
        return redirect(back)
    messages.success(request, _("You left %s.") % actor.workspace.name)
    return redirect("home")


def _change(actor: Actor, membership_id: int, form: RoleForm) -> str:
    """Why it was not done; empty when it was."""
    if not form.is_valid():
        return _("You cannot give that role.")
    try:
        membership.change_role(actor, membership_id, form.cleaned_data["role"])
    except membership.MembershipError as error:
        return str(error)
    return ""


def _page(request: HttpRequest, actor: Actor, form: InviteForm, status: int = 200) -> HttpResponse:
    people = actor.workspace.memberships.select_related("user").order_by("-role", "user__email")
    context = {
        "actor": actor,
        "rows": [_row(actor, one) for one in people],
        "invitations": _open_invitations(actor),
        "form": form,
    }
    return render(request, "workspaces/members.html", context, status=status)


def _row(actor: Actor, one: Membership) -> dict[str, Any]:
    touchable = actor.is_admin and actor.may(Role(one.role))
    return {
        "membership": one,
        "is_me": one.user_id == (actor.user and actor.user.pk),
        "roles": roles_up_to(actor) if touchable else [],
    }


def _open_invitations(actor: Actor) -> Any:
    return actor.workspace.invitations.filter(accepted_at=None) if actor.is_admin else []


def _mine(actor: Actor, membership_id: int) -> Membership:
    return get_object_or_404(
        Membership.objects.select_related("user"),
        pk=membership_id,
        workspace=actor.workspace_id,
    )
