"""What a site's robots.txt lets us do (RFC 9309)."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from protego import Protego

from common.outbound import USER_AGENT
from knowledge.crawling.addresses import origin_of
from knowledge.crawling.errors import PageError
from knowledge.crawling.fetching import Want

if TYPE_CHECKING:
    from knowledge.crawling.fetching import Answer, Fetcher
    from knowledge.crawling.limits import Patience


class Robots:
    """Reads the robots.txt of each host once, when it is first needed."""

    def __init__(self, fetcher: Fetcher, patience: Patience) -> None:
        self._fetcher = fetcher
        self._patience = patience
        self._known: dict[str, Protego | PageError] = {}

    def check(self, url: str) -> None:
        """Raise ``PageError`` unless the page may be read."""
        if not self._rules(url).can_fetch(url, USER_AGENT):
            raise PageError(
                _("The site's robots.txt does not let robots read it."),
                _("Ask its owner to let PrivexBot in, or upload the page as a file."),
            )

    def delay(self, url: str) -> float:
        """Seconds between two requests."""
        wanted = self._rules(url).crawl_delay(USER_AGENT) or 0
        return min(wanted, self._patience.crawl_delay) if wanted > 0 else 0

    def sitemaps(self, url: str) -> tuple[str, ...]:
        """The addresses of sitemaps, as they are written."""
        return tuple(self._rules(url).sitemaps)

    def _rules(self, url: str) -> Protego:
        origin = origin_of(url)
        if origin not in self._known:
            self._known[origin] = self._read(origin)
        found = self._known[origin]
        if isinstance(found, PageError):
            raise PageError(found.reason, found.advice, is_temporary=found.is_temporary)
        return found

    def _read(self, origin: str) -> Protego | PageError:
        want = Want(self._patience.robots_bytes, is_cut=True)
        try:
            # May lead to another host: it is the site's choice, and the guard judges it.
            answer = self._fetcher.get(f"{origin}/robots.txt", want, lambda _url: None)
        except PageError as error:
            return error
        if _is_unreachable(answer):
            return PageError(
                _("The site's robots.txt cannot be read (%(status)d), so nothing of it may be.")
                % {"status": answer.status},
                _("Try again later."),
                is_temporary=True,
            )
        return Protego.parse(answer.body.decode("utf-8", "replace"))


def _is_unreachable(answer: Answer) -> bool:
    """A site without robots.txt may be read, one whose robots.txt cannot be had now may not."""
    status = answer.status
    return status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.TOO_MANY_REQUESTS
