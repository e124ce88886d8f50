"""One change to a draft: read, plan, write if nothing in the way has changed, else once more."""

from __future__ import annotations

import random
import time
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from common.problems import Problem
from drafts import limits, refusals
from drafts.access import address_of, missing, open_snapshot
from drafts.document import Change
from drafts.draft import Saved
from drafts.storage import store

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from drafts.address import Address
    from drafts.storage.snapshot import Snapshot
    from drafts.storage.store import Outcome
    from drafts.types import DraftType
    from workspaces.access import Actor

ATTEMPTS = 200
LONGEST_PAUSE = 0.02


@dataclass(frozen=True)
class Planned:
    """A change to be written, and the document that it would make.

    ``mode`` other than ``patch`` is written only over the very version that was read, and so is a
    patch that ``depends`` on the rest of the document.
    """

    change: Change
    document: Mapping[str, Any]
    mode: str = "patch"
    depends: bool = False

    @classmethod
    def reverting(cls, before: Mapping[str, str | None], mode: str) -> Planned:
        """Put the leaves back to what they were ``before``."""
        sets = {path: text for path, text in before.items() if text is not None}
        deletes = {path for path, text in before.items() if text is None}
        return cls(Change(sets=sets, deletes=deletes), {}, mode)


def save(
    actor: Actor,
    draft_type: DraftType[Any],
    draft_id: str,
    plan: Callable[[Snapshot], Planned],
    *,
    base: int | None = None,
    match: int | None = None,
    patch_id: str | None = None,
    seen: Snapshot | None = None,
) -> Saved:
    """Write what ``plan`` makes of the draft, as often as it takes until nobody is in the way.

    ``seen`` is the draft as the caller has just read it; the first attempt starts from it.

    The change carries an id even if the caller gave none: it is sent again when the connection
    breaks, and must not be written twice.
    """
    saving = _Saving(actor, draft_type, draft_id, base, match, patch_id or uuid.uuid4().hex)
    for attempt in range(ATTEMPTS):
        saved = saving.attempt(plan, seen if seen and attempt == 0 else saving.read())
        if saved is not None:
            return saved
        time.sleep(random.uniform(0, min(LONGEST_PAUSE, attempt / 1000)))  # noqa: S311 (no secret)
    raise refusals.crowded()


def _refuse_too_many(change: Change) -> None:
    """Of what no draft could hold Redis is not asked: while it looks at each value, nobody's draft
    can be reached."""
    if len(change.sets) > limits.MOST_FIELDS:
        raise limits.too_many_fields()


@dataclass(frozen=True)
class _Saving:
    """Whose change it is, of which draft, and on which conditions."""

    actor: Actor
    draft_type: DraftType[Any]
    draft_id: str
    base: int | None
    match: int | None
    patch_id: str

    @property
    def address(self) -> Address:
        return address_of(self.actor, self.draft_type, self.draft_id)

    def read(self) -> Snapshot:
        return open_snapshot(self.actor, self.draft_type, self.draft_id)

    def attempt(self, plan: Callable[[Snapshot], Planned], snapshot: Snapshot) -> Saved | None:
        """None: somebody was in the way."""
        try:
            planned = plan(snapshot)
            _refuse_too_many(planned.change)
        except Problem:
            outcome = store.given(self.address, self.patch_id)
            if outcome is None:
                raise
            return self.saved(snapshot, outcome)
        outcome = store.write(self.address, self.write(planned, snapshot))
        if outcome.verdict == "RETRY":
            return None
        if outcome.verdict not in ("OK", "REPLAY"):
            raise self.refusal(planned, outcome)
        return self.saved(snapshot, outcome)

    def write(self, planned: Planned, snapshot: Snapshot) -> store.Write:
        return store.Write(
            planned.change,
            by=self.actor.label,
            seen=snapshot.version,
            mode=planned.mode,
            patch_id=self.patch_id,
            match=self.match,
            expected=snapshot.version if planned.depends or planned.mode != "patch" else None,
            base=self.base,
        )

    def saved(self, before: Snapshot, outcome: Outcome) -> Saved:
        others: dict[str, Any] = {}
        if outcome.merged and self.base is not None:
            is_newest = outcome.verdict == "OK" and outcome.version <= before.version + 1
            snapshot = before if is_newest else self.read()
            changed = snapshot.changed_since(self.base).items()
            theirs = [path for path, stamp in changed if stamp.version != outcome.version]
            others = refusals.visible(snapshot, theirs)
        return Saved(
            outcome.version, outcome.updated_at, outcome.expires_at, outcome.merged, others
        )

    def refusal(self, planned: Planned, outcome: Outcome) -> Problem:
        if outcome.verdict == "GONE":
            return missing(self.actor, self.draft_type, self.address)
        if outcome.verdict == "STALE":
            return refusals.moved_on(outcome.version)
        if outcome.verdict == "CONFLICT":
            return refusals.conflicting(outcome.paths, planned.document, self.read())
        return refusals.limit(outcome)
