"""PDFs as people bring them, and as nobody should."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from knowledge.parsing.errors import UnreadableError
from knowledge.parsing.files import parse
from knowledge.parsing.formats import pdf as format_
from knowledge.parsing.formats.pdf import Pdf
from knowledge.parsing.sandbox import TOO_LONG, Limits
from tests.knowledge.parsing.pdf_files import Put, lines, pdf, written
from tests.support.processor import takes_at_most

if TYPE_CHECKING:
    from pathlib import Path

    from knowledge.texts import Parsed


STANDARD = Limits()


def read(folder: Path, raw: bytes) -> Parsed:
    path = folder / "file.pdf"
    path.write_bytes(raw)
    return Pdf().read(path, path.name)


def text(folder: Path, *put: Put) -> str:
    return read(folder, pdf(list(put))).pages[0].text


def told(folder: Path, raw: bytes, limits: Limits = STANDARD) -> str:
    """What the whole way through the sandbox says of it, and soon."""
    path = folder / "file.pdf"
    path.write_bytes(raw)
    with takes_at_most(10), pytest.raises(UnreadableError) as caught:
        parse(path, path.name, limits=limits)
    return str(caught.value)


def test_a_page_for_each_page_and_the_title(tmp_path: Path) -> None:
    found = read(tmp_path, pdf(lines("One."), [], lines("Three."), title="The Manual"))
    assert [(page.number, page.text) for page in found.pages] == [
        (1, "One."),
        (2, ""),
        (3, "Three."),
    ]
    assert found.title == "The Manual"
    assert found.mime_type == "application/pdf"


def test_blank_pages_are_dropped_and_numbers_stay(tmp_path: Path) -> None:
    path = tmp_path / "file.pdf"
    path.write_bytes(pdf(lines("One."), [], lines("Three.")))
    assert [page.number for page in parse(path, path.name).pages] == [1, 3]


@pytest.mark.parametrize(
    ("given", "title"),
    [
        ("Untitled", ""),
        ("Untitled document", ""),
        ("Microsoft Word - Manual.doc", "Manual.doc"),
        ("Document1", ""),
        ("The document", "The document"),
    ],
)
def test_titles_that_programs_write_are_none(tmp_path: Path, given: str, title: str) -> None:
    assert read(tmp_path, pdf(lines("One."), title=given)).title == title


def test_sentences_and_words_are_whole(tmp_path: Path) -> None:
    found = text(
        tmp_path,
        *lines(
            "The pump has to be switched off before anyone opens the hou-",
            "sing. Then wait until the light has gone out, which takes up",
            "to five minutes in cold rooms.",
            "The filter is changed once a year, or when the display says",
            "so.",
        ),
    )
    assert found == (
        "The pump has to be switched off before anyone opens the housing. Then wait until the "
        "light has gone out, which takes up to five minutes in cold rooms.\n\n"
        "The filter is changed once a year, or when the display says so."
    )


def test_a_gap_and_a_larger_print_part_paragraphs(tmp_path: Path) -> None:
    found = text(
        tmp_path,
        Put(72, 720, "Maintenance", 20),
        *lines("Change the filter once a year.", y=690),
        *lines("Write down the date.", y=650),
    )
    assert found == "Maintenance\n\nChange the filter once a year.\n\nWrite down the date."


def test_lists_and_addresses_keep_their_lines(tmp_path: Path) -> None:
    items = ["- one thing", "- another thing", "3. the third"]
    assert text(tmp_path, *lines(*items)) == "\n".join(items)
    address = ["Smith & Sons", "123 Main Street", "Redmond"]
    assert text(tmp_path, *lines(*address)) == "\n".join(address)


@pytest.mark.parametrize("dots", [" . . . . . . . . ", " ............ "])
def test_dots_that_lead_to_a_page_are_said_once(tmp_path: Path, dots: str) -> None:
    assert text(tmp_path, *lines(f"Chapter 1{dots}12")) == "Chapter 1 … 12"
    assert text(tmp_path, *lines("Wait ... what?")) == "Wait ... what?"


def test_a_sentence_goes_on_in_the_next_column(tmp_path: Path) -> None:
    left = lines(
        "Water must never get into", "the electric parts, as this", "will damage all of the"
    )
    right = lines("boards at once and for good.", "Keep the door closed.", x=330)
    found = text(tmp_path, *left, *right)
    assert found.startswith(
        "Water must never get into the electric parts, as this will damage all of the boards"
    )


def test_a_page_written_from_below(tmp_path: Path) -> None:
    put = lines("First.", "Second.", "Third.", "Fourth.", step=40)
    assert text(tmp_path, *reversed(put)) == "First.\n\nSecond.\n\nThird.\n\nFourth."


def test_no_text_is_probably_a_scan(tmp_path: Path) -> None:
    assert told(tmp_path, pdf([], [])) == format_.SCAN


@pytest.mark.parametrize(
    "raw",
    [
        b"%PDF-1.7\n",
        b"%PDF-1.7\n" + b"\0" * 5000,
        b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 9 0 R >>\nendobj\ntrailer\n<</Root 1 0 R>>",
        pdf(lines("One."))[:120],
    ],
)
def test_damaged(tmp_path: Path, raw: bytes) -> None:
    assert told(tmp_path, raw) in {format_.DAMAGED, format_.NO_PAGES}


def test_a_cut_table_of_places_is_no_harm(tmp_path: Path) -> None:
    raw = pdf(lines("One."))
    cut = raw[: raw.index(b"xref")] + raw[raw.index(b"trailer") : raw.index(b"startxref")]
    assert read(tmp_path, cut).pages[0].text == "One."


def test_a_password(tmp_path: Path) -> None:
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Kids [] /Count 0 >>",
        3: b"<< /Filter /Standard /V 1 /R 2 /P -4 /O <%s> /U <%s> >>" % (b"41" * 32, b"42" * 32),
        4: b"<< >>",
    }
    raw = written(objects).replace(
        b"/Info 4 0 R", b"/Encrypt 3 0 R /ID [<%s> <%s>]" % (b"43" * 16, b"43" * 16)
    )
    assert told(tmp_path, raw) == format_.PASSWORD


def test_page_trees_that_lead_in_circles(tmp_path: Path) -> None:
    said = told(tmp_path, pdf(lines("One."), kids="2 0 R 2 0 R", count=4))
    assert said in {format_.DAMAGED, format_.NO_PAGES, format_.SCAN}


def test_page_trees_that_are_deep(tmp_path: Path) -> None:
    objects = {
        1: b"<< /Type /Catalog /Pages 5 0 R >>",
        4: b"<< >>",
        **{
            number: b"<< /Type /Pages /Kids [%d 0 R %d 0 R] /Count 2000 >>"
            % (number + 1, number + 1)
            for number in range(5, 1000)
        },
        1000: b"<< /Type /Pages /Kids [] /Count 0 >>",
    }
    said = told(tmp_path, written(objects), Limits(seconds=2))
    assert said in {TOO_LONG, format_.DAMAGED, format_.NO_PAGES, format_.SCAN}


@pytest.mark.parametrize("count", [0, 1, 3, 4_999, 5_001, 2_000_000_000, -5])
def test_counts_that_lie(tmp_path: Path, count: int) -> None:
    """The page that is there is read, or the file is refused; soon, and never anything else."""
    with takes_at_most(10):
        found = outcome(tmp_path, pdf(lines("One."), count=count))
    assert found in {"One.", format_.DAMAGED, format_.NO_PAGES, format_.TOO_MANY_PAGES}


def outcome(folder: Path, raw: bytes) -> str:
    """The text of the only page, or what was said instead."""
    path = folder / "file.pdf"
    path.write_bytes(raw)
    try:
        (page,) = parse(path, path.name).pages
    except UnreadableError as error:
        return str(error)
    return page.text


def test_more_pages_than_are_read(tmp_path: Path) -> None:
    raw = pdf(lines("One."), kids=" ".join(["5 0 R"] * 5_001), count=5_001)
    assert told(tmp_path, raw) == format_.TOO_MANY_PAGES


def test_as_many_pages_as_are_read(tmp_path: Path) -> None:
    path = tmp_path / "file.pdf"
    path.write_bytes(pdf(*[lines(f"Page {number}.") for number in range(1, 1001)]))
    found = parse(path, path.name)
    assert len(found.pages) == 1000
    assert found.pages[-1].text == "Page 1000."
