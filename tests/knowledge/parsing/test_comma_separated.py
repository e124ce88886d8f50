"""Tables as text: any delimiter and encoding, quotes, and an end to everything."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from knowledge.parsing.errors import UnreadableError
from knowledge.parsing.formats.comma_separated import CommaSeparated

if TYPE_CHECKING:
    from pathlib import Path


def text_of(path: Path, content: str | bytes) -> str:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return "\n".join(page.text for page in CommaSeparated().read(path, "a.csv").pages)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_any_delimiter_and_encoding(tmp_path: Path, delimiter: str, encoding: str) -> None:
    lines = [["Name", "Preis"], ["Käse", "1.50"], ["Brot", "2"]]
    raw = "\r\n".join(delimiter.join(line) for line in lines).encode(encoding)
    assert text_of(tmp_path / "a", raw) == (
        "| Name | Preis |\n| --- | --- |\n| Käse | 1.50 |\n| Brot | 2 |"
    )


def test_quotes_and_lines_in_cells(tmp_path: Path) -> None:
    content = 'a,b\n"one, ""two""\nthree",x|y\n\n,\n4,5,6\n'
    assert text_of(tmp_path / "a", content) == (
        '| a | b |  |\n| --- | --- | --- |\n| one, "two" three | x\\|y |  |\n| 4 | 5 | 6 |'
    )


def test_long_rows_become_records(tmp_path: Path) -> None:
    answer = "word " * 200
    content = f"Question,Answer,Note\nWhy?,{answer},\nHow?,{answer},well\n"
    assert text_of(tmp_path / "a", content) == (
        f"Question: Why?\nAnswer: {answer.strip()}\n\n"
        f"Question: How?\nAnswer: {answer.strip()}\nNote: well"
    )


def test_one_column_and_nothing(tmp_path: Path) -> None:
    assert text_of(tmp_path / "a", "Name\nA\n") == "| Name |\n| --- |\n| A |"
    assert text_of(tmp_path / "a", "") == ""


@pytest.mark.parametrize(
    "content", [",\n" * 300_000, '"' + "x" * 2_000_000, "a,b\n" + "x" * 60 * 1024 * 1024]
)
def test_too_much_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(UnreadableError):
        text_of(tmp_path / "a", content)
