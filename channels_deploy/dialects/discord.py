"""Discord: its Markdown, in which nothing pings anybody."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from channels_deploy.dialects.atoms import Limits, Mark
from channels_deploy.dialects.buttons import Keyboard
from channels_deploy.dialects.dialect import Dialect
from channels_deploy.dialects.unseen import UNSEEN, with_lone_backticks

if TYPE_CHECKING:
    from channels_deploy.dialects.spans import Look, Span

_MARKS = {"bold": "**", "italic": "*", "strike": "~~"}
_ANYWHERE = re.compile(r"[\\`*_~|<>\[\]]")
# Begins a heading, an entry of a list or small print where it begins a line, as any word may that
# is the first of a part.
_AT_THE_START = re.compile(r"\A(?:\d+(?=[.)]\Z)|(?=(?:[-+]|-?#{1,3})\Z))")
# Discord looks for mentions before it looks at the markup, so a backslash does not help.
_MENTION = re.compile(r"@(?=everyone|here|[!&]?\d)")
_LANGUAGE = re.compile(r"[\w+#.-]{1,32}")
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

    def text_of(self, span: Span) -> str:
        if span.is_address:
            return _MENTION.sub("%40", span.text)
        if not span.is_("code"):
            return _without_mentions(span.text)
        # The marks are two backticks, beside which none may stand.
        return self.line_of_code(re.sub(r"\A(?=`)|(?<=`)\Z", UNSEEN, span.text))

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
        known = language if _LANGUAGE.fullmatch(language) else ""
        return Mark(f"```{known}\n{lead}", f"\n{lead}```")

    def keeps_link(self, label: str, url: str) -> bool:
        """Discord shows no link whose words look like another address."""
        return "://" not in label and len(url) <= _LONGEST_URL


def _without_mentions(text: str) -> str:
    return _MENTION.sub(f"@{UNSEEN}", text)


def _in_brackets(url: str) -> str:
    safe = url.replace("(", "%28").replace(")", "%29")
    return _MENTION.sub("%40", safe)
