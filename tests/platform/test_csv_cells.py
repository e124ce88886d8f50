"""What a spreadsheet would run as a formula is exported as text, however it reads the file."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from common.csv_cells import harmless, unmarked
from common.plain_text import plain


@pytest.mark.parametrize(
    "hidden_by", ["", "a;", 'a;"', "a\tb; ", "a\r\n", "\ufeff", " \u200b", '"']
)
@pytest.mark.parametrize("sign", [*"=+-@", "\uff1d", "\uff0b", "\uff0d", "\uff20"], ids=ascii)
def test_a_formula_is_found_wherever_a_cell_may_begin(hidden_by: str, sign: str) -> None:
    formula = f"{sign}cmd|'/c calc'!A1"
    for text in (f"{hidden_by}{formula}", f"fine, {hidden_by}{formula}", f"{formula};{formula}"):
        line = _line([harmless(text), "last"])
        for delimiter in ",;\t":
            for row in csv.reader(io.StringIO(line), delimiter=delimiter):
                assert not [cell for cell in row if plain(cell.strip(' "'))[:1] in set("=+-@")]


def _line(row: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(row)
    return out.getvalue()


@pytest.mark.parametrize(
    "text", ["a;b", "Hello, you = me; ok?", "1,5", "name: Ana; phone: +49", "é"]
)
def test_what_is_no_formula_is_exported_as_it_is(text: str) -> None:
    assert harmless(text) == text


@given(st.text(alphabet="a=+-@'\"; \t\n\uff1d\u200b"))
@example("\n'=a")
@example("';a")
def test_a_marked_text_is_read_as_what_it_was(text: str) -> None:
    assert unmarked(harmless(text)) == text
