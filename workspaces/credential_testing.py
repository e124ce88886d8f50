"""Tries a credential at its service. Later apps register how, by kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from common.registry import Registry
from workspaces.audit import record
from workspaces.credentials import note_refusal, values_of
from workspaces.encryption import UnreadableError

if TYPE_CHECKING:
    from workspaces.access import Actor
    from workspaces.models import Credential


class CredentialRefusedError(Exception):
    """The service did not take the credential, or could not be reached; the message says which.

    ``certain`` is whether it has told that it does not take it, which is kept.
    """

    def __init__(self, message: str, *, certain: bool = False) -> None:
        super().__init__(message)
        self.certain = certain


# By kind: tries the values at their service and says in one sentence what it found. Raises
# ``CredentialRefusedError`` with the service's words. It is given the stored values alone, so a
# caller cannot have a stored secret sent anywhere else.
Tester = Callable[[Mapping[str, str]], str]
credential_testers: Registry[Tester] = Registry("credential tester")

SHORTEST_MASKED = 6


@dataclass(frozen=True)
class Tested:
    """``ok`` None: nothing was tried. ``certain``: its service has told that it refuses it."""

    ok: bool | None
    message: str
    certain: bool = False


def test(actor: Actor, credential: Credential) -> Tested:
    """Try the stored values; the result never quotes them."""
    if credential.kind not in credential_testers:
        return Tested(None, _("Nothing can be asked with it alone: it is tried where it is used."))
    try:
        values = values_of(credential.workspace_id, credential.pk)
    except UnreadableError as error:
        return Tested(ok=False, message=f"{error} " + _("Replace the values."))
    except LookupError:
        return Tested(ok=False, message=_("It was deleted meanwhile."))
    tested = _tried(credential_testers.get(credential.kind), values)
    if tested.ok or tested.certain:
        refusal = "" if tested.ok else tested.message
        note_refusal(credential.workspace_id, credential.pk, values, refusal)
    record(actor, "credential.tested", credential.name, id=str(credential.pk), ok=tested.ok)
    return tested


def _tried(tester: Tester, values: Mapping[str, str]) -> Tested:
    try:
        return Tested(ok=True, message=masked(tester(values), values))
    except CredentialRefusedError as error:
        message = masked(str(error), values)
        return Tested(ok=False, message=message, certain=error.certain)


def masked(text: str, values: Mapping[str, str]) -> str:
    """A service may quote what it was sent."""
    for value in values.values():
        if len(value) >= SHORTEST_MASKED:
            text = text.replace(value, "••••")
    return text
