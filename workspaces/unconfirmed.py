"""Accounts for an address that nobody ever showed to be theirs.

Anybody can begin one with anybody's address. Whoever holds the link of an invitation for it has
shown more than that, so nothing of the kind may stand in their way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress
from allauth.account.utils import filter_users_by_email
from django.db import transaction

from workspaces import founding
from workspaces.access import Actor
from workspaces.models import AuditEntry, Membership, Role

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from workspaces.models import User


def is_free(email: str) -> bool:
    """Whether all that there is of ``email`` may go: an account that nobody has confirmed, signed
    in to or done anything with, and somebody's wish to change to that address."""
    if EmailAddress.objects.filter(email__iexact=email, verified=True).exists():
        return False
    return all(_is_unused(user) for user in _accounts(email))


@transaction.atomic
def make_room(email: str) -> None:
    """Remove all that there is of ``email``, unless it is not free any more."""
    # Locked, for the code may be typed at this very moment.
    list(EmailAddress.objects.select_for_update().filter(email__iexact=email))
    if not is_free(email):
        return
    for user in _accounts(email):
        for membership in _memberships(user):
            founding.delete(Actor(membership.workspace, Role.OWNER, user.email, user=user))
        user.delete()
    EmailAddress.objects.filter(email__iexact=email, verified=False).delete()


def _accounts(email: str) -> list[User]:
    """Those that sign in with ``email``, and not those that only wish to."""
    return [user for user in filter_users_by_email(email) if user.email.lower() == email.lower()]


def _is_unused(user: User) -> bool:
    """Never confirmed, signed in to, suspended or put in charge, and a member only of the workspace
    that it began with, in which nothing was ever done."""
    if not user.is_active or user.is_staff or user.is_superuser or user.last_login:
        return False
    if EmailAddress.objects.filter(user=user, verified=True).exists():
        return False
    own = list(_memberships(user))
    if len(own) > 1 or any(membership.role != Role.OWNER for membership in own):
        return False
    ids = [membership.workspace_id for membership in own]
    others = Membership.objects.filter(workspace__in=ids).exclude(user=user)
    done = AuditEntry.objects.filter(workspace__in=ids).exclude(action="workspace.created")
    return not others.exists() and not done.exists()


def _memberships(user: User) -> QuerySet[Membership]:
    return user.memberships.select_related("workspace")
