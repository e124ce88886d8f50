"""Errors a client can be told about, in the form of RFC 9457 (``application/problem+json``).

Any app raises a ``Problem``; the API's exception handler and the builder's views turn it into
an answer. A problem's words never hold a secret.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True)
class FieldError:
    """One thing wrong with the input: ``path`` is dotted, as in ``data.temperature``."""

    path: str
    message: str

    def as_dict(self) -> dict[str, str]:
        return {"path": self.path, "message": self.message}


@dataclass
class Problem(Exception):  # noqa: N818 (the RFC's own word)
    """An error with an HTTP status, a short title, and what the person can do next.

    ``extra`` is merged into the body (``conflicts``, ``entity_id`` …); ``headers`` go with it.
    """

    status: int
    title: str
    detail: str = ""
    slug: str = "about:blank"
    errors: tuple[FieldError, ...] = ()
    extra: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.status} {self.title}: {self.detail}"

    def body(self) -> dict[str, Any]:
        """The JSON body."""
        kind = self.slug if self.slug == "about:blank" else f"urn:privexbot:problem:{self.slug}"
        body: dict[str, Any] = {
            "type": kind,
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
        }
        if self.errors:
            body["errors"] = [error.as_dict() for error in self.errors]
        return body | self.extra


def malformed(detail: str, *errors: FieldError) -> Problem:
    return Problem(400, "Malformed request", detail, "malformed", errors)


def unauthenticated(detail: str = "A valid API key is needed.") -> Problem:
    return Problem(
        401, "Not authenticated", detail, "unauthenticated", headers={"WWW-Authenticate": "Bearer"}
    )


def forbidden(detail: str) -> Problem:
    return Problem(403, "Not allowed", detail, "forbidden")


def not_found(detail: str = "There is nothing at this address.") -> Problem:
    return Problem(404, "Not found", detail, "not-found")


def conflict(detail: str, **extra: Any) -> Problem:
    return Problem(409, "Conflict", detail, "conflict", extra=extra)


def gone(detail: str, **extra: Any) -> Problem:
    return Problem(410, "Gone", detail, "gone", extra=extra)


def too_large(detail: str) -> Problem:
    return Problem(413, "Too large", detail, "too-large")


def invalid(detail: str, *errors: FieldError, **extra: Any) -> Problem:
    return Problem(422, "Not valid", detail, "invalid", errors, extra=extra)


def too_many(detail: str, *, retry_after: int) -> Problem:
    return Problem(
        429, "Too many requests", detail, "rate-limit", headers={"Retry-After": str(retry_after)}
    )


def answer_failed(code: str, detail: str) -> Problem:
    """An answer that could not be given, for what is called ``code`` in ``conversations.turn``."""
    if code in OWN_FAULTS:
        return Problem(*OWN_FAULTS[code], detail, code)
    return upstream_failed(detail, timed_out=code == "upstream-timeout")


# Faults of an answer that are nobody's outside: the status and what it is called.
OWN_FAULTS = {
    "not-configured": (502, "The assistant is not set up completely"),
    "run-timeout": (504, "The answer took longer than it may"),
    "run-limit": (502, "The answer took more than it may"),
}


def upstream_failed(detail: str, *, timed_out: bool = False) -> Problem:
    if timed_out:
        return Problem(504, "An outside service took too long", detail, "upstream-timeout")
    return Problem(502, "An outside service failed", detail, "upstream-failed")


def unavailable(detail: str, **extra: Any) -> Problem:
    return Problem(
        503,
        "Temporarily unavailable",
        detail,
        "unavailable",
        extra=extra,
        headers={"Retry-After": "2"},
    )
