"""What went wrong between us and a model's server, as an ``InferenceError`` in plain words."""

from __future__ import annotations

import json
from contextlib import contextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import httpx
from django.utils.translation import gettext as _

from common.outbound import BlockedError
from common.retry_after import seconds
from inference.client import InferenceError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from inference.endpoint import Endpoint

# These may go away by themselves; every other refusal will be the same the next time.
TEMPORARY = frozenset({408, 409, 425, 429})


@contextmanager
def as_inference_errors() -> Iterator[None]:
    """Raise what the HTTP client raises as an ``InferenceError``, without address and key."""
    try:
        yield
    except (httpx.TimeoutException, TimeoutError):
        raise late() from None
    except BlockedError as blocked:
        raise InferenceError(str(blocked), permanent=True) from None
    except (httpx.ConnectError, httpx.UnsupportedProtocol, httpx.InvalidURL):
        raise InferenceError(_("The model's server cannot be reached.")) from None
    except httpx.HTTPError:
        raise broken() from None
    except UnicodeEncodeError:
        words = _("The API key holds a character that cannot be sent. Enter it anew.")
        raise InferenceError(words, permanent=True) from None


def late() -> InferenceError:
    return InferenceError(_("The model took too long to answer."), code="upstream-timeout")


def broken() -> InferenceError:
    return InferenceError(_("The connection to the model was lost."))


def garbage() -> InferenceError:
    return InferenceError(_("The model's server sent something that is not an answer."))


def failure_in(endpoint: Endpoint, event: Mapping[str, Any]) -> None:
    """Raise the error that a server puts into a stream which had begun well."""
    if event.get("error"):
        said = endpoint.scrub(words_in(event))
        raise InferenceError(f"{_('The model stopped with an error.')} {said}".strip())


def refusal(
    endpoint: Endpoint, status: int, headers: Mapping[str, str], body: bytes
) -> InferenceError:
    """The error for an answer that is not 200, with the server's own words.

    Not with those about the key: they may quote it, in a guise that nobody thought of.
    """
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        said = _("It does not accept the key, or the key may not use this model.")
    else:
        said = endpoint.scrub(words(body))
    message = _("The model's server answered %(status)s.") % {"status": status}
    return InferenceError(
        f"{message} {said}".strip(),
        code="rate-limit" if status == HTTPStatus.TOO_MANY_REQUESTS else "upstream-failed",
        permanent=status < HTTPStatus.INTERNAL_SERVER_ERROR and status not in TEMPORARY,
        retry_after=seconds(headers.get("retry-after", "")),
    )


def refuse_tools(endpoint: Endpoint, sent: Mapping[str, Any], error: bytes) -> None:
    """Raise what an error's body says about the tools that were sent, if it says anything."""
    said = endpoint.scrub(words(error))
    if "tools" in sent and "tool" in said.casefold():
        told = _("The model's server does not take the tools. Choose a model that can use some.")
        raise InferenceError(f"{told} {said}", permanent=True)


def words(body: bytes) -> str:
    """The message in an error's body, whichever of the usual shapes it has."""
    text = body.decode(errors="replace")
    try:
        found: Any = json.loads(text)
    except (ValueError, RecursionError):
        return "" if text.lstrip().startswith("<") else text
    return words_in(found)


def words_in(found: object) -> str:
    for name in ("error", "message", "detail"):
        if isinstance(found, dict) and name in found:
            found = found[name]
    return found if isinstance(found, str) else ""
