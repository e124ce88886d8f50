"""Workbooks: every visible sheet as people see it."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING

import pytest
from openpyxl import Workbook

from knowledge.parsing.errors import UnreadableError
from knowledge.parsing.formats.xlsx import Xlsx
from tests.knowledge.parsing.archives import archive, relations

if TYPE_CHECKING:
    from pathlib import Path

WORKBOOK = """<workbook xmlns:r="urn:r"><sheets>
<sheet name="One" sheetId="1" r:id="first"/></sheets></workbook>"""


def saved(path: Path, workbook: Workbook) -> Path:
    workbook.save(path)
    return path


def raw_sheet(path: Path, rows: str, shared: str = "<sst/>") -> Path:
    targets = {"first": ("worksheet", "a.xml"), "s": ("sharedStrings", "s.xml")}
    return archive(
        path,
        {
            "xl/workbook.xml": WORKBOOK,
            "xl/_rels/workbook.xml.rels": relations(targets),
            "xl/a.xml": f"<worksheet><sheetData>{rows}</sheetData></worksheet>",
            "xl/s.xml": shared,
        },
    )


def test_values_are_shown_as_people_see_them(tmp_path: Path) -> None:
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.title = "Prices"
    sheet.append(["Name", "Since", "At", "From", "Share", "Price", "New"])
    sheet.append(
        [
            "A|B",
            date(2024, 2, 29),
            datetime.fromisoformat("2024-02-29T13:05"),
            time(8, 30),
            0.125,
            0.1 + 0.2,
            True,
        ]
    )
    sheet["E2"].number_format = "0.0%"
    sheet.append(["C", None, None, None, None, 1234567890123])
    path = saved(tmp_path / "a.xlsx", workbook)
    (page,) = Xlsx().read(path, "a").pages
    assert page.title == "Prices"
    assert page.text == (
        "# Prices\n\n"
        "| Name | Since | At | From | Share | Price | New |\n"
        "| --- | --- | --- | --- | --- | --- | --- |\n"
        "| A\\|B | 2024-02-29 | 2024-02-29 13:05 | 08:30 | 12.5% | 0.3 | TRUE |\n"
        "| C |  |  |  |  | 1234567890123 |  |"
    )
    assert Xlsx().fits(b"PK", path)


def test_hidden_and_empty_sheets_are_left_out(tmp_path: Path) -> None:
    workbook = Workbook()
    for name, state in (("Shown", "visible"), ("Hidden", "hidden"), ("Very", "veryHidden")):
        sheet = workbook.create_sheet(name)
        sheet.sheet_state = state
        sheet["B3"] = f"in {name}"
    pages = Xlsx().read(saved(tmp_path / "a", workbook), "a").pages
    assert [(page.number, page.title) for page in pages] == [(2, "Shown")]


def test_what_stands_above_a_table_is_not_its_header(tmp_path: Path) -> None:
    rows = "<row><c t='inlineStr'><is><t>All prices</t></is></c></row>"
    rows += "<row><c><v>1</v></c><c><v>2</v></c></row>" * 2
    (page,) = Xlsx().read(raw_sheet(tmp_path / "a", rows), "a").pages
    assert page.text == "# One\n\nAll prices\n\n| 1 | 2 |\n| --- | --- |\n| 1 | 2 |"


def test_formulas_give_the_value_that_was_kept(tmp_path: Path) -> None:
    rows = "<row><c r='A1' t='str'><f>1+1</f><v>two</v></c><c r='C1'><f>2</f><v>4</v></c></row>"
    rows += "<row><c r='A2' t='s'><v>0</v></c><c r='C2' t='s'><v>99</v></c></row>"
    shared = "<sst><si><r><t>ri</t></r><r><t>ch_x0041_</t></r><rPh><t>no</t></rPh></si></sst>"
    (page,) = Xlsx().read(raw_sheet(tmp_path / "a", rows, shared), "a").pages
    assert page.text == "# One\n\n| two | 4 |\n| --- | --- |\n| richA |  |"


FAR = "<row><c r='XFD1'><v>1</v></c></row>"
LONG = f"<sst><si><t>{'long ' * 20_000}</t></si></sst>"


@pytest.mark.parametrize(
    ("rows", "shared"),
    [
        (FAR * 100, "<sst/>"),
        ("<row><c t='s'><v>0</v></c></row>" * 5_000, LONG),
        ("<row><c><v>1</v></c></row>" * 3_000 + "<row>" * 3_000, "<sst/>"),
        ("&bomb;", "<sst/>"),
    ],
)
def test_hostile_sheets_are_refused(tmp_path: Path, rows: str, shared: str) -> None:
    path = raw_sheet(tmp_path / "a", rows, shared)
    with pytest.raises(UnreadableError):
        Xlsx().read(path, "a")
