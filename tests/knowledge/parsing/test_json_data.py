"""JSON as text: paths, records, and whatever strange thing JSON allows."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from knowledge.parsing.errors import UnreadableError
from knowledge.parsing.formats.json_data import JsonData

if TYPE_CHECKING:
    from pathlib import Path


# A key of a million characters would be told again before each of 99 values.
LONG_KEY = json.dumps({"k" * 1_000_000: {str(number): 1 for number in range(99)}})


def text_of(path: Path, content: str) -> str:
    path.write_text(content)
    return "\n".join(page.text for page in JsonData().read(path, "a.json").pages)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (
            '{"a": {"b": 1.50, "c": [1, "x"]}, "d": true, "e": null}',
            "a.b: 1.50\na.c: 1, x\nd: true",
        ),
        ('[{"Name": "A", "b": 1}, {"b": 2}, 3]', "## A\n\nName: A\nb: 1\n\nb: 2\n\n3"),
        ('{"v": 1, "all": [{"title": "A"}]}', "v: 1\n\n# all\n\n## A\n\ntitle: A"),
        ('{"a": 1}\n{"a": 2}\n\n', "a: 1\n\na: 2"),
        ('{"a": [[1, 2], {"b": 3}]}', "# a\n\n1, 2\n\nb: 3"),
        ('"text"', "text"),
        ("", ""),
        ('{"a": 1, "a": 2}', "a: 1\na: 2"),
        ('{"a": "x\\ud800y\\ud83d\\ude00"}', "a: x\ufffdy\U0001f600"),
        ('{"a": 1e999999, "b": NaN}', "a: 1e999999\nb: NaN"),
        (f'{{"a": {"9" * 100_000}}}', f"a: {'9' * 100_000}"),
    ],
)
def test_data_is_read_as_text(tmp_path: Path, content: str, text: str) -> None:
    assert text_of(tmp_path / "a", content) == text


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"a": 1,\n"b" 2}', "line 2"),
        ('{"a": 1}\n{"a": 2}\n{"a"', "line 3"),
        ("[" * 100_000, "nested"),
        ("[" * 100_000 + "]" * 100_000, "nested"),
        ('{"a":' * 100_000 + "1" + "}" * 100_000, "nested"),
        ("[" * 200 + "]" * 200, "nested"),
        (LONG_KEY, "20 MB"),
        (" " * 21 * 1024 * 1024, "20 MB"),
    ],
)
def test_what_cannot_be_read_says_why(tmp_path: Path, content: str, message: str) -> None:
    with pytest.raises(UnreadableError, match=message):
        text_of(tmp_path / "a", content)
