"""Why a page could not be had, in words, and what to do about it."""

from __future__ import annotations

import socket
import ssl
from http import HTTPStatus
from typing import TYPE_CHECKING

import httpx
from django.utils.translation import gettext as _

from common.outbound import BlockedError, PrivateNameError
from knowledge.crawling.errors import PageError

if TYPE_CHECKING:
    from collections.abc import Iterator

LATER = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS})


def failed(error: Exception) -> PageError:
    """What ``error``, of a request that was not answered, means."""
    causes = tuple(_causes(error))
    if isinstance(error, PrivateNameError) or _any_is(causes, socket.gaierror, UnicodeError):
        return _unknown_name()
    if isinstance(error, BlockedError):
        reason, advice = _("The address is not on the public internet."), str(error)
    elif _any_is(causes, ssl.SSLError):
        reason = _("No secure connection to the site could be made.")
        advice = _("Check the address; the site's certificate may be wrong or have expired.")
    elif _any_is(causes, ConnectionRefusedError):
        reason, advice = _("The site refuses connections."), _("Check the address, or try later.")
    elif isinstance(error, (httpx.TimeoutException, TimeoutError)):
        reason, advice = _("The site takes too long to answer."), _("Try again later.")
    else:
        reason, advice = _("The connection to the site broke off."), _("Try again later.")
    return PageError(reason, advice, is_temporary=not isinstance(error, BlockedError))


def _unknown_name() -> PageError:
    """The same of a name that nobody has and of one within the server's network: whoever may add a
    website is not to find out which names there are."""
    return PageError(
        _("No site of this name is known on the public internet."),
        _("Check the address. The server's owner can allow a name of their own network."),
        is_temporary=True,
    )


def refused(status: int) -> PageError:
    """What an answer other than a page means."""
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        reason = _("The site does not let us read this page (%(status)d).")
        advice = _("Save the page and upload it as a file instead.")
    elif status in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}:
        reason, advice = _("There is no such page (%(status)d)."), _("Check the address.")
    elif status in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}:
        reason, advice = _("The site is too busy (%(status)d)."), _("Try again later.")
    elif status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        reason, advice = _("The site has a fault (%(status)d)."), _("Try again later.")
    else:
        reason, advice = _("The site did not give the page (%(status)d)."), _("Check the address.")
    is_temporary = status in LATER or status >= HTTPStatus.INTERNAL_SERVER_ERROR
    return PageError(reason % {"status": status}, advice, is_temporary=is_temporary)


def wrong_type(content_type: str) -> PageError:
    """Of an answer that is no HTML."""
    named = content_type.partition(";")[0].strip().lower()[:80]
    return PageError(
        _("It is not a web page but %(type)s.") % {"type": named},
        _("Download it and upload it as a file instead."),
    )


def too_large(most: int) -> PageError:
    words = _("The page is larger than %(size)d MB.") % {"size": max(1, most // 1024**2)}
    return PageError(words, _("Copy what matters of it and add that as a text."))


def to_sign_in() -> PageError:
    return PageError(
        _("It is a page to sign in."),
        _("Only what everybody may read can be crawled; upload the rest as files."),
    )


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _any_is(causes: tuple[BaseException, ...], *kinds: type[BaseException]) -> bool:
    return any(isinstance(cause, kinds) for cause in causes)
