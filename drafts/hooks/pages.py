"""Where the pages of a kind are, and what they show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from drafts.models import Entity
    from workspaces.access import Actor
    from workspaces.models import Workspace


class PageHooks:
    """Their addresses begin with ``url_name``."""

    url_name: str

    def status_of(self, entity: Entity) -> str:
        """How a deployed entity is, in the API's lists."""
        return "live"

    def list_url(self, workspace: Workspace) -> str:
        """The page that lists the workspace's drafts and entities of this kind."""
        return f"/w/{workspace.slug}/{self.url_name}/"

    def detail_url(self, entity: Entity) -> str:
        """The page of a deployed entity."""
        return f"{self.list_url(entity.workspace)}{entity.pk}/"

    def success_url(self, entity: Entity) -> str:
        """Where the builder goes after a deploy; by default the entity's own page."""
        return self.detail_url(entity)

    def page_context(self, actor: Actor, entity: Entity) -> dict[str, Any]:
        """What ``page`` needs besides the frame's context."""
        return {}
