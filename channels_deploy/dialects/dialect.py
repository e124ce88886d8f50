"""The contract of a dialect: how an answer is written for one channel. Knows no HTTP, no model.

What all have alike is here: an answer is read, written in small pieces, cut, and given its buttons.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import unquote

from channels_deploy.dialects.atoms import Border, Limits, Mark, shown, written
from channels_deploy.dialects.buttons import Keys, keys
from channels_deploy.dialects.cutting import cut
from channels_deploy.dialects.html import as_html
from channels_deploy.dialects.markdown import blocks_of, normal_address
from channels_deploy.dialects.part import Button, Part
from channels_deploy.dialects.spans import (
    Look,
    Span,
    in_bold,
    is_web,
    spans_of,
    upright_code,
    written_out,
)
from channels_deploy.dialects.writing import Place, Writer
from common.plain_text import visible
from common.words import gettext as _

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from channels_deploy.dialects.atoms import Atom
    from channels_deploy.dialects.buttons import Keyboard
    from channels_deploy.dialects.markdown import Block
    from conversations.turn import Done

# A line below another one of the same list.
_BELOW = Place(border=Border.ITEM, blank=False)


class Dialect(ABC):
    """``label`` is what people call the channel, ``limits`` what one message of it may be.

    ``keyboards`` are the kinds of buttons it has, the best first. A quotation stands in the mark
    that ``quote`` gives, or has ``quote_lead`` before each line. One that ``formats`` has bold text
    and code.
    """

    label: str
    limits: Limits
    keyboards: Sequence[Keyboard] = ()
    bullet = "•"
    quote_lead = ""
    formats = True

    @abstractmethod
    def escaped(self, text: str) -> str:
        """``text``, a word or a piece of one, so that nothing in it is markup."""

    def code(self, text: str) -> str:
        """``text``, a piece of code or of an address that can be pressed, which the channel takes
        as it is."""
        return text

    def text_of(self, span: Span) -> str:
        """The whole text of ``span``, without what no escaping would keep from having effects."""
        return span.text

    def line_of_code(self, text: str) -> str:
        """The same for a line in a block of code."""
        return text

    def mark(self, look: Look) -> Mark | None:
        """What shows a look, if the channel has it."""
        return None

    def heading(self, level: int) -> Mark | None:
        """What makes a heading; None where it is bold text."""
        return None

    def fence(self, language: str, lead: str) -> Mark | None:
        """What stands around lines of code, which begin with ``lead``."""
        return None

    def quote(self) -> Mark | None:
        return None

    def keeps_link(self, label: str, url: str) -> bool:
        """Whether ``label`` can be pressed without ``url`` being seen."""
        return False

    def prepared(self, spans: Iterable[Span]) -> Iterable[Span]:
        """``spans`` with those looks alone that the channel can show together."""
        return map(upright_code, self.written_out(spans))

    def written_out(self, spans: Iterable[Span], *, keep: bool = True) -> Iterator[Span]:
        return written_out(
            spans, lambda label, url: keep and is_web(url) and self.keeps_link(label, url)
        )

    def writing(self, span: Span) -> Callable[[str], str]:
        """What writes the pieces of ``span``."""
        return self.code if span.is_("code") or span.is_address else self.escaped

    def plain(self, atoms: Sequence[Atom]) -> str:
        """``atoms`` for a message without markup."""
        return shown(atoms)

    def keys(self, answer: Done) -> Keys:
        """The buttons of ``answer``, and what of its replies is written out."""
        links = [
            Button(visible(each["label"]) or each["url"], url=each["url"])
            for each in answer.links
            if is_web(each["url"])
        ]
        return keys(answer.follow_ups, links, self.keyboards)

    def parts(self, answer: Done) -> list[Part]:
        """``answer`` as messages in their order. None where there is nothing to see or press."""
        return self._parts(answer, written)

    def seen(self, answer: Done) -> list[Part]:
        """The same messages with HTML, as people see them there, in the place of the markup."""
        return self._parts(answer, partial(as_html, quote_lead=self.quote_lead))

    def _parts(self, answer: Done, write: Callable[[Sequence[Atom]], str]) -> list[Part]:
        found = self.keys(answer)
        cuts = [each for each in cut(self._atoms(answer, found), self.limits) if _seen(each)]
        if cuts and found.keyboard and found.rows:
            cuts[-1:] = self._with_room_for_buttons(cuts[-1], found.keyboard)
        parts = [Part(write(each), self.plain(each)) for each in cuts]
        if parts and found.keyboard and found.rows:
            opens = found.keyboard.opens
            parts[-1] = replace(parts[-1], buttons=found.rows, opens_a_list=opens)
        return parts

    def _atoms(self, answer: Done, found: Keys) -> list[Atom]:
        writer, blocks = Writer(self), blocks_of(answer.message)
        # Buttons need a text above them.
        writer.blocks(_without(found.shown, blocks) or blocks, Place())
        replies = found.listed
        if not replies and not _seen(writer.atoms):
            replies = tuple(button.label for button in found.shown)
        _cite(writer, answer)
        _list(writer, replies)
        while writer.atoms and not visible(writer.atoms[-1].shown):
            writer.atoms.pop()
        return writer.atoms

    def _with_room_for_buttons(self, last: list[Atom], keyboard: Keyboard) -> list[list[Atom]]:
        """``last`` in two, where a text with buttons may not be as long: its end has them."""
        limits = replace(self.limits, written=min(self.limits.written, keyboard.body))
        *before, end = cut(last, limits)
        return [*([[atom for each in before for atom in each]] if before else []), end]


def _seen(atoms: Sequence[Atom]) -> bool:
    """Whether there is anything to see: channels refuse a message without."""
    return any(visible(atom.shown) for atom in atoms)


def _cite(writer: Writer, answer: Done) -> None:
    """The list of what the answer cites, by the numbers that stand in it."""
    if not answer.citations:
        return
    writer.line(in_bold([Span(_("Sources"))]), Place())
    for passage in answer.citations:
        name = visible(passage.title) or passage.url or f"{passage.number}"
        url = normal_address(passage.url) if is_web(passage.url) else ""
        looks = (Look("link", url),) if url else ()
        writer.line([Span(f"[{passage.number}] "), Span(name, looks)], _BELOW)


def _list(writer: Writer, replies: Sequence[str]) -> None:
    for number, reply in enumerate(replies, 1):
        writer.line([Span(reply)], Place() if number == 1 else _BELOW, marker=f"{number}.")


def _without(buttons: Sequence[Button], blocks: Sequence[Block]) -> list[Block]:
    """``blocks`` but for paragraphs of nothing but links that are ``buttons`` too."""
    urls = {_target(button.url) for button in buttons if button.url}
    return [block for block in blocks if not (urls and _only_links(block, urls))]


def _only_links(block: Block, urls: set[str]) -> bool:
    if block.kind != "paragraph":
        return False
    spans = [span for span in spans_of(block.inline) if span.text.strip()]
    return bool(spans) and all(span.link and _target(span.link.url) in urls for span in spans)


def _target(url: str) -> str:
    """The same for an address however it is quoted."""
    return unquote(normal_address(url))
