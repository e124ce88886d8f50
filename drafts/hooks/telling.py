"""How a kind tells people of changes, instead of by the names of fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from drafts.deploying.planning import Between, PlannedChange
    from workspaces.access import Actor


class TellingHooks:
    """What of this is not said otherwise leaves the words to field names."""

    def change_in_words(self, between: Between) -> str:
        """What a change did that lies between two documents, in a sentence; empty where the names
        of its fields say it."""
        return ""

    def item_name(self, item: Mapping[str, Any]) -> str:
        """What people call an item of a keyed list; empty where its key says it."""
        return ""

    def reworded(self, change: PlannedChange) -> PlannedChange | None:
        """A change of the document as people read it; None where it tells them nothing."""
        return change

    def told(
        self, changes: Iterable[PlannedChange], between: Between, actor: Actor | None = None
    ) -> list[PlannedChange]:
        """Changes of a document as people read them. Values that are names of something else, such
        as a credential, are looked up for ``actor``; without one nobody reads values."""
        read = (self.reworded(change) for change in changes)
        return [change for change in read if change]
