"""Changes who is in a workspace and in which role. A workspace always keeps an owner."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from workspaces import keys
from workspaces.audit import record
from workspaces.models import Invitation, Membership, Role, Workspace

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from workspaces.access import Actor
    from workspaces.models import User


class MembershipError(ValueError):
    """The change is not allowed; the message tells the person why, and nothing was changed."""


@transaction.atomic
def change_role(actor: Actor, membership_id: int, role: Role) -> Membership:
    """Give a member another role; invitations they sent to a role above it stop working.

    Raises ``Membership.DoesNotExist`` for somebody else's members, ``MembershipError``.
    """
    membership = _locked(actor, membership_id)
    _check_may_touch(actor, membership)
    if role > actor.role:
        raise MembershipError(_("You cannot give a role above your own."))
    if membership.role == Role.OWNER and role != Role.OWNER:
        _check_another_owner(actor)
    was = Role(membership.role)
    membership.role = role
    membership.save(update_fields=["role"])
    if was != role:
        record(actor, "member.role_changed", membership.user.email, was=was.name, now=role.name)
    _open_invitations(actor, membership.user).filter(role__gt=role).delete()
    return membership


@transaction.atomic
def remove(actor: Actor, membership_id: int) -> Membership:
    """Take a member out; the keys and open invitations they made stop working.

    Raises ``Membership.DoesNotExist``, ``MembershipError``.
    """
    membership = _locked(actor, membership_id)
    _check_may_touch(actor, membership)
    return _end(actor, membership, "member.removed")


@transaction.atomic
def leave(actor: Actor) -> None:
    """Take the actor, if still a member, out of the workspace; raises ``MembershipError`` for the
    last owner."""
    _lock(actor)
    mine = Membership.objects.select_related("user").filter(
        workspace=actor.workspace_id, user=actor.user
    )
    if (membership := mine.first()) is not None:
        _end(actor, membership, "member.left")


def is_only_owner(actor: Actor) -> bool:
    """Whether the workspace would have no owner without the actor."""
    return actor.is_owner and not _has_another_owner(actor)


def owned_alone(user: User) -> QuerySet[Workspace]:
    """The workspaces that would have no owner without ``user``."""
    others = Membership.objects.filter(workspace=OuterRef("pk"), role=Role.OWNER).exclude(user=user)
    mine = Workspace.objects.filter(memberships__user=user, memberships__role=Role.OWNER)
    return mine.filter(~Exists(others))


def _end(actor: Actor, membership: Membership, action: str) -> Membership:
    if membership.role == Role.OWNER:
        _check_another_owner(actor)
    revoked = keys.revoke_made_by(actor.workspace, membership.user)
    _open_invitations(actor, membership.user).delete()
    record(actor, action, membership.user.email, keys_revoked=revoked)
    membership.delete()
    return membership


def _open_invitations(actor: Actor, by: User) -> QuerySet[Invitation]:
    return Invitation.objects.filter(workspace=actor.workspace_id, invited_by=by, accepted_at=None)


def _lock(actor: Actor) -> None:
    """Hold the workspace: two owners may be demoting each other, or both remove one person."""
    Workspace.objects.select_for_update().filter(pk=actor.workspace_id).first()


def _locked(actor: Actor, membership_id: int) -> Membership:
    """The membership, with the workspace locked."""
    _lock(actor)
    found = Membership.objects.select_related("user").filter(
        pk=membership_id, workspace=actor.workspace_id
    )
    membership = found.first()
    if membership is None:
        raise MembershipError(_("They are not a member any more."))
    return membership


def _check_may_touch(actor: Actor, membership: Membership) -> None:
    if membership.role > actor.role:
        raise MembershipError(_("Only an owner can change or remove an owner."))


def _has_another_owner(actor: Actor) -> bool:
    return Membership.objects.filter(workspace=actor.workspace_id, role=Role.OWNER).count() > 1


def _check_another_owner(actor: Actor) -> None:
    if not _has_another_owner(actor):
        raise MembershipError(
            _("The workspace needs an owner. Make somebody else an owner first, or delete it.")
        )
