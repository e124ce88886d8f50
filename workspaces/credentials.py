"""Keeps the workspace's secrets for outside services: values go in and come out only here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.problems import FieldError, invalid, not_found
from common.registry import Registry
from workspaces.audit import record
from workspaces.credential_kinds import KINDS, cleaned
from workspaces.credential_use import tell_followers
from workspaces.encryption import UnreadableError, reseal, seal, unseal
from workspaces.models import Credential

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from uuid import UUID

    from django.db.models import QuerySet

    from workspaces.access import Actor

MAX_PER_WORKSPACE = 500
# What is stored of them.
VALUES = ("encrypted", "hint", "host", "refusal")
# By app: rows of apps above that hold something sealed in ``encrypted``.
sealed_rows: Registry[Callable[[], QuerySet[Any]]] = Registry("sealed rows")


def values_of(workspace_id: UUID, credential_id: UUID | str) -> dict[str, str]:
    """The values in the clear, for the moment of use; never keep, log or show them.

    Raises ``LookupError`` when the workspace has no such credential or it cannot be read.
    """
    found = Credential.objects.filter(workspace=workspace_id, pk=credential_id).first()
    if found is None:
        raise LookupError("The workspace has no such credential.")
    return unseal(found.encrypted, found.workspace_id, found.pk)


def readable_values_of(credential: Credential) -> dict[str, str]:
    """As ``values_of``, without any where they cannot be read."""
    try:
        return values_of(credential.workspace_id, credential.pk)
    except LookupError:
        return {}


def values_in(credential: Credential) -> dict[str, str]:
    """The values of ``credential`` as it was read; none where they cannot be read."""
    try:
        return unseal(credential.encrypted, credential.workspace_id, credential.pk)
    except UnreadableError:
        return {}


def note_refusal(
    workspace_id: UUID, credential_id: UUID | str, values: Mapping[str, str], refusal: str
) -> None:
    """Keep in what words its service refused ``values``, empty where it took them; nothing is kept
    where the credential has others by now."""
    found = Credential.objects.filter(workspace=workspace_id, pk=credential_id).first()
    if found and found.refusal != refusal and values_in(found) == {**values}:
        same = Credential.objects.filter(pk=found.pk, encrypted=found.encrypted)
        same.update(refusal=refusal)


def find(actor: Actor, credential_id: UUID) -> Credential:
    """The actor's workspace's credential; raises ``Problem`` 404."""
    found = Credential.objects.filter(workspace=actor.workspace_id, pk=credential_id).first()
    if found is None:
        raise not_found(_("There is no such credential."))
    return found


@transaction.atomic
def create(actor: Actor, *, name: str, kind: str, values: Mapping[str, str]) -> Credential:
    """A new credential; raises ``Problem`` 422 naming what is wrong with ``values``."""
    if Credential.objects.filter(workspace=actor.workspace_id).count() >= MAX_PER_WORKSPACE:
        raise invalid(_("The workspace is full: delete a credential that is no longer used."))
    credential = Credential(workspace=actor.workspace, name=name, kind=kind, created_by=actor.user)
    _fill(credential, values)
    credential.save()
    record(actor, "credential.created", name, kind=kind, id=str(credential.pk))
    return credential


@transaction.atomic
def replace(
    actor: Actor, credential: Credential, values: Mapping[str, str], *, name: str | None = None
) -> Credential:
    """New values in the place of all the old ones, so that no old secret goes to a new host.

    Raises ``Problem`` 404 when it was deleted meanwhile, 422 as ``create``.
    """
    _lock(credential)
    before = readable_values_of(credential)
    credential.name = name or credential.name
    _fill(credential, values)
    credential.save(update_fields=[*VALUES, "name", "updated_at"])
    if before != cleaned(values):
        tell_followers(credential, before)
    record(actor, "credential.replaced", credential.name, id=str(credential.pk))
    return credential


@transaction.atomic
def delete(actor: Actor, credential: Credential) -> None:
    """Raises ``Problem`` 404 when somebody else was quicker."""
    _lock(credential)
    record(actor, "credential.deleted", credential.name, id=str(credential.pk))
    tell_followers(credential, readable_values_of(credential))
    credential.delete()


def rotate() -> tuple[int, int]:
    """Encrypt everything that is sealed again under the newest key: how many rows were, and how
    many could not be read."""
    done = unreadable = 0
    for rows in (Credential.objects.all, *sealed_rows):
        for row in rows().only("pk", "encrypted").iterator():
            try:
                sealed = reseal(row.encrypted)
            except UnreadableError:
                unreadable += 1
                continue
            # Somebody may have replaced the values meanwhile; theirs are under the newest key.
            unchanged = rows().filter(pk=row.pk, encrypted=row.encrypted)
            done += unchanged.update(encrypted=sealed)
    return done, unreadable


def _lock(credential: Credential) -> None:
    """Hold the credential's row; raises ``Problem`` 404 when it was deleted meanwhile."""
    if not Credential.objects.select_for_update().filter(pk=credential.pk).exists():
        raise not_found(_("There is no such credential."))


def _fill(credential: Credential, values: Mapping[str, str]) -> None:
    kind = KINDS.get(credential.kind)
    if kind is None:
        known = ", ".join(KINDS)
        raise invalid(_("There is no such kind."), FieldError("kind", f"Choose one of: {known}."))
    given = cleaned(values)
    problems = tuple(kind.problems(given))
    if problems:
        raise invalid(_("The values are not complete. Nothing was stored."), *problems)
    credential.encrypted = seal(given, credential.workspace_id, credential.pk)
    credential.hint = kind.hint(given)
    credential.host = kind.host(given)
    credential.refusal = ""
