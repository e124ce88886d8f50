"""What a release holds, in today's shape."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drafts.types import draft_types

if TYPE_CHECKING:
    from drafts.models import Release


def configuration_of(release: Release) -> dict[str, Any]:
    """The release's configuration, whichever version of the schema it was stored under."""
    draft_type = draft_types.get(release.entity.kind)
    return draft_type.upgraded(release.configuration, release.schema_version)
