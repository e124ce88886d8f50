"""Who may do what: people, workspaces, keys, credentials, and the record of changes."""

from workspaces.models.audit import AuditEntry
from workspaces.models.credential import Credential
from workspaces.models.invitation import Invitation
from workspaces.models.keys import ApiKey
from workspaces.models.people import Membership, Role, User, Workspace

__all__ = [
    "ApiKey",
    "AuditEntry",
    "Credential",
    "Invitation",
    "Membership",
    "Role",
    "User",
    "Workspace",
]
