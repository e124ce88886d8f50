"""Discord: its Markdown, in which nothing pings anybody."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import zip_longest
from typing import TYPE_CHECKING

from channels_deploy.dialects.atoms import Limits, Mark
from channels_deploy.dialects.buttons import Keyboard
from channels_deploy.dialects.dialect import Dialect
from channels_deploy.dialects.spans import Look, Span, touch, within_words
from channels_deploy.dialects.unseen import UNSEEN, with_lone_backticks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_WITHIN = "italic within a word"
# The underscore holds everything, but means nothing within a word.
_MARKS = {"bold": "**", "italic": "_", _WITHIN: "*", "strike": "~~"}
_ANYWHERE = re.compile(r"[\\`*_~|<>\[\]]")
# Begins a heading, an entry of a list or small print where it begins a line, as any word may that
# is the first of a part.
_AT_THE_START = re.compile(r"\A(?:\d+(?=[.)]\Z)|(?=(?:[-+]|-?#{1,3})\Z))")
# Discord looks for mentions before it looks at the markup, so a backslash does not help.
_MENTION = re.compile(r"@(?=everyone|here|[!&]?\d)")
_AT_AN_END = re.compile(r"\A(?=\s*`)|(?<=`)(?=\s*\Z)")
_LONGEST_URL = 1000
_DEEPEST_HEADING = 3


class Discord(Dialect):
    label = "Discord"
    limits = Limits(written=2000)
    keyboards = (Keyboard(rows=5, columns=5, label=80, data=100, url=512),)
    bullet = "-"
    quote_lead = "> "

    def escaped(self, text: str) -> str:
        return _AT_THE_START.sub(r"\g<0>\\", _ANYWHERE.sub(r"\\\g<0>", text))

    def prepared(self, spans: Iterable[Span]) -> Iterator[Span]:
        known = [_upright(span) for span in super().prepared(spans)]
        italic = [look for look in within_words(known) if look.kind == "italic"]
        other = {look: Look(_WITHIN) for look in italic}
        changed = [_with(other, span) for span in known]
        for span, after in zip_longest(changed, changed[1:], fillvalue=Span(" ")):
            yield span
            yield from _apart(span, after)

    def text_of(self, span: Span) -> str:
        if span.is_address:
            return _MENTION.sub("%40", span.text)
        if not span.is_("code"):
            return _without_mentions(span.text)
        # The marks are two backticks, beside which none may stand.
        return self.line_of_code(_AT_AN_END.sub(UNSEEN, span.text))

    def line_of_code(self, text: str) -> str:
        return _without_mentions(with_lone_backticks(text))

    def mark(self, look: Look) -> Mark | None:
        if look.kind == "link":
            return Mark("[", f"]({_in_brackets(look.url)})")
        if look.kind == "code":
            return Mark("``", "``")
        sign = _MARKS.get(look.kind)
        return Mark(sign, sign) if sign else None

    def heading(self, level: int) -> Mark | None:
        return Mark(f"{'#' * level} ", "", spans_lines=False) if level <= _DEEPEST_HEADING else None

    def fence(self, language: str, lead: str) -> Mark | None:
        return Mark(f"```{language}\n{lead}", f"\n{lead}```")

    def keeps_link(self, label: str, url: str) -> bool:
        """Discord shows no link whose words look like another address."""
        return "://" not in label and len(url) <= _LONGEST_URL


def _upright(span: Span) -> Span:
    """An underscore in an address would end italic text."""
    kept = tuple(look for look in span.looks if look.kind != "italic")
    return replace(span, looks=kept) if span.is_address or span.link else span


def _with(other: Mapping[Look, Look], span: Span) -> Span:
    return replace(span, looks=tuple(other.get(look, look) for look in span.looks))


def _apart(span: Span, after: Span) -> Iterator[Span]:
    """What keeps a mark that ends from becoming one with a mark that begins."""
    both = tuple(look for look in span.looks if look in after.looks)
    if touch(span, after) and len(span.looks) > len(both) < len(after.looks):
        yield Span(UNSEEN, both)


def _without_mentions(text: str) -> str:
    return _MENTION.sub(f"@{UNSEEN}", text)


def _in_brackets(url: str) -> str:
    safe = url.replace("(", "%28").replace(")", "%29")
    return _MENTION.sub("%40", safe)
