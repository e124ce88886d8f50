"""What to tell whoever asked for a change that the store refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from common.problems import FieldError, Problem, conflict, invalid, unavailable
from common.timestamps import rfc3339
from drafts import limits, messages
from drafts.document import value_at
from drafts.paths import dotted
from drafts.storage.snapshot import stamp_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from drafts.storage.flat import DocumentError
    from drafts.storage.snapshot import Snapshot
    from drafts.storage.store import Outcome


def locked() -> Problem:
    return conflict(_("This draft is being deployed. This change was not saved."))


def moved_on(version: int) -> Problem:
    detail = _("The draft has moved on to version %(version)d. Nothing was changed.")
    return Problem(
        412,
        "Precondition failed",
        detail % {"version": version},
        "precondition",
        extra={"version": version},
        headers={"ETag": f'"{version}"'},
    )


def crowded() -> Problem:
    return unavailable(_("Too many people are changing this draft at once. Try again."))


def unkeepable(errors: list[FieldError]) -> Problem:
    detail = _("The change cannot be saved as it is. Nothing of it was saved.")
    return invalid(detail, *errors)


def unkeyed(error: DocumentError) -> Problem:
    return unkeepable([FieldError(f"data.{error.path}", messages.unkeyed(error))])


LIMITS = {
    "TOO_BIG": limits.too_big,
    "TOO_MANY": limits.too_many_fields,
    "FULL": limits.too_many_drafts,
    "LOCKED": locked,
    "NO_ROOM": limits.no_room,
}


def limit(outcome: Outcome) -> Problem:
    """Which limit the store would not let anybody pass."""
    if outcome.verdict == "TOO_OFTEN":
        return limits.too_often(outcome.wait)
    return LIMITS[outcome.verdict]()


def conflicting(paths: Iterable[str], yours: Mapping[str, Any], theirs: Snapshot) -> Problem:
    """Both values of every place that somebody else changed too; nothing was written."""
    found: dict[str, dict[str, Any]] = {}
    for path in paths:
        stamp = stamp_of(theirs.stamps[path]) if path in theirs.stamps else None
        found[dotted(path)] = {
            "path": dotted(path),
            "yours": value_at(yours, path, theirs.keyed),
            "theirs": value_at(theirs.document, path, theirs.keyed),
            "by": stamp.by if stamp else "",
            "at": rfc3339(stamp.at) if stamp else None,
        }
    outermost = [place for name, place in found.items() if not has_ancestor(name, found)]
    return conflict(
        _("Somebody else changed the same place. Nothing was saved; choose which value to keep."),
        conflicts=outermost,
        version=theirs.version,
    )


def has_ancestor(name: str, among: Mapping[str, Any]) -> bool:
    """Whether a dotted path lies below another of ``among``."""
    parts = name.split(".")
    return any(".".join(parts[:depth]) in among for depth in range(1, len(parts)))


def visible(snapshot: Snapshot, paths: Iterable[str]) -> dict[str, Any]:
    """What is now at the places that ``paths`` touch: dotted path → value, None for removed."""
    found = {dotted(path): value_at(snapshot.document, path, snapshot.keyed) for path in paths}
    return {name: value for name, value in found.items() if not has_ancestor(name, found)}
