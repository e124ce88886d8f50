"""A page of the web and those that it leads to."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from knowledge.crawling.crawl import crawl
from knowledge.crawling.errors import CrawlError, CrawlStoppedError
from knowledge.crawling.events import CrawledPage, Skipped, Unfinished
from knowledge.crawling.extractor import Extractor
from knowledge.crawling.limits import CrawlLimits
from knowledge.schema import CrawlConfig
from knowledge.sources.base import StoppedError, UnreadError
from knowledge.texts import Page, Parsed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.utils.functional import _StrPromise

    from knowledge.crawling.events import Event
    from knowledge.sources.base import Reading

REASONS_TOLD = 3


class Website:
    type: ClassVar[str] = "website"
    label: ClassVar[str | _StrPromise] = gettext_lazy("Website")
    icon: ClassVar[str] = "globe"
    has_documents: ClassVar[bool] = True

    def name_of(self, source: Mapping[str, Any]) -> str:
        return str(source.get("url") or "")

    def read(self, source: Mapping[str, Any], reading: Reading) -> Parsed:
        limits = _limits(source.get("crawl_config") or {})
        try:
            with Extractor(reading.is_stopped) as parse_html:
                events = crawl(
                    self.name_of(source),
                    limits,
                    parse_html=parse_html,
                    is_stopped=reading.is_stopped,
                )
                return _gathered(events, reading)
        except CrawlStoppedError as error:
            raise StoppedError from error
        except CrawlError as error:
            raise UnreadError(str(error)) from error


def _limits(given: Mapping[str, Any]) -> CrawlLimits:
    config = CrawlConfig.model_validate(given)
    return CrawlLimits(**config.model_dump())


def _gathered(events: Iterable[Event], reading: Reading) -> Parsed:
    pages: list[Page] = []
    reasons: Counter[str] = Counter()
    for event in events:
        match event:
            case CrawledPage(url, title, text):
                pages.append(Page(len(pages) + 1, text, title, url))
                reading.progress(len(pages))
            case Skipped(reason=reason):
                reasons[reason] += 1
            case Unfinished(reason):
                reading.note(reason)
    if not pages:
        raise UnreadError(_nothing(reasons))
    for words in _notes(reasons):
        reading.note(words)
    return Parsed(tuple(pages), title=pages[0].title, mime_type="text/html")


def _notes(reasons: Counter[str]) -> Iterable[str]:
    """How many pages were left out, and the reasons that most of them have."""
    if not reasons:
        return
    words = ngettext(
        "%(count)d page was left out.", "%(count)d pages were left out.", reasons.total()
    )
    yield words % {"count": reasons.total()}
    for reason, count in reasons.most_common(REASONS_TOLD):
        yield f"{count}: {reason}"


def _nothing(reasons: Counter[str]) -> str:
    """Why there is no page at all."""
    found = _("No page with text was found.")
    why = " ".join(reason for reason, _count in reasons.most_common(1))
    todo = _("What scripts write in the browser cannot be read. Try the address of a page itself.")
    return f"{found} {why} {todo}".replace("  ", " ")
