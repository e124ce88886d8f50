"""The one spelling of an address, and which belong to a site."""

from __future__ import annotations

import pytest

from common.domains import registrable
from knowledge.crawling.addresses import LONGEST, Site, key_of, normalised
from knowledge.crawling.patterns import PathFilter

HERE = "https://example.com/docs/a"


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("b", "https://example.com/docs/b"),
        ("../c#part", "https://example.com/c"),
        ("?utm_source=a&page=2&fbclid=x", "https://example.com/docs/a?page=2"),
        ("?gclid=x", "https://example.com/docs/a"),
        ("HTTPS://EXAMPLE.com:443", "https://example.com/"),
        ("//münchen.de/ü b", "https://xn--mnchen-3ya.de/%C3%BC%20b"),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("mailto:a@example.com", ""),
        ("file:///etc/passwd", ""),
        ("https://user:secret@example.com/", ""),
        ("http://[::1", ""),
        ("http://example.com:99999/", ""),
        ("http://example.com:0/", ""),
        ("x" * LONGEST, ""),
    ],
)
def test_an_address_has_one_spelling(address: str, found: str) -> None:
    assert normalised(address, HERE) == found


def test_addresses_of_the_same_page() -> None:
    same = ("http://example.com/a", "https://www.example.com/a/", "https://example.com:443/a")
    assert len({key_of(normalised(each)) for each in same}) == 1
    assert key_of("https://example.com/a?b=1") != key_of("https://example.com/a")
    assert key_of("https://example.com/a") != key_of("https://docs.example.com/a")


@pytest.mark.parametrize(
    ("url", "alone", "with_subdomains"),
    [
        ("https://example.co.uk/", True, True),
        ("http://www.example.co.uk/", True, True),
        ("https://docs.example.co.uk/", False, True),
        ("https://example.co.uk:8443/", False, False),
        ("https://other.co.uk/", False, False),
        ("https://evilexample.co.uk/", False, False),
        ("https://example.co.uk.evil.com/", False, False),
    ],
)
def test_which_addresses_belong_to_a_site(url: str, alone: bool, with_subdomains: bool) -> None:
    start = "https://www.example.co.uk/"
    assert Site.of(start, with_subdomains=False).holds(url) is alone
    assert Site.of(start, with_subdomains=True).holds(url) is with_subdomains


@pytest.mark.parametrize(
    ("host", "part"),
    [
        ("a.b.example.co.uk", "example.co.uk"),
        ("example.com.", "example.com"),
        ("me.github.io", "me.github.io"),
        ("github.io", "github.io"),
        ("10.1.2.3", "10.1.2.3"),
        ("::1", "::1"),
        ("localhost", "localhost"),
    ],
)
def test_the_registrable_part_of_a_host(host: str, part: str) -> None:
    assert registrable(host) == part


@pytest.mark.parametrize(
    ("pattern", "path", "admitted"),
    [
        ("/docs/*", "/docs", True),
        ("/docs/*", "/docs/a/b", True),
        ("docs/*", "/docs/a", True),
        ("https://example.com/docs/*", "/docs/a", True),
        ("/docs/*", "/docsy", False),
        ("*.html", "/a/b.html", True),
        ("/caf%C3%A9", "/café", True),
        ("/a?c", "/abc", True),
        ("*a" * 50, "/" + "a" * 40, False),
    ],
)
def test_patterns_are_of_paths(pattern: str, path: str, admitted: bool) -> None:
    url = normalised(f"https://example.com{path}?q=1")
    assert PathFilter(include=[pattern]).admits(url) is admitted
    assert PathFilter(exclude=[pattern]).admits(url) is not admitted
