"""What a patch makes of a draft. It is planned anew whenever somebody else was quicker."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from drafts import document, refusals
from drafts.access import address_of
from drafts.given import refuse_unknown_removals
from drafts.newcomers import told_apart
from drafts.restoring import document_at
from drafts.saving import Planned
from drafts.storage import store
from drafts.storage.flat import DocumentError
from drafts.validation import new_type_errors

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from drafts.storage.snapshot import Snapshot
    from drafts.types import DraftType
    from workspaces.access import Actor

    Following = Callable[[dict[str, Any]], Mapping[str, Any]]
    # A patch, and the dotted paths at which it is no conflict.
    Fitted = tuple[dict[str, Any], frozenset[str]]


@dataclass(frozen=True)
class Drawn:
    """What a canvas says of its patch: the ``keys`` of nodes that it makes, the other names that
    whoever made them uses besides (``known``), on the way to us or still to come, and the dotted
    ``places`` that nodes were moved to. Where a node stands, whoever moved it last decides."""

    keys: frozenset[str] = frozenset()
    known: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()

    def names(self, draft_type: DraftType[Any], snapshot: Snapshot) -> dict[str, str]:
        """What those are called instead whose names others have taken."""
        return told_apart(self.keys, draft_type.node_list, snapshot.fields, self.known)


@dataclass(frozen=True)
class Merging:
    """``patch_for`` gives the patch of a document, ``following`` what follows from it, as a patch
    of the document after it. It was made on ``base_version``; one that ``depends`` on the rest of
    the document is made anew wherever somebody else changed something."""

    actor: Actor
    draft_type: DraftType[Any]
    draft_id: str
    patch_for: Callable[[dict[str, Any]], dict[str, Any]]
    base_version: int | None = None
    following: Following | None = None
    depends: bool = False
    drawn: Drawn | None = None

    def planned(self, snapshot: Snapshot) -> Planned:
        """Raises ``Problem`` for what cannot be kept."""
        given, agreed = self._fitted(snapshot)
        try:
            merged, change = document.merge(
                snapshot.document, given, snapshot.keyed, snapshot.fields
            )
            if self.following:
                more = self.following(merged)
                merged, also = document.merge(merged, more, snapshot.keyed, snapshot.fields)
                change.followed_by(also)
            change.agreed_at(agreed)
        except DocumentError as error:
            raise refusals.unkeyed(error) from None
        errors = new_type_errors(self.draft_type, snapshot.document, merged)
        if errors:
            raise refusals.unkeepable(errors)
        return Planned(change, merged, depends=self.depends)

    def _fitted(self, snapshot: Snapshot) -> Fitted:
        """The patch in the one way in which it is stored."""
        given, agreed = self.patch_for(snapshot.document), frozenset[str]()
        if self.drawn:
            given, agreed = self._among_others(self.drawn, given, snapshot)
        given = self.draft_type.normalised(given, snapshot.document)
        refuse_unknown_removals(self.draft_type, given, snapshot.document)
        return given, agreed

    def _among_others(self, drawn: Drawn, given: dict[str, Any], snapshot: Snapshot) -> Fitted:
        """What was drawn, put together with what others drew."""
        if names := drawn.names(self.draft_type, snapshot):
            given = self.draft_type.renumbered(given, snapshot.document, names)
        before = partial(self._before, snapshot)
        given, joined = self.draft_type.joined(given, snapshot.document, before)
        return given, joined | drawn.places

    def _before(self, snapshot: Snapshot) -> dict[str, Any] | None:
        """The document that it was drawn on; None where that is not kept any more."""
        log = store.log(address_of(self.actor, self.draft_type, self.draft_id))
        return document_at(snapshot, log, self.base_version or snapshot.version)
