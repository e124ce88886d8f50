"""The versions of a deployed chatbot, each with what it changed, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from drafts.access import keyed_of
from drafts.deploying.planning import differences
from drafts.deploying.wording import in_words
from drafts.releases import configuration_of
from drafts.types import draft_types

if TYPE_CHECKING:
    from chatbots.models import Chatbot
    from drafts.models import Release


@dataclass(frozen=True)
class ReleaseRow:
    """A version and its difference to the one before; ``previous`` is None for the first."""

    release: Release
    is_live: bool
    previous: int | None
    changes: list[dict[str, str | None]]


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


def changes(before: Release, after: Release) -> list[dict[str, str | None]]:
    """What differs between two versions, as ``components/diff.html`` shows it."""
    draft_type = draft_types.get("chatbot")
    old, new = configuration_of(before), configuration_of(after)
    return in_words(draft_type, differences(old, new, keyed_of(draft_type)))
