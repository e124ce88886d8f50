"""Reads XML that strangers wrote: no entities, no network, no endless depth.

The limits on depth (256) and on the length of one text (10 million characters) are libxml2's own.
"""

from __future__ import annotations

import zipfile
import zlib
from typing import IO, TYPE_CHECKING, Any

from lxml import etree

from knowledge.parsing.errors import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Iterator

# A tree takes about ten times the room of its text.
MAX_TREE_BYTES = 40 * 1024 * 1024

BROKEN = "The file is damaged: a part of it is not valid XML. Save it anew and add it again."
ENTITIES = "The file defines XML entities, which no document needs, so it was not read."
LARGE = "The file is too large to be read at once. Split it into smaller files."

# lxml brings no types.
Element = Any


def parsed(raw: bytes) -> Element:
    """The root element."""
    if len(raw) > MAX_TREE_BYTES:
        raise UnreadableError(LARGE)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(raw, parser)
    except (etree.XMLSyntaxError, ValueError) as exc:
        raise UnreadableError(BROKEN) from exc
    _check_entities(root)
    return root


def streamed(file: IO[bytes], *names: str) -> Iterator[Element]:
    """The elements of these names, of any namespace, when each has ended. What was seen is let go
    of, so that a part of any length takes little memory; do not keep the elements."""
    walk = etree.iterparse(
        file,
        events=("end",),
        tag=[f"{{*}}{name}" for name in names],
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    checked = False
    try:
        for _, element in walk:
            if not checked:
                _check_entities(element)
                checked = True
            yield element
            _let_go(element)
    except (etree.XMLSyntaxError, ValueError, zipfile.BadZipFile, zlib.error, EOFError) as exc:
        raise UnreadableError(BROKEN) from exc


def local_name(element: Element) -> str:
    """The name without its namespace: documents of the strict and of the usual kind differ only
    in that."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: Element, name: str) -> str:
    """The attribute of this local name, else empty."""
    for key, value in element.items():
        if key.rpartition("}")[2] == name:
            return str(value)
    return ""


def child(element: Element, *names: str) -> Element | None:
    """The element at the end of this path of local names."""
    found = element
    for name in names:
        found = next((one for one in found if local_name(one) == name), None)
        if found is None:
            return None
    return found


def _check_entities(element: Element) -> None:
    types = element.getroottree().docinfo.internalDTD
    if types is not None and next(types.iterentities(), None) is not None:
        raise UnreadableError(ENTITIES)


def _let_go(element: Element) -> None:
    element.clear()
    while element.getprevious() is not None:
        del element.getparent()[0]
