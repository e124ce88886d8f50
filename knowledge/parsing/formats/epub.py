"""E-books. A page for every document of the book, in the order in which it is read."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import unquote

from knowledge.parsing import office, zip_guard
from knowledge.parsing.errors import UnreadableError
from knowledge.parsing.markup import one_line
from knowledge.parsing.web.decoding import html_decoded
from knowledge.parsing.web.reading import whole_page_of
from knowledge.parsing.xml_guard import attribute, child, local_name
from knowledge.texts import Page, Parsed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from knowledge.parsing.xml_guard import Element
    from knowledge.parsing.zip_guard import GuardedZip

CONTAINER = "META-INF/container.xml"
ENCRYPTION = "META-INF/encryption.xml"
RIGHTS = "META-INF/rights.xml"
# Fonts may be scrambled by these in books that anybody can read.
FONTS = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
TEXTS = frozenset({"application/xhtml+xml", "text/html", "application/x-dtbook+xml"})

LOCKED = "The book is locked by its seller's copy protection (DRM), so its text cannot be read."
NO_TEXT = "The file is damaged: it does not say where its text is."


class Epub:
    name: ClassVar[str] = "EPUB"
    mime_type: ClassVar[str] = "application/epub+zip"
    extensions: ClassVar[tuple[str, ...]] = (".epub",)

    def fits(self, head: bytes, path: Path) -> bool:
        return zip_guard.holds(path, head, CONTAINER)

    def read(self, path: Path, name: str) -> Parsed:
        with zip_guard.GuardedZip(path) as archive:
            _check_rights(archive)
            main = _package_name(archive)
            package = office.part(archive, main)
            pages = tuple(_pages(archive, package, posixpath.dirname(main)))
            return Parsed(pages, _title(package), self.mime_type)


def _check_rights(archive: GuardedZip) -> None:
    if RIGHTS in archive:
        raise UnreadableError(LOCKED)
    if ENCRYPTION not in archive:
        return
    methods = [
        attribute(element, "Algorithm")
        for data in office.part(archive, ENCRYPTION)
        for element in data
        if local_name(element) == "EncryptionMethod"
    ]
    if any(method not in FONTS for method in methods):
        raise UnreadableError(LOCKED)


def _package_name(archive: GuardedZip) -> str:
    for element in office.part(archive, CONTAINER).iter():
        if local_name(element) == "rootfile" and (name := attribute(element, "full-path")):
            return name
    raise UnreadableError(NO_TEXT)


def _pages(archive: GuardedZip, package: Element, folder: str) -> Iterator[Page]:
    manifest, spine = child(package, "manifest"), child(package, "spine")
    if manifest is None or spine is None:
        raise UnreadableError(NO_TEXT)
    files = {
        attribute(item, "id"): _resolved(folder, item.get("href", ""))
        for item in manifest
        if item.get("media-type") in TEXTS
    }
    # A document is read once, however often it is listed.
    names = dict.fromkeys(files.get(attribute(entry, "idref"), "") for entry in spine)
    for number, name in enumerate(names, start=1):
        if name in archive:
            found = whole_page_of(html_decoded(archive.read(name)))
            if found.text:
                yield Page(number, found.text, found.title)


def _resolved(folder: str, href: str) -> str:
    return posixpath.normpath(posixpath.join(folder, unquote(href)))


def _title(package: Element) -> str:
    found = child(package, "metadata", "title")
    if found is None:
        found = child(package, "metadata", "dc-metadata", "Title")
    return "" if found is None else one_line(found.text or "")
