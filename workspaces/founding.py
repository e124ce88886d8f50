"""Creates, renames and deletes workspaces."""

from __future__ import annotations

import secrets
from functools import partial
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from common.deadlocks import outlasting
from common.limits import again
from common.registry import Registry
from workspaces.access import Actor
from workspaces.audit import record
from workspaces.limits import of_foundings
from workspaces.models import Membership, Role, User, Workspace

if TYPE_CHECKING:
    from collections.abc import Callable

# By app: clears what a workspace keeps outside the tables that refer to it (drafts, webhooks at
# the channels). Called inside the transaction that deletes the workspace, before any row is gone;
# what reaches outside the database goes through ``transaction.on_commit``.
workspace_cleaners: Registry[Callable[[Workspace], None]] = Registry("workspace cleaner")

SLUG_LENGTH = 48
TAIL_BYTES = 3


class FoundingError(ValueError):
    """It cannot be done; the message tells the person why."""


@transaction.atomic
def found(name: str, owner: User) -> Workspace:
    """A new workspace that ``owner`` owns; raises ``FoundingError`` when they have had enough."""
    _check_number(owner)
    workspace = Workspace.objects.create(name=name, slug=_free_slug(name))
    Membership.objects.create(workspace=workspace, user=owner, role=Role.OWNER)
    actor = Actor(workspace, Role.OWNER, owner.email, user=owner)
    record(actor, "workspace.created", name)
    return workspace


def _check_number(owner: User) -> None:
    most = settings.WORKSPACES_PER_PERSON
    if not most:
        return
    User.objects.select_for_update().get(pk=owner.pk)
    if owner.memberships.filter(role=Role.OWNER).count() >= most:
        words = _("You own %(most)s workspaces, and nobody may own more. Delete one first.")
        raise FoundingError(words % {"most": most})
    # Deleting one and making another is not a way around what a workspace may cost a day.
    if wait := of_foundings(owner).wait():
        raise FoundingError(f"{_('You made many workspaces today.')} {again(wait)}")


def found_personal(owner: User) -> Workspace:
    """The workspace that somebody who signs up starts with."""
    who = owner.name or owner.email.partition("@")[0]
    return found(_("%s's workspace") % who[:90], owner)


@transaction.atomic
def rename(actor: Actor, name: str) -> None:
    """A new name; the address stays, because links to it are out there."""
    record(actor, "workspace.renamed", name, was=actor.workspace.name)
    Workspace.objects.filter(pk=actor.workspace_id).update(name=name)


def delete(actor: Actor) -> None:
    """Delete the workspace with everything in it. Its audit log stays. Nothing happens when
    somebody else was quicker.

    A deploy holds what it changes before the workspace that it is in, and this the workspace first,
    so that nothing is made in it any more: where they wait for each other, either begins anew.
    """
    outlasting(partial(_delete, actor))


@transaction.atomic
def _delete(actor: Actor) -> None:
    workspace = Workspace.objects.select_for_update().filter(pk=actor.workspace_id).first()
    if workspace is None:
        return
    record(actor, "workspace.deleted", workspace.name)
    for clean in workspace_cleaners:
        clean(workspace)
    workspace.delete()


def _free_slug(name: str) -> str:
    """Random at its end, so that an address tells nothing about who else is here."""
    return f"{slugify(name)[:SLUG_LENGTH] or 'workspace'}-{secrets.token_hex(TAIL_BYTES)}"
