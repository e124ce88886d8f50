"""PDF: a page per page, in paragraphs, where the file holds text and not only pictures of it."""

from __future__ import annotations

import re
from contextlib import closing
from ctypes import byref, c_double
from typing import TYPE_CHECKING, ClassVar

from pypdfium2 import PdfDocument, PdfiumError, raw

from knowledge.parsing.errors import UnreadableError
from knowledge.parsing.paragraphs import Line, paragraphs, words_of
from knowledge.texts import Page, Parsed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pypdfium2 import PdfTextPage

MAX_PAGES = 5_000
PASSWORD = "The PDF is protected with a password. Save it without one and bring that."  # noqa: S105
DAMAGED = "The PDF is damaged. Open it in a viewer, save or print it as a PDF again and bring that."
SCAN = "The PDF holds no text: it is probably a scan. Run text recognition on it first."
TOO_MANY_PAGES = f"The PDF has more than {MAX_PAGES:,} pages. Split it into smaller files."
NO_PAGES = "The PDF has no pages. Save or print it as a PDF again and bring that."
# The mark that stands for a hyphen and the end of its line.
PARTED = "\ufffe"
LINE = re.compile(f"[^\r\n{PARTED}\x02]+")
# The dots that lead from a heading to its page in a table of contents.
LEADERS = re.compile(r"\.(?:[ \t]?\.){4,}")
# Titles that programs write by themselves.
PROGRAM = re.compile(r"^(?:Microsoft (?:Word|PowerPoint|Excel) - )")
UNTITLED = re.compile(
    r"^(?:untitled.*|title|document\d*|slide 1|powerpoint presentation|\(?anonymous\)?)$",
    re.IGNORECASE,
)


class Pdf:
    name: ClassVar[str] = "PDF"
    mime_type: ClassVar[str] = "application/pdf"
    extensions: ClassVar[tuple[str, ...]] = (".pdf",)

    def fits(self, head: bytes, path: Path) -> bool:
        del path
        return b"%PDF-" in head[:1024]

    def read(self, path: Path, name: str) -> Parsed:
        del name
        with closing(_opened(path)) as document:
            pages = _pages(document)
            title = _title(document)
        if not any(page.text.strip() for page in pages):
            raise UnreadableError(SCAN)
        return Parsed(pages, title, self.mime_type)


def _opened(path: Path) -> PdfDocument:
    try:
        document = PdfDocument(path)
    except PdfiumError as error:
        is_locked = error.err_code in {raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY}
        raise UnreadableError(PASSWORD if is_locked else DAMAGED) from error
    count = len(document)
    if 0 < count <= MAX_PAGES:
        return document
    document.close()
    raise UnreadableError(TOO_MANY_PAGES if count else NO_PAGES)


def _pages(document: PdfDocument) -> tuple[Page, ...]:
    """A page that cannot be loaded is left out, as long as there are others."""
    read = {}
    for index in range(len(document)):
        try:
            read[index + 1] = _lines_of(document, index)
        except PdfiumError:
            continue
    if not read:
        raise UnreadableError(DAMAGED)
    known = words_of([line.text for lines in read.values() for line in lines])
    return tuple(Page(number, paragraphs(lines, known)) for number, lines in read.items())


def _lines_of(document: PdfDocument, index: int) -> list[Line]:
    with closing(document[index]) as page, closing(page.get_textpage()) as textpage:
        return list(_lines(textpage))


def _lines(textpage: PdfTextPage) -> Iterator[Line]:
    text = textpage.get_text_range()
    for found in LINE.finditer(text):
        words = found[0].strip()
        if not words:
            continue
        start = found.start() + len(found[0]) - len(found[0].lstrip())
        is_parted = text[found.end() : found.end() + 1] in {PARTED, "\x02"}
        said = LEADERS.sub("…", words) + "-" * is_parted
        yield _line(textpage, said, start, start + len(words) - 1)


def _line(textpage: PdfTextPage, text: str, first: int, last: int) -> Line:
    """The line from its ``first`` to its ``last`` character, as they are counted in the text."""
    start = max(raw.FPDFText_GetCharIndexFromTextIndex(textpage, first), 0)
    end = max(raw.FPDFText_GetCharIndexFromTextIndex(textpage, last), start)
    opening = textpage.get_charbox(start, loose=True)
    ending = textpage.get_charbox(end, loose=True)
    x, y = c_double(), c_double()
    raw.FPDFText_GetCharOrigin(textpage, start, byref(x), byref(y))
    return Line(
        text,
        left=min(opening[0], ending[0]),
        right=max(opening[2], ending[2]),
        baseline=y.value,
        height=max(abs(opening[3] - opening[1]), abs(ending[3] - ending[1]), 0.1),
    )


def _title(document: PdfDocument) -> str:
    title = PROGRAM.sub("", document.get_metadata_value("Title").strip())
    return "" if UNTITLED.match(title) else title
