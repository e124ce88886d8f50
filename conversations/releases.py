"""The assistant of a deployed entity, parsed once for each release and process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from common.memory import Memory
from common.problems import Problem, not_found
from conversations.runtime import assistants
from drafts.models import Release
from drafts.releases import configuration_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conversations.runtime import Assistant
    from drafts.models import Entity


@dataclass(frozen=True)
class LiveAssistant:
    """``release`` is the number of the version it was made from."""

    assistant: Assistant
    release: int


_kept: Memory[int, LiveAssistant] = Memory(500)


def assistant_of(entity: Entity) -> LiveAssistant:
    """The live assistant of ``entity``; raises ``Problem`` 404 when nothing of it is live, or its
    kind does not talk. Synchronous. A release never changes, so it is kept by its id."""
    release_id = entity.live_release_id
    if release_id is None or entity.kind not in assistants:
        raise not_found(_("There is no such bot."))
    return _kept.get_or(release_id, lambda: _parsed(entity, release_id))


def labels_of(entity: Entity) -> Mapping[str, str]:
    """What the live assistant calls the variables that it may know; nothing where none is live."""
    try:
        return assistant_of(entity).assistant.variables
    except Problem:
        return {}


def told_in(entity: Entity, state: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a visitor told the live assistant, of what it keeps as ``state``; nothing where none is
    live."""
    try:
        return assistant_of(entity).assistant.told_in(state)
    except Problem:
        return {}


def _parsed(entity: Entity, release_id: int) -> LiveAssistant:
    release = Release.objects.get(pk=release_id, entity=entity)
    release.entity = entity
    make = assistants.get(entity.kind)
    return LiveAssistant(make(configuration_of(release)), release.number)
