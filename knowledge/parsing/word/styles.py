"""Which styles of a Word document are headings, and which are lists.

Names of built-in styles are English whatever language Word speaks; styles of one's own are headings
by their outline level or by what they are based on.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from knowledge.parsing.xml_guard import attribute, child, local_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from knowledge.parsing.xml_guard import Element

HEADING = re.compile(r"heading\s*([1-9])", re.IGNORECASE)
MAX_OUTLINE = 8
# Styles are based on each other; in a damaged file perhaps in a circle.
MAX_ANCESTORS = 20


@dataclass(frozen=True)
class Style:
    name: str = ""
    parent: str = ""
    level: int = 0
    listed: bool = False


@dataclass(frozen=True)
class Styles:
    by_id: Mapping[str, Style] = field(default_factory=dict)

    def level(self, properties: Element | None) -> int:
        """The level of the heading that a paragraph with these properties is, else 0."""
        own = outline_level(properties)
        return own or next((style.level for style in self._lineage(properties) if style.level), 0)

    def listed(self, properties: Element | None) -> bool:
        """Whether it is an item of a list."""
        numbering = None if properties is None else child(properties, "numPr")
        if numbering is not None:
            return _numbered(numbering)
        return any(style.listed for style in self._lineage(properties))

    def _lineage(self, properties: Element | None) -> list[Style]:
        found = None if properties is None else child(properties, "pStyle")
        name = "" if found is None else attribute(found, "val")
        lineage: list[Style] = []
        while name in self.by_id and len(lineage) < MAX_ANCESTORS:
            lineage.append(self.by_id[name])
            name = lineage[-1].parent
        return lineage


def styles(root: Element | None) -> Styles:
    if root is None:
        return Styles()
    elements = (element for element in root if local_name(element) == "style")
    return Styles({attribute(element, "styleId"): _style(element) for element in elements})


def outline_level(properties: Element | None) -> int:
    found = None if properties is None else child(properties, "outlineLvl")
    value = "" if found is None else attribute(found, "val")
    return int(value) + 1 if value.isdecimal() and int(value) <= MAX_OUTLINE else 0


def _style(element: Element) -> Style:
    name, parent = child(element, "name"), child(element, "basedOn")
    properties = child(element, "pPr")
    numbering = None if properties is None else child(properties, "numPr")
    label = "" if name is None else attribute(name, "val")
    return Style(
        name=label,
        parent="" if parent is None else attribute(parent, "val"),
        level=_named_level(label) or outline_level(properties),
        listed=numbering is not None and _numbered(numbering),
    )


def _named_level(name: str) -> int:
    if name.casefold() == "title":
        return 1
    found = HEADING.fullmatch(name)
    return int(found[1]) if found else 0


def _numbered(numbering: Element) -> bool:
    """Number 0 takes a paragraph out of the list that its style puts it in."""
    found = child(numbering, "numId")
    return found is None or attribute(found, "val") != "0"
