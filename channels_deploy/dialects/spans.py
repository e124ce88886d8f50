"""Text within a block: in spans, each of which looks the same all over."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from operator import attrgetter
from typing import TYPE_CHECKING

from common.words import gettext as _

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from markdown_it.token import Token

_LOOKS = {"strong_open": "bold", "em_open": "italic", "s_open": "strike", "link_open": "link"}
_ADDRESS = re.compile(r"https?://[^\s<>\"'`|]+")
_AFTER_AN_ADDRESS = ".,:;!?*_~"
_WEB = ("https://", "http://")


@dataclass(frozen=True, eq=False)
class Look:
    """How a stretch of text looks: ``bold``, ``italic``, ``strike``, ``code``, ``link``,
    ``picture`` where it stands for one, or ``address`` where it is one. Two that are alike are
    still two."""

    kind: str
    url: str = ""


@dataclass(frozen=True)
class Span:
    """Text with its looks, the outermost first and of each kind one at most. ``\\n`` is the end of
    a line."""

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


def is_web(url: str) -> bool:
    return url.lower().startswith(_WEB)


def spans_of(tokens: Sequence[Token]) -> list[Span]:
    """The text that ``tokens`` are; no two neighbours look the same."""
    same = groupby(_read(tokens), key=attrgetter("looks"))
    merged = (Span("".join(span.text for span in spans), looks) for looks, spans in same)
    return [piece for span in merged for piece in _addresses(span)]


def _read(tokens: Sequence[Token]) -> Iterator[Span]:
    # What is open, each with all the looks in it. Within bold text, bold is nothing new.
    stack: list[tuple[Look, ...]] = [()]
    empty = True
    for token in tokens:
        looks = stack[-1]
        if token.nesting > 0:
            kind = _LOOKS[token.type]
            new = () if _has(looks, kind) else (Look(kind, str(token.attrs.get("href", ""))),)
            stack.append((*looks, *new))
            empty = True
        elif token.nesting < 0:
            if token.type == "link_close" and empty:
                yield Span(looks[-1].url, looks)
            stack.pop()
        elif span := _span(token, looks):
            empty = False
            yield span


def _span(token: Token, looks: tuple[Look, ...]) -> Span | None:
    match token.type:
        case "softbreak" | "hardbreak":
            return Span("\n", looks)
        case "code_inline":
            return Span(token.content, (*looks, Look("code")))
        case "image":
            name = "".join(each.content or " " for each in token.children or ()).strip()
            address = Look("link", str(token.attrs.get("src", "")))
            within = looks if _has(looks, "link") else (*looks, address)
            return Span(name or _("Picture"), (*within, Look("picture")))
    return Span(token.content, looks) if token.content else None


def _addresses(span: Span) -> Iterator[Span]:
    """``span`` in pieces that are addresses and pieces that are not."""
    at, text = 0, span.text
    for found in () if span.is_("code") else _ADDRESS.finditer(text):
        # Brackets end an address that holds none, as in "(see https://example.com)".
        brackets = "" if "(" in found[0] else ")]}"
        address = found[0].rstrip(_AFTER_AN_ADDRESS + brackets)
        if at < found.start():
            yield replace(span, text=text[at : found.start()])
        yield Span(address, (*span.looks, Look("address")))
        at = found.start() + len(address)
    if at < len(text):
        yield replace(span, text=text[at:])


def written_out(spans: Iterable[Span], keeps: Callable[[str, str], bool]) -> Iterator[Span]:
    """``spans`` with "label: address" in the place of each link, unless the channel ``keeps`` one
    with this label and this address. A label that is the address stands alone."""
    for link, group in groupby(spans, key=attrgetter("link")):
        same = list(group)
        yield from _link(link, same, keeps) if link else same


def _link(link: Look, group: list[Span], keeps: Callable[[str, str], bool]) -> Iterator[Span]:
    label = "".join(span.text for span in group)
    url = link.url.removeprefix("mailto:")
    if not label.strip() or label in {url, url.partition("://")[2]}:
        yield Span(url, (Look("address"),))
    elif keeps(label, link.url):
        yield from group
    else:
        yield from (_without_link(span) for span in group)
        if url:
            yield from (Span(": "), Span(url, (Look("address"),)))


def _without_link(span: Span) -> Span:
    return replace(span, looks=tuple(look for look in span.looks if look.kind != "link"))


def within_words(spans: Iterable[Span]) -> set[Look]:
    """The looks that begin behind a letter, or end before one."""
    found: set[Look] = set()
    for one, other in pairwise(spans):
        if touch(one, other) and _is_word(one.text[-1]):
            found |= set(other.looks) - set(one.looks)
        if touch(one, other) and _is_word(other.text[0]):
            found |= set(one.looks) - set(other.looks)
    return found


def touch(one: Span, other: Span) -> bool:
    """Whether there is no white space between them."""
    return one.text[-1:].strip() != "" != other.text[:1].strip()


def upright_code(span: Span) -> Span:
    """``span`` where code is never bold, nor anything else but a link: channels that have both
    mostly do not take them together."""
    if not span.is_("code"):
        return span
    return replace(span, looks=tuple(each for each in span.looks if each.kind in {"code", "link"}))


def _is_word(char: str) -> bool:
    return char.isalnum() or char == "_"


def in_bold(spans: Iterable[Span]) -> list[Span]:
    bold = Look("bold")
    return [
        replace(span, looks=(bold, *(look for look in span.looks if look.kind != "bold")))
        for span in spans
    ]


def _has(looks: tuple[Look, ...], kind: str) -> bool:
    return any(look.kind == kind for look in looks)
