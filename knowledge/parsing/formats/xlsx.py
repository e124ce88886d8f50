"""Excel workbooks. A page for every visible sheet, as a table under its first row."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from knowledge.parsing import office, zip_guard
from knowledge.parsing.excel.numbers import numbers
from knowledge.parsing.excel.sheet import Budget, rows, shared_texts
from knowledge.parsing.markup import heading, joined, sheet
from knowledge.parsing.xml_guard import child
from knowledge.texts import Page, Parsed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from knowledge.parsing.xml_guard import Element
    from knowledge.parsing.zip_guard import GuardedZip

MAIN = "xl/workbook.xml"


class Xlsx:
    name: ClassVar[str] = "Excel"
    mime_type: ClassVar[str] = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    extensions: ClassVar[tuple[str, ...]] = (".xlsx", ".xlsm", ".xltx")

    def fits(self, head: bytes, path: Path) -> bool:
        return zip_guard.holds(path, head, "xl/workbook.xml")

    def read(self, path: Path, name: str) -> Parsed:
        with zip_guard.GuardedZip(path) as archive:
            return Parsed(tuple(_pages(archive)), office.title(archive), self.mime_type)


def _pages(archive: GuardedZip) -> Iterator[Page]:
    main = office.main_part(archive, MAIN)
    workbook = office.part(archive, main)
    relations = office.relations(archive, main)
    named = {relation.kind: relation.target for relation in relations}
    worksheets = {each.id: each.target for each in relations if each.kind == "worksheet"}
    texts = shared_texts(archive, named.get("sharedStrings", ""))
    shown = numbers(office.optional_part(archive, named.get("styles", "")), workbook)
    budget = Budget()
    for number, (title, relation) in enumerate(_visible(workbook), start=1):
        if part := worksheets.get(relation):
            body = sheet(rows(archive, part, texts, shown, budget))
            if body:
                yield Page(number, joined([heading(title), body]), title)


def _visible(workbook: Element) -> Iterator[tuple[str, str]]:
    """The name of each sheet that is not hidden, and the id of the relation that leads to it."""
    listed = child(workbook, "sheets")
    for entry in [] if listed is None else listed:
        if entry.get("state", "visible") == "visible":
            relation = next((value for key, value in entry.items() if key.endswith("}id")), "")
            yield entry.get("name", ""), relation
