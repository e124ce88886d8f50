"""Pages are read in a process of its own, which serves a whole crawl and may die."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from knowledge.crawling.errors import ParseError
from knowledge.crawling.extractor import Extractor
from tests.knowledge.crawling.conftest import parse_html

HERE = "https://example.com/coffee"
PAGE = """<!doctype html><html><head><title>Coffee</title><base href="/shop/">
<link rel=canonical href="/coffee"><meta name=robots content=nofollow></head><body>
<nav><a href="/cart">Cart</a></nav><main><h1>Coffee</h1><p>Descale it every three months.</p>
<form><input type=password></form></main></body></html>"""
LARGE = b"<p>hello world " * 500_000


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
