"""Invites people by e-mail and lets them in: once, in time, and with the address invited."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from workspaces import keys, mail
from workspaces.access import Actor
from workspaces.audit import record
from workspaces.models import Invitation, Membership, Role, Workspace

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

    from workspaces.models import User

VALID_FOR = timedelta(days=7)
MAX_OPEN = 200


class InvitationError(ValueError):
    """It cannot be done; the message tells the person why."""


@dataclass(frozen=True)
class Invited:
    """An invitation that was just made. ``link`` is for whoever invites to pass on, this once,
    where there is no mail server to send it; else empty."""

    invitation: Invitation
    link: str = ""


def invite(actor: Actor, email: str, role: Role) -> Invited:
    """Send an invitation, in the place of an open one to the same address.

    Where mails only end in a terminal the link is given back instead: it is kept nowhere, and
    belongs into no log. With a mail server it proves whose the mailbox is, so nobody is shown it.
    Says nothing about whether the address has an account. Raises ``InvitationError``.
    """
    if role > actor.role:
        raise InvitationError(_("You cannot give a role above your own."))
    address = email.strip().lower()
    if actor.workspace.memberships.filter(user__email__iexact=address).exists():
        raise InvitationError(_("%s is a member of this workspace.") % address)
    token = secrets.token_urlsafe(keys.SECRET_BYTES)
    invitation = _stored(actor, address, role, token)
    link = settings.PUBLIC_URL + reverse("invitation-link", kwargs={"token": token})
    if mail.is_printed():
        return Invited(invitation, link)
    _send(invitation, link, actor)
    return Invited(invitation)


@transaction.atomic
def withdraw(actor: Actor, invitation_id: UUID) -> bool:
    """Make an invitation's link useless; False when there is no such open invitation."""
    pending = actor.workspace.invitations.select_for_update().filter(accepted_at=None)
    invitation = pending.filter(pk=invitation_id).first()
    if invitation is None:
        return False
    record(actor, "invitation.withdrawn", invitation.email)
    invitation.delete()
    return True


def send_again(actor: Actor, invitation_id: UUID) -> Invited | None:
    """A new link to the same address, the old one dead; None when there is no such invitation."""
    invitation = actor.workspace.invitations.filter(pk=invitation_id, accepted_at=None).first()
    return None if invitation is None else invite(actor, invitation.email, Role(invitation.role))


def open_by_token(token: str) -> Invitation | None:
    """The open invitation whose link holds ``token``."""
    return _open().filter(digest=keys.digest(token)).first()


def open_by_id(invitation_id: UUID | str | None) -> Invitation | None:
    """The open invitation that a session was shown to hold the link of."""
    return _open().filter(pk=invitation_id).first() if invitation_id else None


@transaction.atomic
def accept(invitation_id: UUID, user: User) -> Membership:
    """Make ``user`` a member, once; raises ``InvitationError``."""
    invitation = Invitation.objects.select_for_update().filter(pk=invitation_id).first()
    if invitation is None or not invitation.is_open:
        raise InvitationError(_("This invitation was used, withdrawn or is too old."))
    if invitation.email.lower() != user.email.lower():
        raise InvitationError(_("This invitation is for %s.") % invitation.email)
    membership, is_new = Membership.objects.get_or_create(
        workspace=invitation.workspace, user=user, defaults={"role": invitation.role}
    )
    invitation.accepted_at = timezone.now()
    invitation.save(update_fields=["accepted_at"])
    if is_new:
        actor = Actor(invitation.workspace, Role(membership.role), user.email, user=user)
        record(actor, "member.joined", user.email, role=actor.role.name)
    return membership


@transaction.atomic
def _stored(actor: Actor, address: str, role: Role, token: str) -> Invitation:
    Workspace.objects.select_for_update().filter(pk=actor.workspace_id).first()
    pending = actor.workspace.invitations.filter(accepted_at=None)
    pending.filter(email__iexact=address).delete()
    if pending.count() >= MAX_OPEN:
        raise InvitationError(_("Too many invitations are open. Withdraw some first."))
    record(actor, "invitation.sent", address, role=role.name)
    return Invitation.objects.create(
        workspace=actor.workspace,
        email=address,
        role=role,
        digest=keys.digest(token),
        invited_by=actor.user,
        expires_at=timezone.now() + VALID_FOR,
    )


def _send(invitation: Invitation, link: str, actor: Actor) -> None:
    context = {
        "workspace": invitation.workspace,
        "invited_by": actor.identity,
        "role": Role(invitation.role).label,
        "link": link,
        "days": VALID_FOR.days,
    }
    if not mail.send("workspaces/email/invitation", invitation.email, context):
        raise InvitationError(
            _("The invitation is kept, but its mail could not be sent. Send it again later.")
        )


def _open() -> QuerySet[Invitation]:
    return Invitation.objects.select_related("workspace", "invited_by").filter(
        accepted_at=None, expires_at__gt=timezone.now()
    )
