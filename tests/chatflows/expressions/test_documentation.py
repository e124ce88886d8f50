"""The page for people has every function, and its examples work."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatflows.expressions import parse
from chatflows.expressions.functions import FUNCTIONS, Function

PAGE = Path(__file__).parents[3] / "docs" / "expressions.md"


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
def test_every_function_is_described_with_an_example_that_works(function: Function) -> None:
    assert f"| `{function.example}` | {function.help} |" in PAGE.read_text()
    parse(function.example).value({"list": [], "object": {}, "text": "{}", "name": "Ana"})
