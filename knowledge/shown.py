"""A draft's sources as the builder shows them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from knowledge import reading
from knowledge.beside import states
from knowledge.naming import source_name
from knowledge.sources import kind_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from drafts.draft import Draft
    from knowledge.beside.states import State


@dataclass(frozen=True)
class ShownSource:
    """One source with its state; the lists of the form know it by ``id``."""

    id: str
    type: str
    name: str
    icon: str
    state: State | None

    @property
    def is_busy(self) -> bool:
        return self.state is not None and self.state.is_busy

    @property
    def status(self) -> str:
        """``pending`` (nobody has begun), ``waiting``, ``parsing``, ``ready`` or ``failed``."""
        if self.state is None:
            return states.PENDING
        if self.state.status == states.PENDING:
            return "waiting" if self.state.is_busy else states.PENDING
        return self.state.status

    @property
    def error(self) -> str:
        return self.state.error if self.state else ""

    @property
    def notes(self) -> tuple[str, ...]:
        return self.state.notes if self.state else ()

    @property
    def has_pages(self) -> bool:
        return self.state is not None and bool(self.state.text)

    @property
    def can_be_read_again(self) -> bool:
        """Whether it is there to be read from."""
        return not self.is_busy and reading.can_read_again(self.type, self.state)

    @property
    def words(self) -> str:
        """How it is, in a few words."""
        state = self.state
        if state is None or self.status == states.PENDING:
            return _("Not read yet")
        if self.status == "waiting":
            return _("Waiting")
        if self.status == states.PARSING:
            done = ngettext("%(count)d page read", "%(count)d pages read", state.done)
            return done % {"count": state.done} if state.done else _("Reading")
        if self.status == states.FAILED:
            return _("Was not read")
        pages = ngettext("%(count)d page", "%(count)d pages", state.pages)
        return pages % {"count": state.pages}

    @property
    def characters(self) -> int:
        return self.state.characters if self.state else 0


def shown_sources(draft_id: str, sources: Iterable[dict[str, Any]]) -> list[ShownSource]:
    """The draft's ``sources``, in their order."""
    known = states.states(draft_id)
    return [_shown(each, known.get(str(each.get("id")))) for each in sources]


def sources_of(draft: Draft) -> list[ShownSource]:
    """All sources of the draft."""
    return shown_sources(draft.id, draft.data.get("sources") or ())


def unread_of(sources: Iterable[ShownSource]) -> int:
    """How many of the sources were not read."""
    return sum(each.status == states.FAILED for each in sources)


def _shown(source: dict[str, Any], state: State | None) -> ShownSource:
    kind = kind_of(source)
    name = source_name(source, state.title if state else "")
    return ShownSource(str(source["id"]), kind.type, name, kind.icon, state)
