"""The versions of a deployed chatbot, each with what it changed, in words."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from drafts.access import keyed_of
from drafts.deploying.planning import differences
from drafts.messages import humanised
from drafts.types import draft_types

if TYPE_CHECKING:
    from chatbots.models import Chatbot
    from drafts.deploying.planning import PlannedChange
    from drafts.models import Release


@dataclass(frozen=True)
class ReleaseRow:
    """A version and its difference to the one before; ``previous`` is None for the first."""

    release: Release
    is_live: bool
    previous: int | None
    changes: list[dict[str, Any]]


def history(chatbot: Chatbot) -> list[ReleaseRow]:
    """Every version, the newest first."""
    releases = list(chatbot.releases.all())
    before: list[Release | None] = [*releases[1:], None]
    return [_row(chatbot, *pair) for pair in zip(releases, before, strict=True)]


def _row(chatbot: Chatbot, release: Release, before: Release | None) -> ReleaseRow:
    is_live = release.pk == chatbot.live_release_id
    if before is None:
        return ReleaseRow(release, is_live, None, [])
    return ReleaseRow(release, is_live, before.number, changes(before, release))


def changes(before: Release, after: Release) -> list[dict[str, Any]]:
    """What differs between two versions, as ``components/diff.html`` shows it."""
    draft_type = draft_types.get("chatbot")
    old = draft_type.upgraded(before.configuration, before.schema_version)
    new = draft_type.upgraded(after.configuration, after.schema_version)
    return [_shown(change) for change in differences(old, new, keyed_of(draft_type))]


def _shown(change: PlannedChange) -> dict[str, Any]:
    return {
        "path": change.path,
        "label": " / ".join(humanised(name) for name in change.path.split(".")),
        "from": as_text(change.before),
        "to": as_text(change.after),
    }


def as_text(value: Any) -> str | None:
    """A value of the configuration for people; None for nothing."""
    if value is None:
        return None
    if isinstance(value, bool):
        return _("On") if value else _("Off")
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return "\n".join(value) or _("Empty")
    if isinstance(value, list | dict):
        return json.dumps(value, indent=2, ensure_ascii=False)
    return str(value) or _("Empty")
