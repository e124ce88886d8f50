"""Notion's blocks as Markdown."""

from __future__ import annotations

from typing import Any

import pytest

from knowledge.remote.notion_markdown import Block, markdown_of, properties_of, title_of
from tests.servers.notion import block, child_page, paragraph, rich, table


def made(given: dict[str, Any]) -> Block:
    """As a reader makes it of what the API says."""
    children = tuple(made(each) for each in given.get("children", ()))
    return Block(given["type"], given[given["type"]], children)


def markdown(*given: dict[str, Any]) -> str:
    return markdown_of([made(each) for each in given])


def test_headings_paragraphs_and_what_is_below_them() -> None:
    text = markdown(
        block("heading_1", "Coffee machine"),
        paragraph("Descale it.", paragraph("Every three months.")),
        block("divider"),
        block("heading_3", "Warranty", paragraph("Two years."), is_toggleable=True),
        paragraph(""),
    )
    assert text == (
        "# Coffee machine\n\nDescale it.\n\nEvery three months.\n\n### Warranty\n\nTwo years."
    )


def test_lists_keep_together_and_count() -> None:
    text = markdown(
        block("bulleted_list_item", "Milk", block("bulleted_list_item", "Oat milk")),
        block("bulleted_list_item", "Beans"),
        block("numbered_list_item", "Grind"),
        block("numbered_list_item", "Brew"),
        block("to_do", "Clean", checked=True),
        block("to_do", "Descale", checked=False),
        paragraph("Done."),
        block("numbered_list_item", "Anew"),
    )
    assert text == (
        "- Milk\n    - Oat milk\n- Beans\n\n1. Grind\n2. Brew\n\n- [x] Clean\n- [ ] Descale\n\n"
        "Done.\n\n1. Anew"
    )


def test_a_toggle_is_a_question_with_its_answer() -> None:
    text = markdown(block("toggle", "How long?", paragraph("Two years.")))
    assert text == "How long?\nTwo years."


def test_quotes_callouts_and_columns() -> None:
    column = block("column", "", paragraph("Left."))
    text = markdown(
        block("quote", "One.\nTwo."),
        block("callout", "Careful!", paragraph("It is hot."), icon={"emoji": "🔥"}),
        block("column_list", "", column),
    )
    assert text == "> One.\n> Two.\n\n> Careful!\n>\n> It is hot.\n\nLeft."


def test_code_keeps_what_is_in_it() -> None:
    code = "print('```')\n# no heading"
    text = markdown(block("code", code, language="python", caption=rich("An example")))
    assert text == f"````python\n{code}\n````\n\nAn example"
    assert markdown(block("code", "x", language="plain text")) == "```\nx\n```"


def test_a_table() -> None:
    text = markdown(table(("Size", "Price"), ("a|b", "two\nlines"), ("c",)))
    assert text == "| Size | Price |\n| --- | --- |\n| a\\|b | two lines |\n| c |  |"
    assert markdown(block("table")) == ""


def test_links_files_equations_and_pages() -> None:
    text = markdown(
        block("bookmark", url="https://example.com", caption=rich("An example")),
        block("embed", url="https://example.com/map"),
        block("image", caption=rich("The machine"), type="file", file={"url": "https://s3/…"}),
        {"type": "equation", "equation": {"expression": "E = mc^2"}},
        child_page("id", "Prices"),
    )
    assert text == (
        "[An example](https://example.com)\n\nhttps://example.com/map\n\nThe machine\n\n"
        "E = mc^2\n\n- Prices"
    )


def test_what_only_looks_like_structure_is_none() -> None:
    assert markdown(paragraph("# not a heading\n```")) == "\\# not a heading\n\\```"
    assert markdown(paragraph("#hashtag")) == "#hashtag"


@pytest.mark.parametrize("data", [{}, {"rich_text": "x"}, {"rich_text": [3, {}]}, {"rows": None}])
@pytest.mark.parametrize("type_", ["paragraph", "code", "table", "unheard_of", "child_page"])
def test_what_is_not_understood_harms_nothing(type_: str, data: dict[str, Any]) -> None:
    text = markdown_of([Block(type_, data), Block("paragraph", {"rich_text": rich("After.")})])
    assert text.endswith("After.")


def test_a_row_says_its_properties() -> None:
    row = {
        "properties": {
            "Question": {"type": "title", "title": rich("How long is the warranty?")},
            "Answer": {"type": "rich_text", "rich_text": rich("Two\nyears.")},
            "Price": {"type": "number", "number": 12.5},
            "State": {"type": "status", "status": {"name": "Live", "color": "green"}},
            "Tags": {"type": "multi_select", "multi_select": [{"name": "a"}, {"name": "b"}]},
            "Valid": {"type": "date", "date": {"start": "2026-01-01", "end": "2026-12-31"}},
            "Sold": {"type": "checkbox", "checkbox": True},
            "Sum": {"type": "formula", "formula": {"type": "number", "number": 3}},
            "Names": {
                "type": "rollup",
                "rollup": {"type": "array", "array": [{"type": "title", "title": rich("One")}]},
            },
            "Site": {"type": "url", "url": None},
            "Other": {"type": "relation", "relation": [{"id": "x"}]},
            "Broken": 3,
        }
    }
    assert title_of(row) == "How long is the warranty?"
    assert properties_of(row).splitlines() == [
        "- Answer: Two years.",
        "- Price: 12.5",
        "- State: Live",
        "- Tags: a, b",
        "- Valid: 2026-01-01 to 2026-12-31",
        "- Sold: yes",
        "- Sum: 3",
        "- Names: One",
    ]
