"""The text that stands for a chunk in the index: indexing and trying a question use the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from inference.embedding import Tokenizer

# The model reads 256 tokens: a chunk of the default size is read to its end behind so many, and a
# line of context.
MOST_BEFORE = 40
MOST_PER_LINE = 20
BEGINNING = 500


class Chunk(Protocol):
    """A chunk that was just cut, or one that is in an index."""

    @property
    def text(self) -> str: ...

    @property
    def question(self) -> str: ...

    @property
    def headings(self) -> Sequence[str]: ...


def embedded_text(
    document_title: str, chunk: Chunk, tokenizer: Tokenizer, context: str = ""
) -> str:
    """The chunk's text behind the document's title, its ``context``, which is what people say it
    is, and the headings that lead to it, or behind the question that it goes on answering. Of many
    headings the innermost are taken; what the text itself begins with is not said twice."""
    room = MOST_BEFORE
    title = _shortened(document_title, tokenizer, min(room, MOST_PER_LINE))
    room -= tokenizer.count(title)
    inner: list[str] = []
    for line in _innermost_first(document_title, chunk):
        short = _shortened(line, tokenizer, min(room, MOST_PER_LINE))
        if not short:
            break
        room -= tokenizer.count(short)
        inner.append(short)
    about = _shortened(context, tokenizer, MOST_PER_LINE)
    lines = [title, about, *reversed(inner), chunk.text]
    return "\n".join(line for line in lines if line)


def _innermost_first(document_title: str, chunk: Chunk) -> Iterator[str]:
    seen = {_plain(document_title)}
    beginning = _plain(chunk.text[:BEGINNING])
    for line in (chunk.question, *reversed(chunk.headings)):
        plain = _plain(line)
        if plain and plain not in seen and plain not in beginning:
            seen.add(plain)
            yield line


def _plain(line: str) -> str:
    return " ".join(line.split()).casefold()


def _shortened(text: str, tokenizer: Tokenizer, tokens: int) -> str:
    """The beginning of ``text`` on one line, in at most so many tokens."""
    line = " ".join(text[:1000].split())
    offsets = tokenizer.offsets(line)
    return (
        line[: offsets[tokens - 1][1]] if 0 < tokens < len(offsets) else line if tokens > 0 else ""
    )
