"""Where in a conversation the words stand that it was found by, for the list of what was found."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import OuterRef, Subquery

from conversations.excerpts import unmarked
from conversations.models import Conversation, Message
from conversations.search import said
from conversations.words import LONGEST, SIGNS, words_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from uuid import UUID

# Characters that are shown, and how many of them before the first word that was looked for.
SHOWN, BEFORE = 200, 50
# On both sides of that word, so much is freed of its Markdown.
AROUND = 1000


@dataclass(frozen=True)
class Part:
    """Some text; ``is_found``: it is what was looked for."""

    text: str
    is_found: bool = False


@dataclass(frozen=True)
class Match:
    """The newest message that holds the words, cut to where the first of them stands; ``author_id``
    and ``author`` are the member's who wrote it, if one did."""

    message_id: UUID
    role: str
    parts: tuple[Part, ...]
    author_id: UUID | None = None
    author: str = ""


def with_matches(rows: Sequence[Conversation], text: str) -> Sequence[Conversation]:
    """The same rows, each with its ``match``: None where the person was found and no message."""
    words = words_in(text)
    found = _matches([row.pk for row in rows], words) if words else {}
    for row in rows:
        row.match = found.get(row.pk)
    return rows


def _matches(ids: list[UUID], words: list[str]) -> dict[UUID, Match]:
    newest = said(words).filter(conversation=OuterRef("pk")).order_by("-created_at")
    wanted = Conversation.objects.filter(pk__in=ids).values(found=Subquery(newest.values("pk")[:1]))
    messages = Message.objects.filter(pk__in=wanted).select_related("author")
    pattern = _pattern(words)
    return {
        each.conversation_id: Match(
            each.pk,
            each.role,
            excerpt(_words(each, pattern), pattern),
            each.author_id,
            str(each.author) if each.author else "",
        )
        for each in messages.defer("trace", "extras", "citations")
    }


def _words(message: Message, pattern: re.Pattern[str]) -> str:
    """What was said there; a visitor writes no Markdown."""
    text = message.content[:LONGEST]
    if message.role == Message.Role.USER:
        return text
    first = pattern.search(text)
    start = max(0, first.start() - AROUND) if first else 0
    return unmarked(text[start : start + 2 * AROUND])


def excerpt(content: str, pattern: re.Pattern[str]) -> tuple[Part, ...]:
    """``content`` on one line, from a little before the first thing that ``pattern`` finds."""
    line = " ".join(content.split())
    first = pattern.search(line)
    start = max(0, first.start() - BEFORE) if first else 0
    if start:
        start = line.find(" ", start, first.start() if first else None) + 1 or start
    text = f"{'… ' if start else ''}{line[start : start + SHOWN]}"
    ending = "…" if len(line) > start + SHOWN else ""
    return (*_parts(text, pattern), *([Part(ending)] if ending else []))


def _parts(text: str, pattern: re.Pattern[str]) -> Iterator[Part]:
    end = 0
    for found in pattern.finditer(text):
        if found.start() > end:
            yield Part(text[end : found.start()])
        yield Part(found[0], is_found=True)
        end = found.end()
    if end < len(text):
        yield Part(text[end:])


def _pattern(words: list[str]) -> re.Pattern[str]:
    """Finds what the database finds: words by their beginnings, single letters and signs whole."""
    return re.compile(
        "|".join(map(_as_pattern, sorted(words, key=len, reverse=True))), re.IGNORECASE
    )


def _as_pattern(word: str) -> str:
    if re.search(f"[{SIGNS}]", word):
        return re.escape(word)
    return rf"(?<![^\W_]){re.escape(word)}" + (r"(?![^\W_])" if len(word) == 1 else r"[^\W_]*")
