"""Written text as HTML: what each of the channel's marks makes of it, in the place of the mark."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING

from channels_deploy.dialects.atoms import written

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from channels_deploy.dialects.atoms import Atom, Mark

# The beginning of each, as a kind of mark may say more of itself ("italic within a word").
_TAGS = {
    "bold": "strong",
    "italic": "em",
    "strike": "s",
    "code": "code",
    "heading": "strong",
    "fence": "pre",
    "quote": "blockquote",
}
# Channels draw a bar beside what is quoted.
BAR = "▎ "


def as_html(atoms: Iterable[Atom], *, quote_lead: str = "") -> str:
    """``atoms`` with their lines as they are; whoever shows it keeps white space."""
    return written(_changed(atoms, quote_lead))


def _changed(atoms: Iterable[Atom], quote_lead: str) -> Iterator[Atom]:
    marks: dict[Mark, Mark] = {}
    for atom in atoms:
        for mark in atom.marks:
            if mark not in marks:
                marks[mark] = _mark(mark)
        yield replace(
            atom,
            written=escape(atom.shown),
            marks=tuple(marks[mark] for mark in atom.marks),
            gap=_space(atom.gap, quote_lead),
            lead=_space(atom.lead, quote_lead),
        )


def _mark(mark: Mark) -> Mark:
    if mark.kind == "link":
        return replace(mark, opening=f'<a href="{escape(mark.url)}">', closing="</a>")
    tag = _TAGS.get(mark.kind.partition(" ")[0], "")
    return replace(mark, opening=f"<{tag}>" if tag else "", closing=f"</{tag}>" if tag else "")


def _space(text: str, quote_lead: str) -> str:
    return escape(text.replace(quote_lead, BAR) if quote_lead else text)
