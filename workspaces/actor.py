"""Who acts, in which workspace, with which role."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workspaces.models import Role

if TYPE_CHECKING:
    from uuid import UUID

    from workspaces.models import ApiKey, User, Workspace


@dataclass(frozen=True)
class Actor:
    """Somebody acting in a workspace: a member in the builder or a key in the API.

    ``label`` names them on screens and in histories: a person's name (``membership_access``), or a
    key's, in words that no person can be called by (``key_access``).
    """

    workspace: Workspace
    role: Role
    label: str
    user: User | None = None
    api_key: ApiKey | None = None

    @property
    def workspace_id(self) -> UUID:
        return self.workspace.pk

    @property
    def person(self) -> User | None:
        """The member who acts, also by a key of theirs; None for a key that no member made."""
        if self.user:
            return self.user
        return self.api_key.created_by if self.api_key else None

    @property
    def identity(self) -> str:
        """Who it is, whatever they call themselves: the e-mail address, or a key's name."""
        if self.user:
            return self.user.email
        return self.api_key.name if self.api_key else self.label

    @property
    def is_editor(self) -> bool:
        return self.may(Role.EDITOR)

    @property
    def is_admin(self) -> bool:
        return self.may(Role.ADMIN)

    @property
    def is_owner(self) -> bool:
        return self.may(Role.OWNER)

    def may(self, at_least: Role) -> bool:
        return self.role >= at_least
