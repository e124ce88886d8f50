"""What is made of the HTML of a page, in this process and in one of its own."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest
from django.conf import settings

from knowledge.crawling.decoding import decoded, with_charset
from knowledge.crawling.errors import ParseError
from knowledge.crawling.extractor import Extractor
from knowledge.crawling.main_text import LARGEST, TooLargeError, parse_html

HERE = "https://example.com/coffee"
FILLER = "The text goes on for a while, so that it is seen to be the main one. " * 4
PAGE = f"""<!doctype html><html><head><title> Coffee
 machines </title><base href="/shop/"><link rel=canonical href="/coffee"></head><body>
<nav><a href="/">Home</a> <a href="/cart" rel="nofollow">Cart</a></nav>
<main><article><h1>Coffee</h1><p>Descale it <b>every</b> three_months. {FILLER}</p>
<h2>Prices</h2><table><tr><th>Machine</th><th>Price</th></tr><tr><td>Small</td><td>1|2 €</td></tr>
</table><ul><li>Beans<ul><li>Arabica</li></ul></li><li>Milk</li></ul>
<pre><code>brew --cups 2
brew --stop</code></pre><p><img src=x.png alt="A cup">See <a href="/manual">the manual</a>.</p>
</article></main><footer>Imprint, privacy</footer><script>evil()</script></body></html>"""
LARGE = b"<p>hello world " * 500_000
HOSTILE = {
    "nothing": b"",
    "null characters": b"\0" * 100_000,
    "deep": b"<div>" * 500_000,
    "deep text": b"<b><i>x" * 300_000,
    "deep lists": b"<ul><li>x" * 200_000,
    "deep tables": b"<table><tr><td>x" * 100_000,
    "attributes": b"<a " + b"x=1 " * 500_000,
    "angle brackets": b"<" * 500_000,
    "open comment": b"<!--" * 500_000,
    "entities": b"&#x41;" * 300_000,
    "declaration": b"<?xml version='1.0' encoding='utf-32'?><p>text</p>",
    "doctype": b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><p>&b;</p>',
    "random": bytes(range(256)) * 500,
}


def test_a_page_becomes_markdown() -> None:
    page = parse_html(PAGE.encode(), HERE)

    assert page.title == "Coffee machines"
    assert page.canonical == "/coffee"
    assert page.base == "/shop/"
    assert page.links == ("/", "/manual")
    assert page.text.startswith("# Coffee\n\nDescale it every three_months. The text")
    assert (
        "\n\n## Prices\n\n| Machine | Price |\n| --- | --- |\n| Small | 1\\|2 € |\n\n" in page.text
    )
    assert "- Beans\n  - Arabica\n- Milk\n" in page.text
    assert "```\nbrew --cups 2\nbrew --stop\n```" in page.text
    assert page.text.endswith("See the manual.")
    assert not any(word in page.text for word in ("Home", "Imprint", "evil", "A cup"))


def test_all_visible_text_where_there_is_no_main_text() -> None:
    page = parse_html(b"<body>Open <b>daily</b><div hidden>8-12</div><style>x{}</style>", HERE)

    assert page.text.split() == ["Open", "daily", "8-12"]


def test_what_follows_hundreds_of_tags_that_nobody_closed_is_read() -> None:
    page = parse_html(b"<body>" + b"<p><font color=red>More. " * 500 + b"<p>The end.", HERE)

    assert page.text.endswith("The end.")


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_pages_end_quickly(name: str) -> None:
    began = time.monotonic()
    parse_html(HOSTILE[name], HERE)

    assert time.monotonic() - began < 10


def test_more_than_ten_megabytes_are_refused() -> None:
    with pytest.raises(TooLargeError):
        parse_html(b"a" * (LARGEST + 1), HERE)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("Tschüß".encode(), "Tschüß"),
        ("\ufeffGrüße".encode(), "Grüße"),
        ("\ufeffGrüße".encode("utf-16-le"), "Grüße"),
        ("Grüße €".encode("cp1252"), "Grüße €"),
        ('<meta charset="iso-8859-2">Łódź'.encode("iso-8859-2"), "Łódź"),
        ("<meta charset=shift_jis>日本語".encode("shift_jis"), "日本語"),
        ("<meta charset=utf-7>Grüße".encode("latin-1"), "Grüße"),
        ("<meta charset=nonsense>Grüße".encode("latin-1"), "Grüße"),
        (with_charset("Привет".encode("cp1251"), "windows-1251"), "Привет"),
        (with_charset("Grüße".encode(), "base64"), "Grüße"),
        (with_charset("Ärger".encode("latin-1"), '"ISO-8859-1"'), "Ärger"),
    ],
)
def test_characters_are_those_that_were_meant(body: bytes, text: str) -> None:
    assert decoded(body).endswith(text)


def test_main_texts_are_found() -> None:
    """Phrases that must and must not be in the main text of real pages."""
    given = os.environ.get("PRIVEXBOT_DATA_SETS")
    folder = Path(given or settings.BASE_DIR.parent / "shared" / "data") / "html-extraction"
    if not folder.is_dir():
        pytest.skip(f"{folder} is not here")
    wanted = kept = found = 0
    for url, row in json.loads((folder / "evaldata.json").read_text()).items():
        path = folder / "pages" / row["file"]
        if not path.exists():
            continue
        text = parse_html(path.read_bytes(), url).text
        wanted += len(row["with"])
        kept += sum(phrase in text for phrase in row["with"])
        found += sum(phrase in text for phrase in (*row["with"], *row["without"]))
    precision, recall = kept / found, kept / wanted

    assert 2 * precision * recall / (precision + recall) >= 0.93, (precision, recall)


# In a process of its own


def test_the_process_gives_what_the_function_gives() -> None:
    with Extractor() as extract:
        for body in (PAGE.encode(), b"", "<p>Größe 漢字 🙂".encode()):
            assert extract(body, HERE) == parse_html(body, HERE)


def test_a_page_that_takes_too_long_ends_the_process_and_not_the_crawl() -> None:
    with Extractor(seconds=0.02) as extract:
        began = time.monotonic()
        with pytest.raises(ParseError, match="too complex"):
            extract(LARGE, HERE)
        assert time.monotonic() - began < 5

    with Extractor() as extract:
        extract._limits = ("0.02", extract._limits[1])
        with pytest.raises(ParseError):
            extract(LARGE, HERE)
        extract._limits = ("20", extract._limits[1])
        assert extract(b"<p>hello", HERE).text == "hello"


def test_a_page_that_takes_too_much_memory_is_refused() -> None:
    with Extractor(memory=40 * 1024**2) as extract:
        with pytest.raises(ParseError):
            extract(LARGE, HERE)
        assert extract(b"<p>hello", HERE).text == "hello"


def test_the_process_ends_with_the_crawl_and_knows_no_secrets() -> None:
    with Extractor() as extract:
        extract(b"<p>hello", HERE)
        child = extract._child
        assert child is not None
        known = Path(f"/proc/{child.pid}/environ").read_bytes()
        assert b"SECRET" not in known
        assert b"DATABASE_URL" not in known
    assert child.poll() is not None
