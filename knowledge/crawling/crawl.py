"""Crawls a website from one address: breadth first, one request at a time.

The start is a page, whose links are followed, or a sitemap, which lists what there is, so that no
links are followed.
"""

from __future__ import annotations

import hashlib
import time
from typing import TYPE_CHECKING

import httpx
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from knowledge.crawling import failures, listing, sitemaps
from knowledge.crawling.addresses import Site, key_of, normalised
from knowledge.crawling.directives import directives_in
from knowledge.crawling.errors import CrawlError, PageError
from knowledge.crawling.events import CrawledPage, Event, Skipped, Unfinished
from knowledge.crawling.fetching import Fetcher, Want
from knowledge.crawling.frontier import Frontier
from knowledge.crawling.limits import CrawlLimits, Patience
from knowledge.crawling.patterns import PathFilter
from knowledge.crawling.robots import Robots
from knowledge.parsing.web.decoding import with_charset

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from knowledge.crawling.fetching import Answer
    from knowledge.crawling.frontier import Entry
    from knowledge.parsing.web.page import WebPage

HTML = frozenset({"text/html", "application/xhtml+xml"})


def crawl(
    url: str,
    limits: CrawlLimits,
    *,
    parse_html: Callable[[bytes, str], WebPage],
    is_stopped: Callable[[], bool] = lambda: False,
    patience: Patience | None = None,
    known: Sequence[str] = (),
) -> Iterator[Event]:
    """The pages of a site. Raises ``CrawlError`` when the first one cannot be had, and
    ``CrawlStoppedError`` soon after ``is_stopped``. ``parse_html`` raises ``PageError``. ``known``
    are addresses of pages that were there before: they are asked for themselves where what would
    lead to them cannot be had for now."""
    start = normalised(url)
    if not start:
        raise CrawlError(_("This is no address of the web. One begins with https:// or http://."))
    bears = patience or Patience()
    with Fetcher(bears, is_stopped) as fetcher:
        yield from _Crawl(start, limits, bears, fetcher, parse_html, known=known).events()


class _Crawl:
    def __init__(
        self,
        start: str,
        limits: CrawlLimits,
        patience: Patience,
        fetcher: Fetcher,
        parse_html: Callable[[bytes, str], WebPage],
        *,
        known: Sequence[str],
    ) -> None:
        self._start = start
        self._limits = limits
        self._patience = patience
        self._fetcher = fetcher
        self._parse_html = parse_html
        self._known = known
        self._lacks_some = False
        self._robots = Robots(fetcher, patience)
        self._site = Site.of(start, with_subdomains=limits.include_subdomains)
        self._paths = PathFilter(limits.include, limits.exclude)
        self._frontier = Frontier(patience.queue, self._is_wanted)
        self._texts: set[bytes] = set()
        self._follows_links = True
        self._began = time.monotonic()
        self._pages = self._requests = self._characters = 0

    def events(self) -> Iterator[Event]:
        yield from self._first()
        limit = self._limit_reached()
        while not limit and (entry := self._next()):
            yield self._visited(entry)
            limit = self._limit_reached()
        if limit and self._frontier.take():
            yield Unfinished(limit)

    def _next(self) -> Entry | None:
        """What to visit next; in the end what was known, if some pages cannot be had for now."""
        entry = self._frontier.take()
        if entry is None and self._lacks_some:
            self._frontier.add(self._known, self._limits.max_depth)
            self._known = ()
            entry = self._frontier.take()
        return entry

    def _first(self) -> Iterator[Event]:
        try:
            answer = self._get(self._start, HTML | sitemaps.TYPES, self._judge_first)
            if sitemaps.is_sitemap(answer):
                self._begin_with(answer)
                return
            parsed = self._parsed(answer)
            if parsed.is_to_sign_in:
                raise failures.to_sign_in()
        except PageError as error:
            raise CrawlError(error.sentences) from error
        yield self._event(answer, parsed, depth=0)
        if httpx.URL(answer.url).raw_path == b"/" and self._limits.max_depth:
            self._add_listed(answer.url)

    def _begin_with(self, answer: Answer) -> None:
        """Visit what the sitemap lists, and only that."""
        self._follows_links = False
        first = sitemaps.parsed(answer.body, self._patience.sitemap_bytes)
        pages = listing.pages_of(first, answer.url, self._sitemap, self._patience)
        self._frontier.add(pages, depth=0)
        if not len(self._frontier):
            raise PageError(
                _("The sitemap lists no page of this site that you want."),
                _("Enter the address of a page instead."),
            )

    def _add_listed(self, url: str) -> None:
        """Visit what the site's robots.txt calls its sitemaps, after the first page's links."""
        named = sitemaps.Sitemap(sitemaps=self._robots.sitemaps(url))
        pages = listing.pages_of(named, url, self._sitemap, self._patience)
        self._frontier.add(pages, depth=1)

    def _visited(self, entry: Entry) -> Event:
        try:
            answer = self._get(entry.url, HTML, self._judge)
            return self._event(answer, self._parsed(answer), entry.depth)
        except PageError as error:
            self._lacks_some |= error.is_temporary
            return Skipped(entry.url, error.reason, error.is_temporary)

    def _get(self, url: str, types: frozenset[str], judge: Callable[[str], None]) -> Answer:
        self._requests += 1
        self._frontier.visit(url)
        answer = self._asked(url, Want(self._patience.page_bytes, types), judge)
        if key_of(answer.url) != key_of(url) and not self._frontier.visit(answer.url):
            raise PageError(_("It leads to a page that was read already."))
        return answer

    def _sitemap(self, url: str) -> Answer:
        self._judge_site(url)
        try:
            return self._asked(url, Want(self._patience.sitemap_bytes), self._judge_site)
        except PageError as error:
            self._lacks_some |= error.is_temporary
            raise

    def _asked(self, url: str, want: Want, judge: Callable[[str], None]) -> Answer:
        self._robots.check(url)
        self._fetcher.keep_distance(self._robots.delay(url))
        answer = self._fetcher.get(url, want, judge)
        if not httpx.codes.is_success(answer.status):
            raise failures.refused(answer.status)
        return answer

    def _judge_first(self, url: str) -> None:
        if not self._site.holds(url):
            raise PageError(
                _("The address leads to another site."),
                _("If that is the one you mean, enter its address: %(url)s") % {"url": url[:200]},
            )
        self._robots.check(url)

    def _judge_site(self, url: str) -> None:
        if not self._site.holds(url):
            raise PageError(_("It leads to another site."))
        self._robots.check(url)

    def _judge(self, url: str) -> None:
        self._judge_site(url)
        if not self._paths.admits(url):
            raise PageError(_("It leads to a path that you do not want."))

    def _parsed(self, answer: Answer) -> WebPage:
        if answer.type and answer.type not in HTML:
            raise failures.wrong_type(answer.type)
        charset = answer.headers.get("Content-Type", "").lower().partition("charset=")[2]
        body = with_charset(answer.body, charset.partition(";")[0])
        return self._parse_html(body, answer.url)

    def _event(self, answer: Answer, parsed: WebPage, depth: int) -> Event:
        said = (*answer.headers.get_list("X-Robots-Tag"), *parsed.robots)
        noindex, nofollow = directives_in(said)
        base = normalised(parsed.base, answer.url) or answer.url
        digest = hashlib.sha256(" ".join(parsed.text.split()).encode()).digest()
        # Calendars without end and loops look like this: always the same text.
        is_repeated = bool(parsed.text) and digest in self._texts
        if not (nofollow or is_repeated):
            self._follow(parsed, base, depth + 1)
        url = self._own_address(answer.url, parsed)
        if reason := self._reason_against(answer.url, url, parsed, is_unwanted=noindex):
            return Skipped(url, reason)
        if is_repeated:
            return Skipped(url, _("It has the same text as another page."))
        self._texts.add(digest)
        self._pages += 1
        self._characters += len(parsed.text)
        return CrawledPage(url, parsed.title, parsed.text)

    def _follow(self, parsed: WebPage, base: str, depth: int) -> None:
        if self._follows_links and depth <= self._limits.max_depth:
            self._frontier.add(parsed.links, depth, base)

    def _own_address(self, found_at: str, parsed: WebPage) -> str:
        """What the page calls its own address, as long as that is one of this site."""
        own = normalised(parsed.url)
        return own if own and self._site.holds(own) else found_at

    def _reason_against(
        self, found_at: str, url: str, parsed: WebPage, *, is_unwanted: bool
    ) -> str:
        """Why the page is left out, empty when it is not."""
        if is_unwanted:
            return _("The page asks not to be indexed.")
        if not self._paths.admits(found_at):
            return _("Its path is not among those that you want.")
        if parsed.is_to_sign_in:
            return failures.to_sign_in().reason
        if not parsed.text:
            return _("There is no text in it.")
        if key_of(url) != key_of(found_at) and not self._frontier.visit(url):
            return _("It is another address of a page that was read already.")
        return ""

    def _limit_reached(self) -> str:
        """Which limit ends the crawl, in words; empty when none does."""
        if self._pages >= self._limits.max_pages:
            words = ngettext(
                "%(count)d page was read, as many as you allowed. The site has more.",
                "%(count)d pages were read, as many as you allowed. The site has more.",
                self._pages,
            )
            return words % {"count": self._pages}
        if self._requests >= self._limits.most_requests:
            return _("The site led to so many pages of no use that the reading ended early.")
        if time.monotonic() - self._began >= self._patience.seconds:
            return _("The site answers so slowly that the reading ended early.")
        if self._characters >= self._patience.characters:
            return _("The pages hold so much text that the reading ended early.")
        return ""

    def _is_wanted(self, url: str) -> bool:
        return self._site.holds(url) and self._paths.admits(url)
