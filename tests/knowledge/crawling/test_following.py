"""Which pages of a site a crawl finds, and in which order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from knowledge.crawling.errors import CrawlError
from tests.servers.website import Reply, html

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.knowledge.crawling.conftest import Crawl
    from tests.servers.website import WebsiteServer

    Crawled = Callable[..., Crawl]


def test_pages_come_nearest_first_and_once(site: WebsiteServer, crawled: Crawled) -> None:
    site.page("/", links=["/a", "/b", "#top", "mailto:a@b.example", "javascript:void(0)"])
    site.page("/a", links=["/", "/a/deep", "/b/", "/b?utm_source=mail&gclid=1", "/b#part"])
    site.page("/b", links=["//127.0.0.1:1/x", "https://elsewhere.example/", "/gone"])
    site.page("/a/deep")

    found = crawled()

    assert found.paths == ["/", "/a", "/b", "/a/deep"]
    assert found.pages[1].title == "Title of /a"
    assert "This is what /a says." in found.pages[1].text
    assert found.pages[1].text.startswith("# About /a")
    assert found.skipped == {"/gone": "There is no such page (404)."}
    assert sorted(site.asked) == sorted(["/robots.txt", "/", "/a", "/b", "/a/deep", "/gone"])
    assert {each["User-Agent"] for each in site.headers} == {"PrivexBot/1"}
    assert not any("Cookie" in each or "Referer" in each for each in site.headers)
    assert found.unfinished == []


@pytest.mark.parametrize(("depth", "paths"), [(0, ["/"]), (1, ["/", "/1"]), (2, ["/", "/1", "/2"])])
def test_depth_is_counted_in_links(
    site: WebsiteServer, crawled: Crawled, depth: int, paths: list[str]
) -> None:
    site.page("/", links=["/1"])
    site.page("/1", links=["/2"])
    site.page("/2", links=["/3"])
    site.page("/3")

    assert crawled(max_depth=depth).paths == paths


def test_as_many_pages_as_are_allowed(site: WebsiteServer, crawled: Crawled) -> None:
    site.page("/", links=[f"/{n}" for n in range(9)])
    for n in range(9):
        site.page(f"/{n}")

    found = crawled(max_pages=3)

    assert found.paths == ["/", "/0", "/1"]
    assert found.unfinished == [
        "3 pages were read, as many as you allowed. The site has more.",
    ]
    assert crawled(max_pages=10).unfinished == []


def test_paths_are_included_and_excluded(site: WebsiteServer, crawled: Crawled) -> None:
    site.page("/", links=["/docs", "/docs/a", "/docs/old/b", "/blog/c", "/docs/moved"])
    for path in ("/docs", "/docs/a", "/docs/old/b", "/blog/c"):
        site.page(path)
    site.redirect("/docs/moved", "/blog/c")

    found = crawled(include=("/docs/*",), exclude=("*/old/*",))

    assert found.paths == ["/docs", "/docs/a"]
    assert found.skipped == {
        "/": "Its path is not among those that you want.",
        "/docs/moved": "It leads to a path that you do not want.",
    }
    assert "/blog/c" not in site.asked


def test_the_same_page_under_many_addresses_is_there_once(
    site: WebsiteServer, crawled: Crawled
) -> None:
    own = '<link rel="canonical" href="/shoes">'
    site.page("/", links=["/shoes?sort=price", "/shoes?sort=name", "/shoes", "/copy", "/shoes/"])
    site.page("/shoes?sort=price", "Red, blue.", head=own)
    site.page("/shoes?sort=name", "Blue, red.", head=own)
    site.page("/shoes", "Red, blue.", head=own)
    site.put("/copy", html("/", links=["/never"]).encode())

    found = crawled()

    assert found.paths == ["/", "/shoes"]
    assert found.skipped == {
        "/shoes": "It is another address of a page that was read already.",
        "/copy": "It has the same text as another page.",
    }


def test_a_canonical_address_on_another_site_is_not_believed(
    site: WebsiteServer, crawled: Crawled
) -> None:
    site.page("/", head='<link rel="canonical" href="https://elsewhere.example/">')

    assert crawled().paths == ["/"]


def test_what_pages_ask_of_robots_is_done(site: WebsiteServer, crawled: Crawled) -> None:
    site.page("/", links=["/hidden", "/header", "/dead-end", "/other-robots"])
    site.page("/hidden", links=["/1"], head='<meta name="ROBOTS" content="NoIndex, follow">')
    site.page("/header", links=["/2"], X_Robots_Tag="none")
    site.page("/dead-end", links=["/3"], head='<meta name="robots" content="nofollow">')
    site.page("/other-robots", links=["/4"], X_Robots_Tag="otherbot: noindex, nofollow")
    body = '<a rel="ugc nofollow" href="/5">x</a>'
    site.page("/1", body=body)
    for path in ("/2", "/3", "/4", "/5"):
        site.page(path)

    found = crawled()

    assert found.paths == ["/", "/dead-end", "/other-robots", "/1", "/4"]
    assert set(found.skipped.values()) == {"The page asks not to be indexed."}
    assert set(found.skipped) == {"/hidden", "/header"}


def test_robots_txt_is_honoured(site: WebsiteServer, crawled: Crawled) -> None:
    rules = b"User-agent: *\nDisallow: /\n\nUser-agent: PrivexBot\nDisallow: /private\n"
    site.put("/robots.txt", rules, "text/plain")
    site.page("/", links=["/private/a", "/open", "/moved"])
    site.redirect("/moved", "/private/b")
    site.page("/open")

    found = crawled()

    assert found.paths == ["/", "/open"]
    assert set(found.skipped) == {"/private/a", "/moved"}
    assert not any("private" in path for path in site.asked)


def test_a_crawl_delay_is_kept_up_to_a_bound(site: WebsiteServer, crawled: Crawled) -> None:
    site.put("/robots.txt", b"User-agent: *\nCrawl-delay: 3600\n", "text/plain")
    site.page("/", links=["/a"])
    site.page("/a")

    assert crawled().paths == ["/", "/a"]


@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_site_whose_robots_txt_cannot_be_had_is_left_alone(
    site: WebsiteServer, crawled: Crawled, status: int
) -> None:
    site.fail("/robots.txt", status)
    site.page("/")

    with pytest.raises(CrawlError, match=r"robots.txt cannot be read"):
        crawled()
    assert site.asked == ["/robots.txt"]


def test_a_robots_txt_without_end_is_read_as_far_as_it_counts(
    site: WebsiteServer, crawled: Crawled
) -> None:
    site.stream(
        "/robots.txt",
        lambda: [b"User-agent: *\nDisallow: /private\n", *[b"# and so on\n" * 9999] * 99],
        Content_Type="text/plain",
    )
    site.page("/", links=["/private"])

    assert crawled(patience={"robots_bytes": 10_000}).paths == ["/"]
    assert "/private" not in site.asked


def test_redirects_within_the_site_are_followed(site: WebsiteServer, crawled: Crawled) -> None:
    site.page("/", links=["/old", "/older", "/new"])
    site.redirect("/old", "/new", 301)
    site.redirect("/older", "old", 308)
    site.page("/new")

    found = crawled()

    assert found.paths == ["/", "/new"]
    assert found.skipped == {"/older": "It leads to a page that was read already."}
    assert site.asked.count("/new") == 2


def test_meta_refresh_is_not_followed(site: WebsiteServer, crawled: Crawled) -> None:
    site.page("/", links=["/refresh"])
    refresh = b'<html><head><meta http-equiv="refresh" content="0;url=/secret"></head></html>'
    site.put("/refresh", refresh)
    site.page("/secret")

    found = crawled()

    assert found.paths == ["/"]
    assert found.skipped == {"/refresh": "There is no text in it."}


def test_links_are_relative_to_the_base_that_a_page_names(
    site: WebsiteServer, crawled: Crawled
) -> None:
    site.page("/", links=["two"], head='<base href="/one/">')
    site.page("/one/two")

    assert crawled().paths == ["/", "/one/two"]


def test_a_calendar_without_end_ends(site: WebsiteServer, crawled: Crawled) -> None:
    def day(path: str) -> Reply:
        number = int(path.rpartition("/")[2] or 0)
        body = html("/day", "No events.", [f"/day/{number + 1}", f"/day/{number + 2}"])
        return Reply(200, {"Content-Type": "text/html"}, lambda: [body.encode()])

    site.page("/", links=["/day/1"])
    site.anywhere(lambda path: day(path) if path.startswith("/day/") else None)

    found = crawled(max_pages=50, max_depth=10)

    assert found.paths == ["/", "/day/1"]
    assert len(site.asked) < 10


def test_a_labyrinth_of_new_texts_ends_too(site: WebsiteServer, crawled: Crawled) -> None:
    def room(path: str) -> Reply:
        links = [f"{path}/{door}" for door in range(5)]
        body = html(path, links=links, head='<meta name="robots" content="noindex">')
        return Reply(200, {"Content-Type": "text/html"}, lambda: [body.encode()])

    site.anywhere(lambda path: room(path) if path != "/robots.txt" else None)

    found = crawled("/x", max_pages=1, max_depth=10, patience={"queue": 20})

    assert found.pages == []
    assert len(site.asked) == 1 + 55
    assert found.unfinished
