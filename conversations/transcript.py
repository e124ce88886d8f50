"""Messages as pages show them: what a visitor typed as it stands, what an assistant or a person
said as Markdown made safe, citations numbered, failures told.

What a page costs is bounded, whatever somebody made an assistant say: it shows so much as Markdown,
the newest answers first, and the rest as plain text.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from common.memory import Memory
from conversations.delivery import Receipt
from conversations.markdown import plain, rendered
from conversations.trace import Traces
from conversations.turn import LONGEST_ANSWER

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from uuid import UUID

    from django.utils.safestring import SafeString

    from conversations.models import Message
    from conversations.trace import Step

# In characters of a page. Hostile Markdown takes a second for some 100,000.
MOST_MARKDOWN = 64_000
# By the message's id: what was said never changes.
_rendered: Memory[str, SafeString] = Memory(300)


@dataclass(frozen=True)
class Line:
    """One message, ready to be read. ``author`` is the member who wrote it, if one did; ``steps``
    are what went on inside while it was given; ``receipt`` says what became of it on a channel
    that tells. ``error`` is why it failed, ``is_kept_back`` that the visitor was not told why."""

    role: str
    html: SafeString
    id: str = ""
    author: str = ""
    at: datetime | None = None
    status: str = "whole"
    error: str = ""
    is_kept_back: bool = False
    feedback: str | None = None
    citations: list[Mapping[str, Any]] = field(default_factory=list)
    release: int | None = None
    model: str = ""
    tokens: int = 0
    ms: float = 0
    steps: list[Step] = field(default_factory=list)
    receipt: Receipt | None = None


def of_preview(messages: Iterable[Mapping[str, Any]]) -> list[Line]:
    """Messages of a preview session, both ways the oldest first."""
    page = _Page()
    newest_first = [
        Line(
            message["role"],
            page.html(message["id"], message["role"], message["content"]),
            at=datetime.fromtimestamp(message["at"], UTC),
            status=message["status"],
            feedback=message.get("feedback"),
            citations=message["citations"],
        )
        for message in reversed(list(messages))
    ]
    return newest_first[::-1]


def of_messages(
    newest_first: Iterable[Message],
    given_back: Mapping[UUID, datetime] = MappingProxyType({}),
    receipts: Mapping[UUID, Receipt] | None = None,
) -> list[Line]:
    """Recorded messages, the oldest first; ``given_back`` says after which of them, and when, the
    bot had the conversation again."""
    found: list[Line] = []
    page, traces = _Page(), Traces()
    for message in newest_first:
        if message.pk in given_back:
            found.append(notice(given_back[message.pk]))
        line = _line(message, page, traces)
        if receipts is not None and message.role != message.Role.USER:
            line = replace(line, receipt=receipts.get(message.pk, Receipt()))
        found.append(line)
    return found[::-1]


def notice(at: datetime) -> Line:
    """That the bot has the conversation again."""
    return Line("notice", plain(_("The bot has the conversation again.")), at=at)


def _line(message: Message, page: _Page, traces: Traces) -> Line:
    return Line(
        message.role,
        page.html(str(message.pk), message.role, message.content),
        id=str(message.pk),
        author=str(message.author) if message.author else "",
        at=message.created_at,
        status=message.status,
        error=message.error,
        feedback=message.feedback.value if hasattr(message, "feedback") else None,
        citations=message.citations,
        release=message.release,
        model=message.model,
        tokens=message.prompt_tokens + message.completion_tokens,
        ms=message.latency_ms,
        steps=traces.steps(message.trace),
    )


class _Page:
    """The texts of one page, which may hold so much Markdown and no more."""

    def __init__(self) -> None:
        self.room = MOST_MARKDOWN

    def html(self, id_: str, role: str, content: str) -> SafeString:
        text = content if len(content) <= LONGEST_ANSWER else f"{content[: LONGEST_ANSWER - 1]}…"
        if role != "user":
            self.room -= len(text)
            if self.room >= 0:
                return _rendered.get_or(id_, lambda: rendered(text))
        return plain(text)
