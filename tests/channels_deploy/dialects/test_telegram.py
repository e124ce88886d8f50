"""Telegram is sent HTML that it can parse, whatever an assistant says."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given, settings

from channels_deploy.dialects.atoms import length
from tests.channels_deploy.dialects.answers import DOCUMENTS, LONG_NOISE, parts, text

TAGS = {"b", "i", "s", "code", "pre", "a", "blockquote"}


class Reader(HTMLParser):
    """Reads as Telegram does: known tags alone, each closed in its turn, and few entities."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.seen = ""
        self.marks = 0
        self.feed(html)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS
        assert [name for name, _ in attrs] in ([], ["href"], ["class"])
        assert "code" not in self.open
        self.open.append(tag)
        self.marks += 1

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.seen += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(decl)

    def handle_pi(self, data: str) -> None:
        raise AssertionError(data)


@settings(max_examples=100, deadline=None)
@given(message=LONG_NOISE | DOCUMENTS)
def test_tags_are_balanced_and_everything_else_is_escaped(message: str) -> None:
    for part in parts("telegram", message):
        read = Reader(part.text)
        assert length(read.seen) <= 4096
        assert len(part.text.encode()) <= 32 * 1024
        assert read.marks <= 2 * 100  # code in a language has two tags, and is one entity


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("# Hours", "<b>Hours</b>"),
        ("**bold** *italic*", "<b>bold</b> <i>italic</i>"),
        ("~~gone~~ `code`", "<s>gone</s> <code>code</code>"),
        ("***both***", "<i><b>both</b></i>"),
        ("1 < 2 & 3 > 2", "1 &lt; 2 &amp; 3 &gt; 2"),
        ("<b>no</b>", "&lt;b&gt;no&lt;/b&gt;"),
        (
            '[a](https://x.example/?q="1"&r=2)',
            '<a href="https://x.example/?q=%221%22&amp;r=2">a</a>',
        ),
        ("[mail](mailto:a@x.example)", "mail: a@x.example"),
        ("[file](/a/b)", "file: /a/b"),
        ("<https://x.example>", "https://x.example"),
        ("![A cat](https://x.example/cat.png)", '<a href="https://x.example/cat.png">A cat</a>'),
        ("![](https://x.example/cat.png)", '<a href="https://x.example/cat.png">Picture</a>'),
        ("[`a`](https://x.example)", '<a href="https://x.example">a</a>'),
        ("**a `b`**", "<b>a</b> <code>b</code>"),
        ("- a\n- b\n  - c", "• a\n• b\n  • c"),
        ("3. a\n4. b", "3. a\n4. b"),
        ("> a\n> b\n>\n> c", "<blockquote>a\nb\n\nc</blockquote>"),
        ("> a\n>\n> > b", "<blockquote>a\n\nb</blockquote>"),
        ("```py\na < b\n\n  c\n```", '<pre><code class="language-py">a &lt; b\n\n  c</code></pre>'),
        ('```"><b>\na\n```', "<pre>a</pre>"),
        ("a\n\n---\n\nb", "a\n\n———\n\nb"),
        ("|a|bb|\n|-|-|\n|ccc|d|", "<pre>a   | bb\n----+---\nccc | d</pre>"),
    ],
)
def test_markdown_becomes_html(markdown: str, html: str) -> None:
    assert text("telegram", markdown) == html


def test_a_long_block_of_code_goes_on_in_the_next_message() -> None:
    lines = [f"print({number})" for number in range(600)]

    said = parts("telegram", "```py\n" + "\n".join(lines) + "\n```")

    assert len(said) > 1
    opening, closing = '<pre><code class="language-py">', "</code></pre>"
    bodies = [part.text.removeprefix(opening).removesuffix(closing) for part in said]
    assert [len(part.text) - len(body) for part, body in zip(said, bodies, strict=True)] == [
        len(opening + closing)
    ] * len(said)
    assert "\n".join(bodies).split("\n") == lines


def test_bold_text_ends_with_a_message_and_begins_again_in_the_next() -> None:
    said = parts("telegram", f"**{'Much to say. ' * 600}**".replace(" **", "**"))

    assert len(said) == 2
    assert all(part.text.startswith("<b>Much") and part.text.endswith("say.</b>") for part in said)


def test_characters_beyond_the_basic_plane_count_twice() -> None:
    said = parts("telegram", "🙂" * 4096)

    assert [length(part.plain) for part in said] == [4096, 4096]


def test_no_link_is_lost_beyond_the_entities_that_telegram_reads() -> None:
    said = parts("telegram", " ".join(f"[{n}](https://x.example/{n})" for n in range(250)))

    assert [part.text.count("<a ") for part in said] == [100, 100, 50]


def test_the_text_without_markup_says_where_links_lead() -> None:
    (part,) = parts("telegram", "See **[our shop](https://x.example)** & more")

    assert part.plain == "See our shop (https://x.example) & more"


def test_the_text_without_markup_leaves_addresses_out_where_they_would_not_fit() -> None:
    address = "https://x.example/" + "a" * 1800
    (part,) = parts("telegram", f"[one]({address}) [two]({address}) [three]({address})")

    assert part.plain == "one two three"
