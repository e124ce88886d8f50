"""A call of a webhook as its flow may read it: the body, the query, and headers without secrets."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import QueryDict

from common import strict_json
from common.http import unsupported
from common.problems import FieldError, malformed, too_large
from common.webhook_signature import ID, LONGEST_ID
from conversations.bodies import SESSION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest

LARGEST = 256 * 1024
MOST_PAIRS = 100
LONGEST_HEADER = 1000
IDEMPOTENCY_KEY = "idempotency-key"
FORM = "application/x-www-form-urlencoded"
_JSON = re.compile(r"application/(?:[a-z0-9.+-]+\+)?json")
# Headers that say something of the call; of the senders' own those that prove nothing.
SHOWN = frozenset(
    {"accept-language", "content-type", "user-agent", ID, "webhook-timestamp", IDEMPOTENCY_KEY}
)
_OWN = re.compile(r"x-[a-z0-9-]{1,100}")
_PROVES = re.compile(r"auth|cookie|csrf|forwarded|key|pass|real-ip|secret|session|sign|token")


@dataclass(frozen=True)
class Call:
    """``key`` is the name that the sender gives the call, if any; with the same one a ``body`` of
    another ``fingerprint`` is another call. ``session_id`` is empty for a new conversation."""

    body: Any
    headers: Mapping[str, str]
    query: Mapping[str, str | list[str]]
    key: str
    session_id: str
    fingerprint: str


def raw_body(request: HttpRequest) -> bytes:
    """Raises ``Problem`` 413 for one that is too large."""
    raw = request.body
    if len(raw) > LARGEST:
        raise too_large(f"The body has more than {LARGEST // 1024} KB.")
    return raw


def read(request: HttpRequest, raw: bytes) -> Call:
    """The call with the body ``raw``; raises ``Problem`` 400 or 415."""
    body = _body(request.content_type or "", raw)
    return Call(
        body=body,
        headers=_headers(request),
        query=_pairs(request.GET, "query"),
        key=_key(request),
        session_id=_session(body),
        fingerprint=hashlib.sha256(raw).hexdigest(),
    )


def _body(content_type: str, raw: bytes) -> Any:
    if not raw:
        return None
    if _JSON.fullmatch(content_type):
        return strict_json.parse(raw)
    if content_type == FORM:
        return _pairs(QueryDict(raw, encoding="utf-8"), "body")
    raise unsupported(content_type)


def _pairs(given: QueryDict, where: str) -> dict[str, str | list[str]]:
    """What is named once as a text, what is named more often as a list."""
    if len(given) > MOST_PAIRS:
        raise malformed(f"The {where} has more than {MOST_PAIRS} names.")
    found: dict[str, str | list[str]] = {}
    for name, texts in given.lists():
        values = [str(text) for text in texts]
        if "\0" in name or any("\0" in value for value in values):
            raise malformed(f"The {where} holds a NUL character.", FieldError(where, "NUL"))
        found[name] = values[0] if len(values) == 1 else values
    return found


def _headers(request: HttpRequest) -> dict[str, str]:
    shown: dict[str, str] = {}
    for name, value in request.headers.items():
        lower = name.lower()
        if lower in SHOWN or (_OWN.fullmatch(lower) and not _PROVES.search(lower)):
            shown[lower] = value.replace("\0", "")[:LONGEST_HEADER]
    return dict(sorted(shown.items())[:MOST_PAIRS])


def _key(request: HttpRequest) -> str:
    key = request.headers.get(ID) or request.headers.get(IDEMPOTENCY_KEY) or ""
    if len(key) > LONGEST_ID or not key.isprintable():
        raise malformed(f"{ID} must have at most {LONGEST_ID} plain characters.")
    return key


def _session(body: Any) -> str:
    """The conversation that a body carries on. Whoever calls may mean something else by the name:
    what cannot be a session is none."""
    found = body.get("session_id") if isinstance(body, dict) else None
    return found if isinstance(found, str) and re.fullmatch(SESSION, found) else ""
