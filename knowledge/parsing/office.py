"""What Word, PowerPoint and Excel files have in common: parts that refer to each other, a title."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING

from knowledge.parsing import xml_guard
from knowledge.parsing.errors import UnreadableError
from knowledge.parsing.markup import one_line
from knowledge.parsing.xml_guard import attribute, local_name

if TYPE_CHECKING:
    from knowledge.parsing.xml_guard import Element
    from knowledge.parsing.zip_guard import GuardedZip

CORE_PROPERTIES = "docProps/core.xml"
# What programs write who were given no title.
NO_TITLES = frozenset({"word document", "powerpoint presentation", "untitled", "document"})


@dataclass(frozen=True)
class Relation:
    """``kind`` is the last word of the type's address, ``target`` the name of a part."""

    id: str
    kind: str
    target: str


def part(archive: GuardedZip, name: str) -> Element:
    return xml_guard.parsed(archive.read(name))


def optional_part(archive: GuardedZip, name: str) -> Element | None:
    """Nothing where the part is missing or broken: the document can be read without it."""
    if name not in archive:
        return None
    try:
        return part(archive, name)
    except UnreadableError:
        return None


def main_part(archive: GuardedZip, usual: str) -> str:
    """The name of the part that holds the document itself."""
    for relation in relations(archive, ""):
        if relation.kind == "officeDocument" and relation.target in archive:
            return relation.target
    return usual


def relations(archive: GuardedZip, name: str) -> list[Relation]:
    """What a part refers to inside the archive, in the order in which it is listed."""
    folder, _, base = name.rpartition("/")
    root = optional_part(archive, posixpath.join(folder, "_rels", f"{base}.rels"))
    if root is None:
        return []
    return [
        _relation(folder, element)
        for element in root
        if local_name(element) == "Relationship" and element.get("TargetMode") != "External"
    ]


def title(archive: GuardedZip) -> str:
    root = optional_part(archive, CORE_PROPERTIES)
    if root is None:
        return ""
    texts = (element.text or "" for element in root if local_name(element) == "title")
    found = one_line(next(texts, ""))
    return "" if found.casefold() in NO_TITLES else found


def _relation(folder: str, element: Element) -> Relation:
    target = posixpath.normpath(posixpath.join("/", folder, element.get("Target", "")))
    kind = element.get("Type", "").rpartition("/")[2]
    return Relation(attribute(element, "Id"), kind, target.lstrip("/"))
