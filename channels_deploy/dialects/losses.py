"""What a channel cannot show of an answer, in sentences for whoever builds the assistant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from channels_deploy.dialects.markdown import blocks_of
from channels_deploy.dialects.spans import spans_of
from common.words import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from channels_deploy.dialects.dialect import Dialect
    from channels_deploy.dialects.spans import Span
    from conversations.turn import Done

_FORMATTED = frozenset({"bold", "italic", "strike", "code", "heading", "fence", "code_block"})


def losses(dialect: Dialect, answer: Done) -> list[str]:
    """None where all of it is shown much as on our own pages."""
    return [*_length(dialect, answer), *_looks(dialect, answer), *_buttons(dialect, answer)]


def _length(dialect: Dialect, answer: Done) -> Iterator[str]:
    number = len(dialect.parts(answer))
    if number > 1:
        words = _(
            "%(channel)s takes at most %(most)s characters in a message, so this answer is "
            "sent as %(number)s messages."
        )
        most = min(dialect.limits.shown, dialect.limits.written)
        yield words % {"channel": dialect.label, "most": f"{most:,}", "number": number}


def _looks(dialect: Dialect, answer: Done) -> Iterator[str]:
    channel = {"channel": dialect.label}
    blocks = [block for root in blocks_of(answer.message) for block in root.walk()]
    spans = [span for block in blocks for span in spans_of(block.inline)]
    kinds = {block.kind for block in blocks} | {look.kind for span in spans for look in span.looks}
    if not dialect.formats and kinds & _FORMATTED:
        yield _("%(channel)s: headings, bold and code are sent as plain text.") % channel
    if "table" in kinds:
        yield _("%(channel)s has no tables. A table is sent as lines of text.") % channel
    if "picture" in kinds or any(card["image_url"] for card in answer.cards):
        yield _("%(channel)s gets the address of a picture in place of the picture.") % channel
    hides = dialect.keeps_link("", "https://example.com")
    if not hides and any(map(_hides_an_address, spans)):
        yield _("%(channel)s has no links behind words. Addresses are written out.") % channel


def _buttons(dialect: Dialect, answer: Done) -> Iterator[str]:
    keys = dialect.keys(answer)
    replies = sum(not button.url for button in keys.shown)
    if keys.listed:
        words = _(
            "%(channel)s shows %(shown)s of %(all)s suggested replies as buttons. All of them are "
            "written out, with numbers."
        )
        yield words % {"channel": dialect.label, "shown": replies, "all": len(keys.listed)}
    left = len({link["url"] for link in answer.links} - {button.url for button in keys.shown})
    if left:
        words = _("%(channel)s shows %(number)s link buttons of this answer as links in the text.")
        yield words % {"channel": dialect.label, "number": left}


def _hides_an_address(span: Span) -> bool:
    return span.link is not None and span.text not in span.link.url
