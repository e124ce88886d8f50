"""WhatsApp: its own few marks, which nothing escapes."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from channels_deploy.dialects.atoms import Limits, Mark
from channels_deploy.dialects.buttons import Keyboard
from channels_deploy.dialects.dialect import Dialect
from channels_deploy.dialects.spans import within_words
from channels_deploy.dialects.unseen import UNSEEN, with_lone_backticks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from channels_deploy.dialects.spans import Look, Span

HAIR_SPACE, LIKE_A_BACKTICK = "\u200a", "\u02cb"
_MARKS = {"bold": "*", "italic": "_", "strike": "~", "code": "`"}
# Begins something: it has no letter before it, and no white space behind.
_BEGINS = re.compile(r"(?<!\w)[*_~](?=\S)")
_QUOTES = re.compile(r"^>")


class WhatsApp(Dialect):
    """A text is 4,096 characters; one with buttons below it is 1,024. Links stand in the text:
    a message has either one link as a button or replies."""

    label = "WhatsApp"
    limits = Limits(written=4096)
    keyboards = (
        Keyboard(rows=3, columns=1, label=20, data=256, body=1024),
        Keyboard(rows=10, columns=1, label=24, data=200, body=1024, opens=True),
    )
    bullet = "-"
    quote_lead = "> "

    def escaped(self, text: str) -> str:
        """White space that is hardly seen keeps a mark from beginning anything."""
        return _QUOTES.sub(f"{UNSEEN}>", _BEGINS.sub(rf"\g<0>{HAIR_SPACE}", text))

    def text_of(self, span: Span) -> str:
        # A backtick begins code whatever is behind it. This is a letter that looks like one.
        return span.text.replace("`", LIKE_A_BACKTICK)

    def line_of_code(self, text: str) -> str:
        return with_lone_backticks(text)

    def mark(self, look: Look) -> Mark | None:
        sign = _MARKS.get(look.kind)
        return Mark(sign, sign, spans_lines=False) if sign else None

    def fence(self, language: str, lead: str) -> Mark | None:
        return Mark(f"```\n{lead}", f"\n{lead}```")

    def prepared(self, spans: Iterable[Span]) -> Iterator[Span]:
        """Without looks that begin or end within a word, whose marks would be seen."""
        known = list(super().prepared(spans))
        within = within_words(known)
        for span in known:
            yield replace(span, looks=tuple(each for each in span.looks if each not in within))
