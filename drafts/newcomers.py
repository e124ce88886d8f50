"""New items of a canvas that two people called the same: whoever comes second gets another name.

A canvas names what it makes by itself, since somebody who is offline draws on. Pure.
"""

from __future__ import annotations

import re
from itertools import count
from typing import TYPE_CHECKING

from drafts.paths import POSITION, joined, marked, names

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from drafts.storage.flat import Fields

NUMBER = re.compile(r"\d*$")


def told_apart(
    made: Iterable[str], path: str, fields: Fields, known: Collection[str] = ()
) -> dict[str, str]:
    """Other names for those of the keys ``made`` that an item of the list at ``path`` has among
    the stored ``fields``: the lowest number that is free there, among the others that are made,
    and among those that whoever made them uses otherwise."""
    made = sorted(made, key=_in_order)
    used = {*made, *known}
    found: dict[str, str] = {}
    for key in made:
        if _is_there(key, path, fields):
            stem = NUMBER.sub("", key)
            free = (f"{stem}{number}" for number in count(1))
            found[key] = next(
                each for each in free if each not in used and not _is_there(each, path, fields)
            )
            used.add(found[key])
    return found


def told_before(
    made: Collection[str], path: str, before: Mapping[str, str | None]
) -> dict[str, str]:
    """The other names that a change gave to keys ``made``, read from what it wrote: its leaves as
    they were ``before``."""
    written = {
        names(leaf)[-1]
        for leaf, old in before.items()
        if old is None and leaf == marked(joined(path, names(leaf)[-1]), POSITION)
    }
    old, new = (sorted(each, key=_in_order) for each in (set(made) - written, written - set(made)))
    found: dict[str, str] = {}
    for key in old:
        stem = NUMBER.sub("", key)
        mine = (each for each in new if NUMBER.sub("", each) == stem)
        if name := next((each for each in mine if each not in found.values()), ""):
            found[key] = name
    return found


def _is_there(key: str, path: str, fields: Fields) -> bool:
    return marked(joined(path, key), POSITION) in fields


def _in_order(key: str) -> tuple[str, int]:
    number = NUMBER.search(key)
    return NUMBER.sub("", key), int((number and number.group()) or 0)
