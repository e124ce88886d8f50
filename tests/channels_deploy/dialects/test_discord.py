"""Discord is sent its own Markdown, in which nothing pings anybody."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings

from tests.channels_deploy.dialects.answers import DOCUMENTS, LONG_NOISE, parts, text

MENTION = re.compile(r"@everyone|@here|<@[!&]?\d+>")


@settings(max_examples=100, deadline=None)
@given(message=LONG_NOISE | DOCUMENTS)
def test_nothing_pings_and_fences_are_closed(message: str) -> None:
    for part in parts("discord", message):
        assert not MENTION.search(part.text)
        assert len(re.findall(r"^(?:> )?```", part.text, re.MULTILINE)) % 2 == 0
        assert len(part.text) <= 2000


@pytest.mark.parametrize(
    ("markdown", "written"),
    [
        ("# One", "# One"),
        ("### Three", "### Three"),
        ("#### Four", "**Four**"),
        ("**bold** *italic* ~~gone~~ `code`", "**bold** _italic_ ~~gone~~ ``code``"),
        ("un*read*able ***both***", "un*read*able _**both**_"),
        ("a*b***c**", "a*b*\u200b**c**"),
        ("*see https://x.example/a_b now*", "_see_ https://x.example/a_b _now_"),
        ("*a [b](https://x.example/c_d)*", "_a_ [b](https://x.example/c_d)"),
        ("`` a`b ``", "``a`b``"),
        ("`` `a ``", "``\u200b`a``"),
        ("a\n\n```\n\n```", "a"),
        ("[a](https://x.example/b_c)", "[a](https://x.example/b_c)"),
        ("[a](https://x.example/(b))", "[a](https://x.example/%28b%29)"),
        ("[https://x.example](https://y.example)", "https://x.example: https://y.example"),
        ("![A cat](https://x.example/cat.png)", "[A cat](https://x.example/cat.png)"),
        ("see https://x.example/a_b_c.", "see https://x.example/a_b_c."),
        (r"\*a\* b\_c ||d||", r"\*a\* b\_c \|\|d\|\|"),
        (r"\# a", r"\# a"),
        (r"\- a", r"\- a"),
        (r"1\. a", r"1\. a"),
        (r"\> a", r"\> a"),
        ("@everyone", "@\u200beveryone"),
        ("<@123456>", "\\<@\u200b123456\\>"),
        ("`@here`", "``@\u200bhere``"),
        ("@alice a@x.example", "@alice a@x.example"),
        ("- a\n- b\n  - c", "- a\n- b\n  - c"),
        ("3. a\n4. b", "3. a\n4. b"),
        ("> a\n> b\n>\n> c", "> a\n> b\n> \n> c"),
        ("> a\n>\n> > b", "> a\n> \n> b"),
        ("> ```py\n> a\n> ```", "> ```py\n> a\n> ```"),
        ("```py\na = '```'\n```", "```py\na = '`\u200b`\u200b`'\n```"),
        ("|a|bb|\n|-|-|\n|ccc|d|", "```\na   | bb\n----+---\nccc | d\n```"),
    ],
)
def test_markdown_becomes_discords(markdown: str, written: str) -> None:
    assert text("discord", markdown) == written


def test_a_fence_is_closed_and_opened_again() -> None:
    lines = [f"print({number})" for number in range(300)]

    said = parts("discord", "Look:\n\n```py\n" + "\n".join(lines) + "\n```\n\nThat is it.")

    assert said[0].text.startswith("Look:\n\n```py\nprint(0)\n")
    assert all(part.text.endswith("\n```") for part in said[:-1])
    assert all(part.text.startswith("```py\nprint(") for part in said[1:])
    assert said[-1].text.endswith("```\n\nThat is it.")


def test_a_quotation_that_is_cut_is_one_in_the_next_message_too() -> None:
    said = parts("discord", "> " + "Quoted at length. " * 300)

    assert len(said) > 2
    assert all(part.text.startswith("> Quoted") for part in said)


def test_an_address_too_long_for_a_link_is_written_out() -> None:
    address = "https://x.example/" + "a" * 1200

    assert text("discord", f"[shop]({address})") == f"shop: {address}"


def test_bold_within_bold_hides_no_mention() -> None:
    assert not MENTION.search(text("discord", "**a __@every__one b**"))
