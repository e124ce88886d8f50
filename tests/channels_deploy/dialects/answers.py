"""Answers for the tests of dialects: by hand, and made at random."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from channels_deploy.dialects import DIALECTS, dialect_of
from conversations.turn import Done

if TYPE_CHECKING:
    from channels_deploy.dialects import Part

NAMES = sorted(DIALECTS)


def parts(channel: str, message: str) -> list[Part]:
    return dialect_of(channel).parts(Done(message))


def text(channel: str, message: str) -> str:
    """``message`` where it is one part."""
    (part,) = parts(channel, message)
    return part.text


# Everything that means something to one of the channels, or to Markdown.
SIGNS = st.sampled_from(
    [
        *"*_~`<>&#|[]()!\\-+.:@\"'=\n \t",
        *("**", "~~", "```", "||", "](", "> ", "- ", "1. ", "\n\n", "@everyone", "<@123>"),
        *("https://x.example/a_b", "</b>", "&lt;", "word", "é", "👩\u200d👩", "中。"),
    ]
)
NOISE = st.lists(SIGNS, max_size=120).map("".join) | st.text(max_size=300)
LONG_NOISE = st.builds(
    lambda piece, times: (piece * times)[:16_000], NOISE, st.sampled_from([1, 1, 5, 50])
)

_WORDS = st.lists(
    st.sampled_from(["alpha", "b", "gamma.", "so-and-so", "x" * 90, "9"]), max_size=40
)


def _line(words: list[str]) -> str:
    return " ".join(words) or "nothing"


_LINES = _WORDS.map(_line)
_INLINE = st.one_of(
    _LINES,
    *(_LINES.map(mark.format) for mark in ("**{}**", "*{}*", "~~{}~~", "[{}](https://x.example)")),
)
_BLOCKS = st.one_of(
    _INLINE,
    _LINES.map("## {}".format),
    st.lists(_INLINE, min_size=1, max_size=8).map(lambda e: "\n".join(f"- {i}" for i in e)),
    st.lists(_INLINE, min_size=1, max_size=8).map(lambda e: "\n".join(f"1. {i}" for i in e)),
    st.lists(_LINES, min_size=1, max_size=8).map(lambda e: "\n".join(f"> {i}" for i in e)),
    st.lists(_LINES, min_size=1, max_size=30).map(lambda e: "```py\n" + "\n".join(e) + "\n```"),
)
# Markdown of which one knows what is to be read, by numbers that each word is given.
DOCUMENTS = st.lists(_BLOCKS, min_size=1, max_size=8).map("\n\n".join)
