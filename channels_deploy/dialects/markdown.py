"""An answer's Markdown as a tree of blocks.

It is read as our pages read it (``conversations.markdown``), but for pictures, which become links,
and for addresses that are defined once and used in many places: an answer of 16,000 characters
could be megabytes with them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

from conversations.turn import LONGEST_ANSWER

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markdown_it.token import Token

_markdown = (
    MarkdownIt("commonmark", {"html": False, "linkify": False, "maxNesting": 20, "breaks": True})
    .enable(["table", "strikethrough"])
    .disable(["reference"])
)
# Controls, and halves of characters, which no JSON can hold.
_UNSENDABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]|[\ud800-\udfff]")


@dataclass(frozen=True)
class Block:
    """``token`` is what opened it, as the parser calls it; ``inline`` is its text, if it holds
    nothing else."""

    token: Token
    children: list[Block] = field(default_factory=list)

    @property
    def kind(self) -> str:
        return self.token.type.removesuffix("_open")

    @property
    def inline(self) -> Sequence[Token]:
        texts = (each.token.children for each in self.children if each.kind == "inline")
        return next(texts, None) or ()

    def walk(self) -> Iterator[Block]:
        yield self
        for child in self.children:
            yield from child.walk()


def blocks_of(text: str) -> list[Block]:
    """The blocks of ``text``; what is longer than an answer may be is cut."""
    clean = _UNSENDABLE.sub("", text.replace("\r\n", "\n")[:LONGEST_ANSWER])
    root: list[Block] = []
    within = [root]
    for token in _markdown.parse(clean):
        if token.nesting < 0:
            within.pop()
            continue
        block = Block(token)
        within[-1].append(block)
        if token.nesting > 0:
            within.append(block.children)
    return root


def normal_address(url: str) -> str:
    """``url`` as links in a tree have it."""
    return _markdown.normalizeLink(url)
