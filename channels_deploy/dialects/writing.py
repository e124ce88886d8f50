"""Writes blocks of Markdown in a channel's dialect, in pieces between which they may be cut."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from channels_deploy.dialects.atoms import Atom, Border, Mark
from channels_deploy.dialects.spans import Look, Span, in_bold, spans_of
from channels_deploy.dialects.tables import aligned, joined

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from channels_deploy.dialects.dialect import Dialect
    from channels_deploy.dialects.markdown import Block

# Short enough for a part of any channel, with its markup.
_LONGEST_PIECE = 64
# What belongs to the character before it: accents, joined emoji and their colours.
_JOINED = r"(?:[\u0300-\u036f\ufe00-\ufe0f\U0001f3fb-\U0001f3ff]|\u200d.){0,8}"
_PIECE = re.compile(
    rf"\n|[^\S\n]+|[^\s。！？]{{1,{_LONGEST_PIECE}}}{_JOINED}[。！？]?|[。！？]"  # noqa: RUF001
)
_CODE = re.compile(rf"\s{{0,{_LONGEST_PIECE}}}\S{{1,{_LONGEST_PIECE}}}{_JOINED}|\s{{1,64}}")
_ENDS_A_SENTENCE = re.compile(r"[.!?…:;。！？]['\")\]»”’*_]*\Z")  # noqa: RUF001
_WIDE_ENDS = ("。", "！", "？")  # noqa: RUF001
_LANGUAGE = re.compile(r"[\w+#.-]{1,32}")
# Deeper lists stand no further to the right.
_MOST_INDENT = 12
RULE = "———"


@dataclass(frozen=True)
class Place:
    """Where a block stands: ``lead`` and ``indent`` begin its lines, ``marks`` are around it.
    ``blank`` says whether an empty line parts blocks, ``border`` how good a place to cut is
    between them."""

    lead: str = ""
    indent: str = ""
    marks: tuple[Mark, ...] = ()
    border: Border = Border.BLOCK
    blank: bool = True

    def within(self) -> Place:
        return replace(self, border=Border(min(self.border + 1, Border.LINE)))


class Writer:
    """``atoms`` are what was written."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self.atoms: list[Atom] = []
        self._place = Place()
        # The border before the next atom, and what is on the line between, if that begins a line.
        self._line: tuple[Border, str | None] | None = (Border.BLOCK, None)
        self._space = ""
        self._after_marker = False
        self._marks: dict[Look, Mark | None] = {}

    def blocks(self, blocks: Iterable[Block], place: Place) -> None:
        after_heading = False
        for block in blocks:
            # A heading stays with what it is above of, if a part can hold both.
            self._block(block, place, Border.LINE if after_heading else place.border)
            after_heading = block.kind == "heading"

    def line(
        self, spans: Iterable[Span], place: Place, border: Border | None = None, marker: str = ""
    ) -> None:
        """A line of its own, or a paragraph."""
        self._begin(place, place.border if border is None else border)
        if marker:
            self._mark_entry(marker)
        self._text(spans, place.marks)

    def _block(self, block: Block, place: Place, border: Border) -> None:
        match block.kind:
            case "paragraph":
                self.line(spans_of(block.inline), place, border)
            case "heading":
                self._heading(block, place, border)
            case "bullet_list" | "ordered_list":
                self._list(block, place, border)
            case "blockquote":
                self._quote(block, place, border)
            case "fence" | "code_block":
                lines = block.token.content.rstrip("\n").split("\n")
                self._code(lines, place, border, language=_language(block.token.info))
            case "table":
                self._table(block, place, border)
            case "hr":
                self.line([Span(RULE)], place, border)

    def _heading(self, block: Block, place: Place, border: Border) -> None:
        spans = spans_of(block.inline)
        mark = _of("heading", self.dialect.heading(int(block.token.tag[1])))
        if mark:
            self.line(spans, replace(place, marks=(*place.marks, mark)), border)
        else:
            self.line(in_bold(spans), place, border)

    def _list(self, block: Block, place: Place, border: Border) -> None:
        number = int(block.token.attrs.get("start", 1))
        for at, item in enumerate(block.children):
            self._begin(place, border)
            bullet = block.kind == "bullet_list"
            marker = self.dialect.bullet if bullet else f"{number + at}."
            self._mark_entry(marker)
            indent = place.indent + " " * (len(marker) + 1)
            tight = replace(place.within(), indent=indent[:_MOST_INDENT], blank=False)
            self.blocks(item.children, tight)
            self._after_marker = False
            place, border = replace(place, blank=False), place.within().border

    def _quote(self, block: Block, place: Place, border: Border) -> None:
        self._after_marker = False
        self._begin(place, border)
        inside = replace(place.within(), blank=True)
        mark = _of("quote", self.dialect.quote())
        # No channel shows a quotation within a quotation.
        if mark and not place.marks:
            inside = replace(inside, marks=(mark,))
        elif not place.lead:
            inside = replace(inside, lead=self.dialect.quote_lead)
        self.blocks(block.children, inside)

    def _table(self, block: Block, place: Place, border: Border) -> None:
        rows = [
            [self._cell(cell) for cell in row.children]
            for part in block.children
            for row in part.children
        ]
        monospaced = self.dialect.fence("", "")
        lines = aligned(rows) if monospaced else joined(rows)
        self._code(lines, place, border, escaped=not monospaced)

    def _cell(self, cell: Block) -> str:
        if not cell.inline:
            return ""  # of which a short text may have thousands
        spans = self.dialect.written_out(spans_of(cell.inline), keep=False)
        return " ".join("".join(span.text for span in spans).split())

    def _code(
        self,
        lines: Sequence[str],
        place: Place,
        border: Border,
        *,
        language: str = "",
        escaped: bool = False,
    ) -> None:
        if not any(map(str.strip, lines)):
            return
        mark = _of("fence", self.dialect.fence(language, place.lead))
        marks = (*place.marks, mark) if mark else place.marks
        write = self.dialect.escaped if escaped else self.dialect.code
        self._after_marker = False
        for line in lines:
            self._begin(replace(place, indent=""), border)
            for piece in _CODE.findall(self.dialect.line_of_code(line)) or [""]:
                self._space = ""
                glued = Border.WORD if piece[:1].isspace() else Border.INNER
                self._add(write(piece), piece, marks, glued)
            place, border = replace(place, blank=False), Border.LINE

    def _begin(self, place: Place, border: Border) -> None:
        """The next atom begins a line, unless it stands behind the marker of its entry."""
        self._place = place
        if not self._after_marker and self._line is None:
            self._line = border, place.lead if place.blank else None
        self._space = ""

    def _mark_entry(self, marker: str) -> None:
        self._add(marker, marker, self._place.marks, Border.WORD)
        self._after_marker = True

    def _text(self, spans: Iterable[Span], marks: tuple[Mark, ...]) -> None:
        for span in self.dialect.prepared(spans):
            own = (*marks, *self._marks_of(span))
            write = self.dialect.writing(span)
            for piece in _PIECE.findall(self.dialect.text_of(span)):
                if piece == "\n":
                    self._begin(replace(self._place, blank=False), Border.LINE)
                elif piece.isspace():
                    self._space = piece if span.is_("code") else " "
                else:
                    self._add(write(piece), piece, own, self._border())

    def _border(self) -> Border:
        before = self.atoms[-1].shown if self.atoms else ""
        if before.endswith(_WIDE_ENDS):
            return Border.SENTENCE
        if not self._space:
            return Border.INNER
        return Border.SENTENCE if _ENDS_A_SENTENCE.search(before) else Border.WORD

    def _add(self, written: str, shown: str, marks: tuple[Mark, ...], border: Border) -> None:
        gap, place = self._space, self._place
        if self._after_marker:
            gap, border = " ", Border.INNER
        elif self._line:
            border, between = self._line
            blank = "" if between is None else f"{between}\n"
            gap = f"\n{blank}{place.lead}{place.indent}"
        self.atoms.append(Atom(written, shown, marks, border, gap, place.lead))
        self._line, self._space, self._after_marker = None, "", False

    def _marks_of(self, span: Span) -> list[Mark]:
        for look in span.looks:
            if look not in self._marks:
                self._marks[look] = _of(look.kind, self.dialect.mark(look), look.url)
        return [mark for look in span.looks if (mark := self._marks[look])]


def _of(kind: str, mark: Mark | None, url: str = "") -> Mark | None:
    return replace(mark, kind=kind, url=url) if mark else None


def _language(info: str) -> str:
    """The language that a block of code says it is in."""
    name = info.partition(" ")[0]
    return name if _LANGUAGE.fullmatch(name) else ""
