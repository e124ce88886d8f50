"""Word documents: what a reader sees, in order, as Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from knowledge.parsing.errors import UnreadableError
from knowledge.parsing.formats.docx import Docx
from tests.knowledge.parsing.archives import archive, word

if TYPE_CHECKING:
    from pathlib import Path

STYLES = """
<w:style w:styleId="berschrift2"><w:name w:val="heading 2"/></w:style>
<w:style w:styleId="Own"><w:name w:val="Kapitel"/><w:basedOn w:val="berschrift2"/></w:style>
<w:style w:styleId="Part"><w:name w:val="Teil"/><w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>
<w:style w:styleId="Titel"><w:name w:val="Title"/></w:style>
<w:style w:styleId="Liste"><w:name w:val="List Bullet"/>
  <w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>
<w:style w:styleId="Circle"><w:name w:val="x"/><w:basedOn w:val="Circle"/></w:style>
"""


def p(text: str, style: str = "", properties: str = "") -> str:
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{named}{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def cell(content: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content}</w:tc>"


def row(*cells: str) -> str:
    return f"<w:tr>{''.join(cells)}</w:tr>"


def text_of(path: Path) -> str:
    (page,) = Docx().read(path, "a.docx").pages
    return page.text


@pytest.mark.parametrize(
    ("style", "text"),
    [
        ("Titel", "# Words"),
        ("berschrift2", "## Words"),
        ("Own", "## Words"),
        ("Part", "# Words"),
        ("Liste", "- Words"),
        ("Circle", "Words"),
        ("Unknown", "Words"),
    ],
)
def test_styles_make_headings_and_lists(tmp_path: Path, style: str, text: str) -> None:
    assert text_of(word(tmp_path / "a", p("Words", style), styles=STYLES)) == text


def test_text_that_looks_like_markup_stays_text(tmp_path: Path) -> None:
    assert text_of(word(tmp_path / "a", p("# comment"))) == "\\# comment"


def test_lists_keep_their_depth(tmp_path: Path) -> None:
    def listed(text: str, level: int) -> str:
        numbering = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr>'
        return p(text, properties=numbering)

    body = p("Before") + listed("one", 3) + listed("two", 3) + listed("three", 0) + p("After")
    assert text_of(word(tmp_path / "a", body)) == "Before\n\n- one\n  - two\n- three\n\nAfter"


def test_tables_are_tables(tmp_path: Path) -> None:
    inner = f"<w:tbl>{row(cell(p('in')), cell(p('ner')))}</w:tbl>"
    merged = cell(p("wide"), '<w:gridSpan w:val="2"/>')
    controlled = f"<w:sdt><w:sdtContent>{cell(p('held'))}</w:sdtContent></w:sdt>"
    body = row(cell(p("A")), cell(p("B|C")), cell(p("D")))
    body += row(merged, cell(inner)) + row(cell(p("x")), cell(p("y") + p("z")), controlled)
    assert text_of(word(tmp_path / "a", f"<w:tbl>{body}</w:tbl>")) == (
        "| A | B\\|C | D |\n| --- | --- | --- |\n| wide |  | in ner |\n| x | y z | held |"
    )


def test_a_frame_of_one_cell_is_no_table(tmp_path: Path) -> None:
    body = f"<w:tbl>{row(cell(p('Words', 'Titel')))}</w:tbl>"
    assert text_of(word(tmp_path / "a", body, styles=STYLES)) == "# Words"


def test_what_is_seen_is_kept_and_what_is_not_is_left_out(tmp_path: Path) -> None:
    body = """<w:p>
      <w:r><w:t>One</w:t><w:tab/><w:t>two</w:t><w:br/><w:t>three</w:t></w:r>
      <w:del><w:r><w:delText>gone</w:delText></w:r></w:del>
      <w:ins><w:r><w:t>, added</w:t></w:r></w:ins>
      <w:hyperlink><w:r><w:t>, linked</w:t></w:r></w:hyperlink>
      <w:r><w:instrText>HYPERLINK x</w:instrText></w:r>
      <w:sdt><w:sdtPr/><w:sdtContent><w:r><w:t>, held</w:t></w:r></w:sdtContent></w:sdt>
      <w:r><mc:AlternateContent>
        <mc:Choice><w:txbxContent><w:p><w:r><w:t>Boxed</w:t></w:r></w:p></w:txbxContent></mc:Choice>
        <mc:Fallback><w:txbxContent><w:p><w:r><w:t>Boxed</w:t></w:r></w:p></w:txbxContent>
        </mc:Fallback></mc:AlternateContent></w:r>
    </w:p>"""
    assert text_of(word(tmp_path / "a", body)) == "One\ttwo\nthree, added, linked, held\n\nBoxed"


def test_notes_and_comments_follow_what_they_belong_to(tmp_path: Path) -> None:
    body = """<w:p><w:r><w:t>Text</w:t><w:footnoteReference w:id="2"/><w:endnoteReference w:id="2"/>
      <w:commentReference w:id="0"/></w:r></w:p>""" + p("After")
    path = word(
        tmp_path / "a",
        body,
        footnotes=f'<w:footnote w:id="1">{p("-")}</w:footnote>'
        f'<w:footnote w:id="2">{p("below")}</w:footnote>',
        endnotes=f'<w:endnote w:id="2">{p("at the end")}</w:endnote>',
        comments=f'<w:comment w:id="0">{p("why?")}</w:comment>',
    )
    assert text_of(path) == ("Text\n\nNote: below\n\nNote: at the end\n\nComment: why?\n\nAfter")


def test_headers_and_footers_come_once_at_the_end(tmp_path: Path) -> None:
    path = word(tmp_path / "a", p("Text"), header=p("Firm"), footer=p("Firm") + p("Bern"))
    assert text_of(path) == "Text\n\nFirm\n\nBern"


def test_page_breaks_make_pages(tmp_path: Path) -> None:
    broken = '<w:p><w:r><w:t>one</w:t><w:br w:type="page"/><w:t>two</w:t></w:r></w:p>'
    body = broken + p("three", properties="<w:pageBreakBefore/>")
    pages = Docx().read(word(tmp_path / "a", body), "a").pages
    assert [(page.number, page.text) for page in pages] == [(1, "one"), (2, "two"), (3, "three")]


def test_the_title_is_that_of_the_document(tmp_path: Path) -> None:
    core = '<c xmlns:dc="urn:dc"><dc:title> My  report </dc:title></c>'
    document = '<w:document xmlns:w="urn:w"><w:body><w:p><w:t>x</w:t></w:p></w:body></w:document>'
    members = {"word/document.xml": document, "docProps/core.xml": core}
    path = archive(tmp_path / "a", members)
    assert Docx().read(path, "a").title == "My report"
    assert Docx().fits(b"PK", path)


NESTED = {
    "tables": ("<w:tbl><w:tr><w:tc>", p("x"), "</w:tc></w:tr></w:tbl>", 60),
    "tables beside": ("<w:tbl><w:tr><w:tc/><w:tc>", p("x"), "</w:tc></w:tr></w:tbl>", 60),
    "controls": ("<w:sdt>", p("x"), "</w:sdt>", 230),
    "boxes": ("<w:p><w:txbxContent>", p("x"), "</w:txbxContent></w:p>", 110),
}


@pytest.mark.parametrize("case", NESTED)
def test_deep_nesting_is_read(tmp_path: Path, case: str) -> None:
    opening, inside, closing, times = NESTED[case]
    path = word(tmp_path / "a", opening * times + inside + closing * times)
    assert "x" in text_of(path)


def test_endless_nesting_is_refused(tmp_path: Path) -> None:
    path = word(tmp_path / "a", "<w:sdt>" * 50_000 + "</w:sdt>" * 50_000)
    with pytest.raises(UnreadableError, match="not valid XML"):
        Docx().read(path, "a")


def test_entities_are_refused(tmp_path: Path) -> None:
    hostile = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a><p><t>&b;</t></p></a>'
    path = archive(tmp_path / "a", {"word/document.xml": hostile})
    with pytest.raises(UnreadableError, match="entities"):
        Docx().read(path, "a")


def test_an_archive_without_a_document_is_refused(tmp_path: Path) -> None:
    path = archive(tmp_path / "a", {"other": "x"})
    assert not Docx().fits(b"PK", path)
    with pytest.raises(UnreadableError, match="missing"):
        Docx().read(path, "a")
