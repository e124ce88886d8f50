"""Web pages: the main text as Markdown, its title, its address, and no way to crash."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from django.conf import settings

from knowledge.parsing.errors import UnreadableError
from knowledge.parsing.formats.html import Html
from knowledge.parsing.web.text import html_decoded, main_text, visible_text

DATA = Path(os.environ.get("PRIVEXBOT_DATA_SETS", settings.BASE_DIR.parent / "shared" / "data"))
REAL_PAGES = DATA / "html-extraction"

PAGE = """<!doctype html><html><head><title>Bees | Zoo</title>
<link rel="canonical" href="/bees"><style>p {color: red}</style></head>
<body><nav><a href="/">Home</a></nav><article><h1>Bees</h1>
<p>Bees <b>make</b> <a href="/honey">honey</a>, which people<br>have eaten for a very long time.</p>
<h2>Kinds</h2><ul><li>Honey bees<ul><li>Western</li></ul></li><li>Bumblebees</li></ul>
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

| Kind | Size |
| --- | --- |
| a\\|b | 2 cm |

```
while bee:
    fly()
```"""


def test_the_main_text_is_markdown() -> None:
    found = main_text(PAGE, "https://zoo.example/x?session=1")
    assert found.text == TEXT
    assert found.title == "Bees | Zoo"
    assert found.url == "https://zoo.example/bees"


def test_all_that_is_seen_is_markdown() -> None:
    assert visible_text(PAGE).text == f"Home\n\n{TEXT}\n\nImprint"


def test_without_main_text_all_that_is_seen_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text("<div hidden>not</div><p style='display: none'>seen</p><span>Hello</span>")
    (page,) = Html().read(path, "a.html").pages
    assert (page.text, page.url) == ("Hello", "")


def test_a_page_that_scripts_show_in_the_end_is_read() -> None:
    page = "<html hidden><body style='display:none'><p>Hello</p></body></html>"
    assert main_text(page).text == "Hello"


@pytest.mark.parametrize("href", ["javascript:alert(1)", "file:///etc/passwd", "//[", "", "/x"])
def test_only_addresses_of_the_web_are_kept(href: str) -> None:
    assert main_text(f'<link rel="canonical" href="{href}"><p>x').url == ""


@pytest.mark.parametrize(
    ("named", "encoding"),
    [("iso-8859-1", "cp1252"), ("windows-1251", "cp1251"), ("nonsense", "utf-8"), ("x", "utf-16")],
)
def test_the_encoding_that_the_page_names_is_used(named: str, encoding: str) -> None:
    word = "Привет" if encoding == "cp1251" else "Käse"
    page = f'<meta charset="{named}"><p>{word}</p>'
    assert main_text(html_decoded(page.encode(encoding))).text == word


HOSTILE = {
    "deep": "<div>" * 100_000 + "x",
    "deep inline": "<b>" * 100_000 + "x",
    "deep lists": "<ul><li>x" * 100_000,
    "deep tables": "<table><tr><td>x<td>" * 100_000,
    "wide": "<table>" + ("<tr>" + "<td>x" * 100) * 1_000,
    "many": "<p>x" * 200_000,
    "unclosed": "<p a='" * 100_000,
    "script": "<script>" + "x" * 10_000_000,
    "entities": '<!DOCTYPE a [<!ENTITY b "cccc">]>' + "&b;" * 100_000,
    "control": "\0<p>\1\2x\ud800\uffff",
    "spans": "<table>" + "<tr><td colspan=999999999>x<td rowspan=99999999>y" * 100,
    "empty": "",
    "only a comment": "<!-- x -->",
}


@pytest.mark.parametrize("html", HOSTILE.values(), ids=HOSTILE)
def test_no_page_is_too_strange(html: str) -> None:
    assert len(main_text(html).text) < 10 * len(html) + 1


def test_a_page_of_100_mb_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    with path.open("wb") as file:
        file.truncate(100 * 1024 * 1024)
    with pytest.raises(UnreadableError, match="20 MB"):
        Html().read(path, "a.html")


@pytest.mark.skipif(not REAL_PAGES.is_dir(), reason="the set of real web pages is not there")
def test_the_main_text_of_real_pages_is_found() -> None:
    kept = lost = wrong = 0
    for entry in json.loads((REAL_PAGES / "evaldata.json").read_text()).values():
        raw = (REAL_PAGES / "pages" / entry["file"]).read_bytes()
        text = " ".join(main_text(html_decoded(raw)).text.split())
        found = [" ".join(each.split()) in text for each in entry["with"]]
        kept += sum(found)
        lost += len(found) - sum(found)
        wrong += sum(" ".join(each.split()) in text for each in entry["without"])
    assert 2 * kept / (2 * kept + lost + wrong) >= 0.93
