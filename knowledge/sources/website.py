"""A page of the web and those that it leads to."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from common.schema import names_a_user
from knowledge.crawling.addresses import key_of
from knowledge.crawling.crawl import crawl
from knowledge.crawling.errors import CrawlError, CrawlStoppedError
from knowledge.crawling.events import CrawledPage, Skipped, Unfinished
from knowledge.crawling.extractor import Extractor
from knowledge.crawling.limits import CrawlLimits
from knowledge.schema import CrawlConfig
from knowledge.sources.base import StoppedError, UnreadError
from knowledge.texts import Page, Parsed

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping, Sequence

    from django.utils.functional import _StrPromise

    from knowledge.crawling.events import Event
    from knowledge.sources.base import Reading

REASONS_TOLD = 3
PAGES_NAMED = 3


class Website:
    type: ClassVar[str] = "website"
    label: ClassVar[str | _StrPromise] = gettext_lazy("Website")
    icon: ClassVar[str] = "globe"
    has_documents: ClassVar[bool] = True

    def name_of(self, source: Mapping[str, Any]) -> str:
        url = str(source.get("url") or "")
        # A password is not repeated, not even to say that it is refused.
        return "" if names_a_user(url) else url

    def read(self, source: Mapping[str, Any], reading: Reading) -> Parsed:
        limits = _limits(source.get("crawl_config") or {})
        earlier = [page for page in reading.earlier if page.url]
        try:
            with Extractor(reading.is_stopped) as parse_html:
                events = crawl(
                    str(source.get("url") or ""),
                    limits,
                    parse_html=parse_html,
                    is_stopped=reading.is_stopped,
                    known=[page.url for page in earlier],
                )
                return _gathered(events, reading, earlier)
        except CrawlStoppedError as error:
            raise StoppedError from error
        except CrawlError as error:
            raise UnreadError(str(error)) from error


def _limits(given: Mapping[str, Any]) -> CrawlLimits:
    config = CrawlConfig.model_validate(given)
    return CrawlLimits(**config.model_dump())


def _gathered(events: Iterable[Event], reading: Reading, earlier: Sequence[Page]) -> Parsed:
    pages: list[Page] = []
    skipped: defaultdict[str, list[str]] = defaultdict(list)
    known = {key_of(page.url) for page in earlier}
    unsure: set[str] = set()
    for event in events:
        match event:
            case CrawledPage(url, title, text):
                pages.append(Page(len(pages) + 1, text, title, url))
                reading.progress(len(pages))
            case Skipped(url, is_temporary=True) if key_of(url) in known:
                unsure.add(key_of(url))
            case Skipped(url, reason):
                skipped[reason].append(url)
            case Unfinished(reason):
                reading.note(reason)
    if not pages:
        raise UnreadError(_nothing(skipped))
    together = _with_earlier(pages, earlier, unsure)
    for words in _notes(skipped, len(together) - len(pages)):
        reading.note(words)
    return Parsed(together, title=pages[0].title, mime_type="text/html")


def _with_earlier(
    read: Sequence[Page], earlier: Sequence[Page], unsure: Container[str]
) -> tuple[Page, ...]:
    """The pages ``read`` and those of the earlier ones that are ``unsure``, which keep their text
    and stand behind the page that they stood behind."""
    found = {key_of(page.url): page for page in read}
    order = list(found)
    behind = 0
    for page in earlier:
        key = key_of(page.url)
        if key in unsure and key not in found:
            found[key] = page
            order.insert(behind, key)
        if key in found:
            behind = order.index(key) + 1
    return tuple(replace(found[key], number=n) for n, key in enumerate(order, 1))


def _notes(skipped: Mapping[str, Sequence[str]], kept: int) -> Iterable[str]:
    """How many pages keep their earlier text, how many were left out, and which, by the reasons
    that most of those have."""
    if kept:
        words = ngettext(
            "%(count)d page cannot be had for now and keeps its earlier text.",
            "%(count)d pages cannot be had for now and keep their earlier texts.",
            kept,
        )
        yield words % {"count": kept}
    if not skipped:
        return
    count = sum(map(len, skipped.values()))
    words = ngettext("%(count)d page was left out.", "%(count)d pages were left out.", count)
    yield words % {"count": count}
    for reason, urls in _most_first(skipped)[:REASONS_TOLD]:
        yield f"{reason.rstrip('.')}: {_named(urls)}"


def _named(urls: Sequence[str]) -> str:
    """The first few addresses, and how many there are besides."""
    named = ", ".join(urls[:PAGES_NAMED])
    if len(urls) <= PAGES_NAMED:
        return named
    words = _("%(named)s and %(count)d more")
    return words % {"named": named, "count": len(urls) - PAGES_NAMED}


def _nothing(skipped: Mapping[str, Sequence[str]]) -> str:
    """Why there is no page at all."""
    found = _("No page with text was found.")
    why = " ".join(reason for reason, _urls in _most_first(skipped)[:1])
    todo = _("What scripts write in the browser cannot be read. Try the address of a page itself.")
    return f"{found} {why} {todo}".replace("  ", " ")


def _most_first(skipped: Mapping[str, Sequence[str]]) -> list[tuple[str, Sequence[str]]]:
    return sorted(skipped.items(), key=lambda each: -len(each[1]))
