"""Telegram: its subset of HTML, which is sent with ``parse_mode`` HTML."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING

from channels_deploy.dialects.atoms import Limits, Mark, length, shown, spelled_out
from channels_deploy.dialects.buttons import Keyboard, in_bytes
from channels_deploy.dialects.dialect import Dialect

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from channels_deploy.dialects.atoms import Atom
    from channels_deploy.dialects.spans import Look, Span

_TAGS = {"bold": "b", "italic": "i", "strike": "s", "code": "code"}
_LONGEST_URL = 2000


class Telegram(Dialect):
    """4,096 UTF-16 code units after the markup was read. What is formatted beyond a hundred times
    in a message Telegram shows as plain text, its links too; and it reads 32 KiB of markup in
    UTF-8, in which a code unit takes three bytes at most."""

    label = "Telegram"
    limits = Limits(written=32 * 1024 // 3, shown=4096, marks=100)
    keyboards = (Keyboard(rows=20, columns=3, width=30, label=80, data=64, url=512, size=in_bytes),)

    def escaped(self, text: str) -> str:
        return escape(text, quote=False)

    def code(self, text: str) -> str:
        return self.escaped(text)

    def mark(self, look: Look) -> Mark | None:
        if look.kind == "link":
            return Mark(f'<a href="{escape(look.url)}">', "</a>", aside=f" ({look.url})")
        tag = _TAGS.get(look.kind)
        return Mark(f"<{tag}>", f"</{tag}>") if tag else None

    def fence(self, language: str, lead: str) -> Mark | None:
        if not language:
            return Mark("<pre>", "</pre>")
        return Mark(f'<pre><code class="language-{language}">', "</code></pre>")

    def quote(self) -> Mark | None:
        return Mark("<blockquote>", "</blockquote>")

    def keeps_link(self, label: str, url: str) -> bool:
        return len(url) <= _LONGEST_URL

    def prepared(self, spans: Iterable[Span]) -> Iterator[Span]:
        """Neither is code a link."""
        for span in super().prepared(spans):
            code = "code" if span.link else ""
            yield replace(span, looks=tuple(each for each in span.looks if each.kind != code))

    def plain(self, atoms: Sequence[Atom]) -> str:
        """With the addresses behind their links, if there is room for them."""
        whole = spelled_out(atoms)
        return whole if length(whole) <= self.limits.shown else shown(atoms)
