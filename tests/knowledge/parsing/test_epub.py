"""E-books: the documents of the spine, in its order; locked books say that they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from knowledge.parsing.errors import UnreadableError
from knowledge.parsing.formats.epub import Epub
from tests.knowledge.parsing.archives import archive

if TYPE_CHECKING:
    from pathlib import Path

CONTAINER = '<c><rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></c>'
PACKAGE = """<package xmlns:dc="urn:dc"><metadata><dc:title> The  book </dc:title></metadata>
<manifest>
  <item id="two" href="text/two%20b.xhtml" media-type="application/xhtml+xml"/>
  <item id="one" href="one.xhtml" media-type="application/xhtml+xml"/>
  <item id="cover" href="cover.png" media-type="image/png"/>
</manifest>
<spine><itemref idref="cover"/><itemref idref="one"/><itemref idref="two"/>
  <itemref idref="one"/><itemref idref="none"/></spine></package>"""


def chapter(name: str) -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML" "x">'
        f'<html xmlns="http://www.w3.org/1999/xhtml"><head><title>{name}</title></head>'
        f"<body><h1>{name}</h1><p>Text of&nbsp;{name}</p></body></html>"
    )


def book(path: Path, **more: str) -> Path:
    members = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": CONTAINER,
        "OEBPS/book.opf": PACKAGE,
        "OEBPS/one.xhtml": chapter("One"),
        "OEBPS/text/two b.xhtml": chapter("Zwei ä"),
        "OEBPS/cover.png": "no text",
    }
    return archive(path, members | {f"META-INF/{name}.xml": each for name, each in more.items()})


def encryption(method: str) -> str:
    return (
        '<encryption xmlns:e="urn:e"><e:EncryptedData>'
        f'<e:EncryptionMethod Algorithm="{method}"/></e:EncryptedData></encryption>'
    )


def test_chapters_are_read_in_the_order_of_the_spine(tmp_path: Path) -> None:
    path = book(tmp_path / "a.epub", encryption=encryption("http://www.idpf.org/2008/embedding"))
    found = Epub().read(path, "a.epub")
    assert found.title == "The book"
    assert [(page.title, page.text) for page in found.pages] == [
        ("One", "# One\n\nText of One"),
        ("Zwei ä", "# Zwei ä\n\nText of Zwei ä"),
    ]
    assert Epub().fits(b"PK", path)


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"encryption": encryption("http://www.w3.org/2001/04/xmlenc#aes128-cbc")}, "DRM"),
        ({"rights": "<rights/>"}, "DRM"),
        ({"container": "<c/>"}, "where its text is"),
        ({"container": '<!DOCTYPE c [<!ENTITY a "b">]><c>&a;</c>'}, "entities"),
        ({"container": '<c><rootfile full-path="../../etc/passwd"/></c>'}, "missing"),
    ],
)
def test_what_cannot_be_read_says_why(tmp_path: Path, more: dict[str, str], message: str) -> None:
    with pytest.raises(UnreadableError, match=message):
        Epub().read(book(tmp_path / "a.epub", **more), "a.epub")
