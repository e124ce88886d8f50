"""An answer's Markdown as a tree, and its text as spans that know how they look.

It is read as our pages read it (``conversations.markdown``), but for pictures, which become links,
and for addresses that are defined once and used in many places: an answer of 16,000 characters
could be megabytes with them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from common.words import gettext as _
from conversations.turn import LONGEST_ANSWER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_markdown = (
    MarkdownIt("commonmark", {"html": False, "linkify": False, "maxNesting": 20, "breaks": True})
    .enable(["table", "strikethrough"])
    .disable(["reference"])
)
_LOOKS = {"strong": "bold", "em": "italic", "s": "strike"}
# Controls, and halves of characters, which no JSON can hold.
_UNSENDABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]|[\ud800-\udfff]")
_ADDRESS = re.compile(r"https?://[^\s<>\"'`|]+")
_AFTER_AN_ADDRESS = ".,:;!?*_~"
_WEB = ("https://", "http://")


@dataclass(frozen=True, eq=False)
class Look:
    """How a stretch of text looks: ``bold``, ``italic``, ``strike``, ``code``, ``link``, or
    ``address`` where the text itself is one. Two that are alike are still two."""

    kind: str
    url: str = ""


@dataclass(frozen=True)
class Span:
    """Text of one look all over, with the outermost first. ``\\n`` is the end of a line."""

    text: str
    looks: tuple[Look, ...] = ()

    def is_(self, kind: str) -> bool:
        return any(look.kind == kind for look in self.looks)

    @property
    def is_address(self) -> bool:
        """Whether one could press the text itself."""
        return self.is_("address") and is_web(self.text)

    @property
    def link(self) -> Look | None:
        return next((look for look in self.looks if look.kind == "link"), None)


def tree_of(text: str) -> SyntaxTreeNode:
    """The blocks of ``text``; what is longer than an answer may be is cut."""
    clean = _UNSENDABLE.sub("", text.replace("\r\n", "\n")[:LONGEST_ANSWER])
    return SyntaxTreeNode(_markdown.parse(clean))


def normal_address(url: str) -> str:
    """``url`` as links in a tree have it."""
    return _markdown.normalizeLink(url)


def is_web(url: str) -> bool:
    return url.lower().startswith(_WEB)


def spans_of(node: SyntaxTreeNode) -> list[Span]:
    """The text in a block that holds nothing but text; no two neighbours look the same."""
    merged: list[Span] = []
    for span in _children(node, ()):
        if merged and merged[-1].looks == span.looks:
            merged[-1] = replace(span, text=merged[-1].text + span.text)
        else:
            merged.append(span)
    return [piece for span in merged for piece in _addresses(span)]


def _spans(node: SyntaxTreeNode, looks: tuple[Look, ...]) -> Iterator[Span]:
    match node.type:
        case "text" | "text_special":
            yield Span(node.content, looks)
        case "softbreak" | "hardbreak":
            yield Span("\n", looks)
        case "code_inline":
            yield Span(node.content, (*looks, Look("code")))
        case "image":
            within = looks if _has(looks, "link") else (*looks, Look("link", _of(node, "src")))
            yield Span("".join(words_in(node)).strip() or _("Picture"), within)
        case "link":
            link = Look("link", _of(node, "href"))
            yield from _children(node, (*looks, link)) or [Span(link.url, (*looks, link))]
        case kind:
            look = _LOOKS.get(kind)
            new = look is not None and not _has(looks, look)
            yield from _children(node, (*looks, Look(look)) if look and new else looks)


def _children(node: SyntaxTreeNode, looks: tuple[Look, ...]) -> list[Span]:
    return [span for child in node.children for span in _spans(child, looks) if span.text]


def _addresses(span: Span) -> Iterator[Span]:
    """``span`` in pieces that are addresses and pieces that are not."""
    at, text, looks = 0, span.text, span.looks
    if span.is_("code"):
        yield span
        return
    for found in _ADDRESS.finditer(text):
        # Brackets end an address that holds none, as in "(see https://example.com)".
        brackets = "" if "(" in found[0] else ")]}"
        address = found[0].rstrip(_AFTER_AN_ADDRESS + brackets)
        yield Span(text[at : found.start()], looks)
        yield Span(address, (*looks, Look("address")))
        at = found.start() + len(address)
    yield Span(text[at:], looks)


def words_in(node: SyntaxTreeNode) -> Iterator[str]:
    """What one reads in ``node``, piece by piece."""
    for each in node.walk():
        if each.type in {"softbreak", "hardbreak"}:
            yield " "
        elif not each.children:
            yield each.content


def written_out(spans: Iterable[Span], keeps: Callable[[str, str], bool]) -> Iterator[Span]:
    """``spans`` with "label: address" in the place of each link, unless the channel ``keeps`` one
    with this label and this address. A label that is the address stands alone."""
    group: list[Span] = []
    for span in [*spans, Span("")]:
        if group and span.link is not group[0].link:
            yield from _link(group, keeps)
            group = []
        if span.link:
            group.append(span)
        else:
            yield span


def _link(group: list[Span], keeps: Callable[[str, str], bool]) -> Iterator[Span]:
    link = group[0].link
    assert link is not None
    label = "".join(span.text for span in group)
    url = link.url.removeprefix("mailto:")
    if label in {url, url.partition("://")[2]}:
        yield Span(url, (Look("address"),))
    elif keeps(label, link.url):
        yield from group
    else:
        yield from (replace(span, looks=_without_link(span)) for span in group)
        if url:
            yield from (Span(": "), Span(url, (Look("address"),)))


def _without_link(span: Span) -> tuple[Look, ...]:
    return tuple(look for look in span.looks if look.kind != "link")


def _has(looks: tuple[Look, ...], kind: str) -> bool:
    return any(look.kind == kind for look in looks)


def _of(node: SyntaxTreeNode, name: str) -> str:
    return str(node.attrs.get(name, ""))
