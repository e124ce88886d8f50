"""The audit log in words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.registry import Registry
from workspaces.models import ApiKey, Credential, Role
from workspaces.models.keys import key_label

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from django.utils.functional import _StrPromise

    from workspaces.models import AuditEntry

# The nouns that actions start with, as the filter offers them; what other apps record is the rest.
REST = "rest"
AREAS = (
    ("workspace.", _("Workspace")),
    ("member.", _("Members")),
    ("invitation.", _("Invitations")),
    ("key.", _("API keys")),
    ("credential.", _("Credentials")),
    ("subscription.", _("Webhooks")),
    (REST, _("Bots and drafts")),
)
# Words by action; other apps add their own.
audit_words: Registry[str | _StrPromise] = Registry("audit action")
for action, words in {
    "workspace.created": _("Created the workspace"),
    "workspace.renamed": _("Renamed the workspace"),
    "workspace.deleted": _("Deleted the workspace"),
    "member.joined": _("Joined"),
    "member.left": _("Left"),
    "member.removed": _("Removed a member"),
    "member.role_changed": _("Changed a role"),
    "invitation.sent": _("Invited"),
    "invitation.withdrawn": _("Withdrew an invitation"),
    "key.issued": _("Made an API key"),
    "key.revoked": _("Revoked an API key"),
    "credential.created": _("Stored a credential"),
    "credential.replaced": _("Replaced a credential"),
    "credential.deleted": _("Deleted a credential"),
    "credential.tested": _("Tested a credential"),
}.items():
    audit_words.register(action, words)
# Kept for programs; a person reads the name.
IDS = frozenset({"id"})
# What details are called, in the order in which they are told.
NAMES: Mapping[str, str | _StrPromise] = {
    "was": _("before"),
    "now": _("now"),
    "role": _("role"),
    "kind": _("kind"),
    "scope": _("access"),
    "prefix": _("key"),
    "ok": _("it worked"),
    "channel": _("channel"),
    "found": _("found"),
    "version": _("version"),
    "keys_revoked": _("API keys revoked"),
    "days_before": _("days before"),
    "days_now": _("days now"),
    "conversations": _("conversations"),
    "leads": _("leads"),
    "arrivals": _("chats without an answer"),
}
_ROLES = {role.name: role.label for role in Role}
# What the values of some details are called.
LABELS: Mapping[str, Mapping[str, str | _StrPromise]] = {
    "role": _ROLES,
    "was": _ROLES,
    "now": _ROLES,
    "scope": dict(ApiKey.Scope.choices),
    "kind": dict(Credential.Kind.choices),
}


def about(area: str) -> Q:
    """The entries of an area."""
    if area != REST:
        return Q(action__startswith=area)
    own = [Q(action__startswith=noun) for noun, _label in AREAS if noun != REST]
    return ~reduce(or_, own)


@dataclass(frozen=True)
class Described:
    """One entry as the page shows it."""

    at: datetime
    by: str
    is_key: bool
    words: Any
    target: str
    details: tuple[tuple[Any, Any], ...]


def described(entry: AuditEntry) -> Described:
    """An action that nobody has words for is shown by its name, with spaces."""
    known = entry.action in audit_words
    words = audit_words.get(entry.action) if known else _plain(entry.action).capitalize()
    given = entry.details
    told = [name for name in dict.fromkeys((*NAMES, *given)) if name in given and name not in IDS]
    details = tuple((NAMES.get(name, _plain(name)), _value(name, given[name])) for name in told)
    is_key = entry.api_key_id is not None
    by = key_label(entry.by) if is_key else entry.by
    return Described(entry.at, by, is_key, words, entry.target, details)


def _plain(name: str) -> str:
    return name.replace(".", " ").replace("_", " ")


def _value(name: str, value: Any) -> Any:
    """A detail for people: a choice by its label, no True and no False."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return LABELS.get(name, {}).get(value, value) if isinstance(value, str) else value
