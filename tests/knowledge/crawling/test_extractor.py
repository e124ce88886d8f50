"""Pages are read in a process of its own, which serves a whole crawl and may die."""

from __future__ import annotations

import resource
from dataclasses import replace
from pathlib import Path

import pytest

from knowledge.crawling.errors import CrawlStoppedError, ParseError
from knowledge.crawling.extractor import LIMITS, Extractor
from knowledge.parsing.sandbox import MEBIBYTE
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


def test_a_page_that_takes_too_much_memory_is_left_out() -> None:
    with Extractor(limits=replace(LIMITS, memory=250 * MEBIBYTE)) as extract:
        assert extract(b"<p>hello", HERE).text == "hello"
        with pytest.raises(ParseError, match="too complex"):
            extract(LARGE, HERE)
        assert extract(b"<p>hello", HERE).text == "hello"


def test_what_is_no_page_is_left_out() -> None:
    with Extractor() as extract:
        for body in (bytes(range(256)) * 500, b"<!--" * 500_000):
            with pytest.raises(ParseError, match="too damaged"):
                extract(body, HERE)


def test_nobody_waits_for_a_page_when_the_crawl_is_stopped() -> None:
    with Extractor(is_stopped=lambda: True) as extract, pytest.raises(CrawlStoppedError):
        extract(LARGE, HERE)


def test_what_cannot_be_kept_is_not_in_a_page() -> None:
    with Extractor() as extract:
        assert extract(b"<title>a\x1bb</title><p>hel\x07lo", HERE).title == "ab"


def test_the_process_ends_with_the_crawl_and_knows_no_secrets() -> None:
    with Extractor() as extract:
        extract(b"<p>hello", HERE)
        child = extract._sandbox._process
        assert child is not None
        known = Path(f"/proc/{child.pid}/environ").read_bytes()
        assert b"SECRET" not in known
        assert b"DATABASE_URL" not in known
        folder = Path(extract._folder.name)
    assert child.poll() is not None
    assert not folder.exists()


def test_the_process_may_take_little() -> None:
    with Extractor() as extract:
        extract(b"<p>hello", HERE)
        process = extract._sandbox._process
        assert process is not None
        found = {
            limit: resource.prlimit(process.pid, getattr(resource, f"RLIMIT_{limit}"))
            for limit in ("AS", "CORE", "CPU", "FSIZE", "NOFILE", "NPROC")
        }
    assert found == {
        "AS": (1024 * MEBIBYTE, 1024 * MEBIBYTE),
        "CORE": (0, 0),
        "CPU": (3600, 3601),
        "FSIZE": (0, 0),
        "NOFILE": (16, 16),
        "NPROC": (0, 0),
    }
