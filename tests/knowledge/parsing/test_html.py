"""Web pages: the main text as Markdown, what a page says of itself, and no way to crash."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path

import pytest
from django.conf import settings

from knowledge.parsing.errors import UnreadableError
from knowledge.parsing.formats.html import Html
from knowledge.parsing.web.decoding import html_decoded, with_charset
from knowledge.parsing.web.reading import page_of, whole_page_of
from knowledge.parsing.web.tree import MAX_BYTES
from tests.support.processor import takes_at_most

DATA = Path(os.environ.get("PRIVEXBOT_DATA_SETS", settings.BASE_DIR.parent / "shared" / "data"))
REAL_PAGES = DATA / "html-extraction"

PAGE = """<!doctype html><html><head><title>Bees | Zoo</title>
<link rel="Canonical" href="bees"><base href="/animals/"><meta name=Robots content=noindex>
<meta name=privexbot content=index><meta name=keywords content=bees>
<style>p {color: red}</style></head>
<body><nav><a href="/">Home</a> <a href="/x" rel="nofollow">Tickets</a></nav><article><h1>Bees</h1>
<p>Bees <b>make</b> <a href="/honey">honey</a>, which people<br>have eaten for a very long time.</p>
<h2>Kinds</h2><ul><li>Honey bees<ul><li>Western</li></ul></li><li>Bumblebees</li></ul>
<p>How to watch them:</p><ol><li>Look.<ul><li>Not too close</li></ul></li>
<li><p>Listen.</p><p>Quietly.</p></li></ol>
<table><tr><th>Kind</th><th>Size</th></tr><tr><td>a|b</td><td>2 cm</td></tr></table>
<pre>while bee:
    fly()</pre><script>alert("no")</script></article><footer>Imprint</footer></body></html>"""
TEXT = """# Bees

Bees make honey, which people
have eaten for a very long time.

## Kinds

- Honey bees
  - Western
- Bumblebees

How to watch them:

1. Look.
  - Not too close
2. Listen.
  - Quietly.

| Kind | Size |
| --- | --- |
| a\\|b | 2 cm |

```
while bee:
    fly()
```"""


def test_the_main_text_is_markdown() -> None:
    found = page_of(PAGE, "https://zoo.example/x?session=1")
    assert found.text == TEXT
    assert found.title == "Bees | Zoo"
    assert found.url == "https://zoo.example/animals/bees"


def test_a_text_in_no_paragraph_is_not_parted_by_how_words_are_printed() -> None:
    said = "There <i>was</i> a way to <b>grow</b> it, as <a href='/great'>they say</a> of the farm."
    page = (
        f"<html><body><table><tr><td><font>{'<br><br>'.join([said] * 12)}</font></td></tr></table>"
    )
    found = page_of(page).text
    assert "There was a way to grow it, as they say of the farm." in found
    assert found.count("they say") == 12


def test_what_a_page_says_of_itself() -> None:
    found = page_of(PAGE)
    assert found.url == ""
    assert found.base == "/animals/"
    assert found.links == ("/", "/honey")
    assert found.robots == ("noindex", "index")
    assert not found.asks_for_password


@pytest.mark.parametrize(
    ("page", "title"),
    [
        (
            "<title> Coffee\n machines </title><meta property=og:title content=x><h1>y</h1>",
            "Coffee",
        ),
        (
            "<svg><title>icon</title></svg><meta property=og:title content=Coffee><h1>y</h1>",
            "Coffee",
        ),
        ("<svg><title>icon</title></svg><h1>Coffee</h1>", "Coffee"),
        ("<p>Coffee</p>", ""),
    ],
)
def test_a_title_is_found(page: str, title: str) -> None:
    assert page_of(page).title.removesuffix(" machines") == title


def test_a_page_to_sign_in_is_recognised() -> None:
    form = "<form><label>Word</label><input type=password></form>"
    assert page_of(form).is_to_sign_in
    assert not page_of(f"<p>{'word ' * 100}</p>{form}").is_to_sign_in


def test_all_that_is_seen_is_markdown() -> None:
    assert whole_page_of(PAGE).text == f"Home Tickets\n\n{TEXT}\n\nImprint"


def test_without_main_text_all_that_is_seen_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text("<div hidden>not</div><p style='display: none'>seen</p><span>Hello</span>")
    (page,) = Html().read(path, "a.html").pages
    assert (page.text, page.url) == ("Hello", "")


def test_a_page_that_scripts_show_in_the_end_is_read() -> None:
    page = "<html hidden><body style='display:none'><p>Hello</p></body></html>"
    assert page_of(page).text == "Hello"


@pytest.mark.parametrize("href", ["javascript:alert(1)", "file:///etc/passwd", "//[", "", "/x"])
def test_only_addresses_of_the_web_are_kept(href: str) -> None:
    assert page_of(f'<link rel="canonical" href="{href}"><p>x').url == ""


@pytest.mark.parametrize(
    ("named", "encoding"),
    [("iso-8859-1", "cp1252"), ("windows-1251", "cp1251"), ("nonsense", "utf-8"), ("x", "utf-16")],
)
def test_the_encoding_that_the_page_names_is_used(named: str, encoding: str) -> None:
    word = "Привет" if encoding == "cp1251" else "Käse"
    page = f'<meta charset="{named}"><p>{word}</p>'
    assert page_of(html_decoded(page.encode(encoding))).text == word


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("Tschüß".encode(), "Tschüß"),
        ("\ufeffGrüße".encode(), "Grüße"),
        ("\ufeffGrüße".encode("utf-16-le"), "Grüße"),
        ("Grüße €".encode("cp1252"), "Grüße €"),
        ('<meta charset="iso-8859-2">Łódź'.encode("iso-8859-2"), "Łódź"),
        ("<?xml version='1.0' encoding='koi8-r'?>Привет".encode("koi8-r"), "Привет"),
        ("<meta charset=shift_jis>日本語".encode("shift_jis"), "日本語"),
        ("<meta charset=utf-7>Grüße".encode("latin-1"), "Grüße"),
        ("<meta charset=nonsense>Grüße".encode("latin-1"), "Grüße"),
        (with_charset("Привет".encode("cp1251"), "windows-1251"), "Привет"),
        (with_charset("Grüße".encode(), "base64"), "Grüße"),
        (with_charset("Ärger".encode("latin-1"), '"ISO-8859-1"'), "Ärger"),
    ],
)
def test_characters_are_those_that_were_meant(body: bytes, text: str) -> None:
    assert html_decoded(body).endswith(text)


def test_what_follows_hundreds_of_tags_that_nobody_closed_is_read() -> None:
    page = page_of("<body>" + "<p><font color=red>More. " * 500 + "<p>The end.")
    assert page.text.endswith("The end.")


HOSTILE = {
    "deep": "<div>" * 500_000 + "x",
    "deep text": "<b><i>x" * 300_000,
    "deep inline": "<b>" * 100_000 + "x",
    "deep lists": "<ul><li>x" * 100_000,
    "deep tables": "<table><tr><td>x<td>" * 100_000,
    "wide": "<table>" + ("<tr>" + "<td>x" * 100) * 1_000,
    "many": "<p>x" * 200_000,
    "unclosed": "<p a='" * 100_000,
    "script": "<script>" + "x" * 10_000_000,
    "attributes": "<a " + "x=1 " * 500_000,
    "character references": "&#x41;" * 300_000,
    "null characters": "\0" * 100_000,
    "declaration": "<?xml version='1.0' encoding='utf-32'?><p>text</p>",
    "entities": '<!DOCTYPE a [<!ENTITY b "cccc">]>' + "&b;" * 100_000,
    "control": "\0<p>\1\2x\ud800\uffff",
    "spans": "<table>" + "<tr><td colspan=999999999>x<td rowspan=99999999>y" * 100,
    "empty": "",
    "only a comment": "<!-- x -->",
}


@pytest.mark.parametrize("html", HOSTILE.values(), ids=HOSTILE)
def test_no_page_is_too_strange(html: str) -> None:
    with takes_at_most(10):
        assert len(page_of(html).text) < 10 * len(html) + 1


@pytest.mark.parametrize("html", ["<" * 2_000_000, "<!--" * 500_000])
def test_what_is_no_page_at_all_is_refused_or_empty(html: str) -> None:
    with suppress(UnreadableError):
        assert page_of(html).text in {"", html}


def test_binary_data_is_refused() -> None:
    with pytest.raises(UnreadableError, match="binary"):
        html_decoded(bytes(range(256)) * 500)


def test_more_than_20_mb_are_refused() -> None:
    with pytest.raises(UnreadableError, match="20 MB"):
        page_of("a" * (MAX_BYTES + 1))


def test_a_page_of_100_mb_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    with path.open("wb") as file:
        file.truncate(100 * 1024 * 1024)
    with pytest.raises(UnreadableError, match="20 MB"):
        Html().read(path, "a.html")


@pytest.mark.skipif(not REAL_PAGES.is_dir(), reason="the set of real web pages is not there")
def test_the_main_text_of_real_pages_is_found() -> None:
    """Phrases that must and must not be in the main text."""
    kept = lost = wrong = 0
    for entry in json.loads((REAL_PAGES / "evaldata.json").read_text()).values():
        raw = (REAL_PAGES / "pages" / entry["file"]).read_bytes()
        text = " ".join(page_of(html_decoded(raw)).text.split())
        found = [" ".join(each.split()) in text for each in entry["with"]]
        kept += sum(found)
        lost += len(found) - sum(found)
        wrong += sum(" ".join(each.split()) in text for each in entry["without"])
    assert 2 * kept / (2 * kept + lost + wrong) >= 0.94
