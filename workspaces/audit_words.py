"""The audit log in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from datetime import datetime

    from workspaces.models import AuditEntry

# The nouns that actions start with, as the filter offers them.
AREAS = (
    ("workspace.", _("Workspace")),
    ("member.", _("Members")),
    ("invitation.", _("Invitations")),
    ("key.", _("API keys")),
    ("credential.", _("Credentials")),
    ("draft.", _("Drafts")),
    ("entity.", _("Deployed assistants")),
    ("channel.", _("Channels")),
)
WORDS = {
    "workspace.created": _("created the workspace"),
    "workspace.renamed": _("renamed the workspace"),
    "workspace.deleted": _("deleted the workspace"),
    "member.joined": _("joined"),
    "member.left": _("left"),
    "member.removed": _("removed a member"),
    "member.role_changed": _("changed a role"),
    "invitation.sent": _("invited"),
    "invitation.withdrawn": _("withdrew an invitation"),
    "key.issued": _("made an API key"),
    "key.revoked": _("revoked an API key"),
    "credential.created": _("stored a credential"),
    "credential.replaced": _("replaced a credential"),
    "credential.deleted": _("deleted a credential"),
    "credential.tested": _("tested a credential"),
}


@dataclass(frozen=True)
class Described:
    """One entry as the page shows it."""

    at: datetime
    by: str
    words: Any
    target: str
    details: tuple[tuple[str, Any], ...]


def described(entry: AuditEntry) -> Described:
    """An action that this app has no words for is shown by its name, with spaces."""
    plain = entry.action.replace(".", " ").replace("_", " ")
    details = tuple((name.replace("_", " "), value) for name, value in entry.details.items())
    return Described(entry.at, entry.by, WORDS.get(entry.action, plain), entry.target, details)
