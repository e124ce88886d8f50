"""Which format reads a file, and what is said of files that none reads."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import pytest

from knowledge.parsing import reading, refusals
from knowledge.parsing.cleaning import clean
from knowledge.parsing.decoding import BINARY
from knowledge.parsing.errors import UnreadableError
from knowledge.parsing.formats import EXTENSIONS, FORMATS
from tests.knowledge.parsing.pdf_files import lines, pdf

if TYPE_CHECKING:
    from pathlib import Path

    from knowledge.texts import Parsed

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
OLE = refusals.OLE + b"\0" * 600


def read(folder: Path, name: str, raw: bytes) -> Parsed:
    path = folder / "original"
    path.write_bytes(raw)
    return reading.read(path, name)


def told(folder: Path, name: str, raw: bytes) -> str:
    with pytest.raises(UnreadableError) as caught:
        read(folder, name, raw)
    return str(caught.value)


def archive(**files: str) -> bytes:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as opened:
        for name, content in files.items():
            opened.writestr(name, content)
    return raw.getvalue()


@pytest.mark.parametrize("listed", FORMATS, ids=lambda listed: listed.path)
def test_the_list_and_the_formats_agree(listed: object) -> None:
    assert listed in FORMATS
    for each in FORMATS:
        if each is listed:
            loaded = each.load()
            assert loaded.extensions == each.extensions
            assert "/" in loaded.mime_type
            assert loaded.name


def test_no_extension_is_read_by_two_formats_or_refused() -> None:
    assert len(set(EXTENSIONS)) == len(EXTENSIONS)
    assert not set(EXTENSIONS) & set(refusals.BY_EXTENSION)


@pytest.mark.parametrize("name", ["a.txt", "A.TXT", "a.text", "a.b.txt", "a.md", "a.log"])
def test_text_is_known_by_its_name(tmp_path: Path, name: str) -> None:
    assert read(tmp_path, name, b"Hello.").pages[0].text == "Hello."


@pytest.mark.parametrize("name", ["a.pdf", "a.txt", "a.docx", "a", "a.exe"])
def test_content_counts_more_than_the_name(tmp_path: Path, name: str) -> None:
    found = read(tmp_path, name, pdf(lines("Hello.")))
    assert (found.mime_type, found.pages[0].text) == ("application/pdf", "Hello.")


def test_nothing_in_it(tmp_path: Path) -> None:
    assert told(tmp_path, "a.txt", b"") == reading.EMPTY == "The file is empty."
    for raw in (b" \n\t \r\n", "\ufeff\n".encode("utf-16-le"), "\u00a0\u3000".encode(), b"\x0c"):
        assert told(tmp_path, "a.txt", raw) == reading.NO_TEXT == "The file holds no text."


@pytest.mark.parametrize(
    ("name", "raw", "words"),
    [
        ("a.doc", OLE + "WordDocument".encode("utf-16-le"), refusals.OLD["WordDocument"]),
        ("a.xls", OLE + "Workbook".encode("utf-16-le"), refusals.OLD["Workbook"]),
        ("a.ppt", OLE + "PowerPoint Document".encode("utf-16-le"), "Save it as .pptx"),
        ("a.docx", OLE + "EncryptedPackage".encode("utf-16-le"), refusals.PASSWORD),
        ("a.docx", OLE + "WordDocument".encode("utf-16-le"), "Save it as .docx"),
        ("a.msg", OLE + "__nameid_version1.0".encode("utf-16-le"), refusals.MAIL),
        ("a.db", OLE, "not read"),
        ("a.doc", b"no such thing", refusals.OLD["WordDocument"]),
        ("a.rtf", b"{\\rtf1 Hello}", refusals.RTF),
        ("a.txt", b"{\\rtf1 Hello}", refusals.RTF),
        ("a.eml", b"From: a@b.c\n\nHello", refusals.MAIL),
        ("a.odt", b"not a zip", "OpenDocument text"),
        ("a.txt", archive(mimetype="application/vnd.oasis.opendocument.spreadsheet"), ".ods"),
        ("a.png", PNG, refusals.IMAGE),
        ("a.txt", PNG, refusals.IMAGE),
        ("a.webp", b"RIFF\0\0\0\0WEBPVP8 ", refusals.IMAGE),
        ("a.wav", b"RIFF\0\0\0\0WAVEfmt ", refusals.MEDIA),
        ("a.zip", archive(file="x"), refusals.ARCHIVE),
        ("a.gz", b"\x1f\x8b\x08\0", refusals.ARCHIVE),
        ("a.bin", b"\x7fELF\x02\x01", refusals.PROGRAM),
        ("a.exe", b"MZ\x90\0\x03", refusals.PROGRAM),
        ("a.xyz", b"Hello.", "Files of this kind are not read."),
        ("noname", b"Hello.", "Files of this kind are not read."),
    ],
)
def test_what_is_not_read_is_named(tmp_path: Path, name: str, raw: bytes, words: str) -> None:
    said = told(tmp_path, name, raw)
    assert words in said
    assert (refusals.kinds() in said) == ("of this kind" in said)


def test_the_formats_read_are_named_once_each() -> None:
    assert all(each.extensions[0] in refusals.kinds() for each in FORMATS)
    assert refusals.kinds().count(".") == len(FORMATS) + 1


@pytest.mark.parametrize("raw", [b"Hello.", b"<html></html>", archive(file="x")])
def test_a_name_that_promises_something_else(tmp_path: Path, raw: bytes) -> None:
    said = told(tmp_path, "a.pdf", raw)
    assert said.startswith("The file is called .pdf, but what is in it is something else")


def test_binary_data_called_text(tmp_path: Path) -> None:
    assert told(tmp_path, "a.txt", bytes(range(256)) * 20) == BINARY
    assert "something else" in told(tmp_path, "a.txt", archive(file="x"))


def test_texts_are_clean(tmp_path: Path) -> None:
    found = read(tmp_path, "a.txt", b"\n\n  one\0 two\r\nthree\rfour\x07\tfive\x1b[0m\n\n")
    assert found.pages[0].text == "  one two\nthree\nfour\tfive[0m"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("e\u0301", "é"),
        ("a\ud800b\udfffc", "abc"),
        ("a\ufeffb\ufffec\uffff", "abc"),
        ("a\u2028b\x85c\x0cd", "a\nb\nc\nd"),
        ("😀", "😀"),
        ("\x80\x9f\x7f", ""),
    ],
)
def test_what_no_database_should_meet(given: str, expected: str) -> None:
    assert clean(given) == expected


def test_markdown_stays_as_it_is(tmp_path: Path) -> None:
    text = "# Title\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```py\nx = 1\n\n\ny = 2\n```"
    found = read(tmp_path, "a.md", text.encode())
    assert (found.pages[0].text, found.title, found.mime_type) == (text, "", "text/markdown")


@pytest.mark.parametrize(
    ("front", "title"),
    [
        ('---\ntitle: "The Manual"\ntags: [a]\n---\n', "The Manual"),
        ("---\r\ntags: [a]\r\nTitle: The Manual: Part 2\r\n---\r\n", "The Manual: Part 2"),
        ("+++\ntitle = 'The Manual'\n+++\n", "The Manual"),
        ("---\nauthor: somebody\n---\n", ""),
        ("---\ntitle: >-\n  folded\n---\n", ""),
    ],
)
def test_front_matter_gives_the_title(tmp_path: Path, front: str, title: str) -> None:
    found = read(tmp_path, "a.markdown", f"{front}\n# Text\n".encode())
    assert (found.title, found.pages[0].text) == (title, "# Text")


def test_a_rule_is_no_front_matter(tmp_path: Path) -> None:
    for text in ("---\n\nSome words.\n\n---\nMore.", "---\ntitle: no end", "---\n---\nMore."):
        assert read(tmp_path, "a.md", text.encode()).pages[0].text == text
