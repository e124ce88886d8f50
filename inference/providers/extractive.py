"""No language model: quotes the sentences of the passages that bear most on the question."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from math import log, sqrt
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inference.client import Delta, Finished
from inference.grounding import says_nothing_found, sources_of
from inference.providers.base import Provider, not_configured

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence

    from inference.client import Completion, Item
    from inference.grounding import Source

QUOTES = 3
LONGEST_QUOTE = 400
_SENTENCE = re.compile(r"(?<=[.!?…。！？])\s+|\n+")  # noqa: RUF001 (other scripts end sentences too)
_WORD = re.compile(r"\w+")
# Between the cells of a table's row.
_CELLS = re.compile(r"\s*\|\s*")
# What nearly every question holds and no question is about.
_COMMON = frozenset(
    _WORD.findall(
        "a an and are can do does for how i in is it me my of on or the to was what when where "
        "which who why will with you your"
    )
)


@dataclass(frozen=True)
class Quote:
    """A sentence of a passage. ``place`` is where it stands, to quote in reading order."""

    number: int
    place: int
    text: str
    score: float = 0.0


class Extractive(Provider):
    name = "extractive"
    label = gettext_lazy("No language model (quotes the knowledge base)")

    def ready(self) -> bool:
        return True

    def client(self, values: Mapping[str, str]) -> Quoting:
        return Quoting()

    async def models(self, values: Mapping[str, str]) -> tuple[str, ...]:
        return ()


class Quoting:
    """A ``ModelClient`` that answers from the passages of the prompt alone. ``public``: whoever
    reads it can do nothing about there being no model."""

    generates = False

    def __init__(self, *, public: bool = False) -> None:
        self._public = public

    async def stream(self, completion: Completion) -> AsyncIterator[Item]:
        if completion.tools:
            raise not_configured(_("No language model is configured, and quotes use no tools."))
        question = completion.messages[-1].content if completion.messages else ""
        messages = completion.messages
        found_nothing = says_nothing_found(messages)
        write = _reply_to_visitor if self._public else _reply_to_owner
        yield Delta(write(question, sources_of(messages), found_nothing=found_nothing))
        yield Finished(model=Extractive.name)


def _reply_to_owner(question: str, sources: Sequence[Source], *, found_nothing: bool) -> str:
    """Quotes with their numbers, and the plain truth about who is answering. ``found_nothing``: a
    knowledge base was asked, and nothing in it fits."""
    note = _(
        "No language model is configured. Set LLM_BASE_URL on the server, or add a key under "
        "Settings > Credentials."
    )
    if not sources and not found_nothing:
        return note
    quotes = best_quotes(question, sources)
    return f"{_quoted(quotes)}\n\n_{note}_" if quotes else f"{_nothing_matches()}\n\n{note}"


def _reply_to_visitor(question: str, sources: Sequence[Source], *, found_nothing: bool) -> str:
    """The same without what only whoever keeps the assistant can do something about; quotes are
    still told from an answer."""
    if not sources and not found_nothing:
        return _("This assistant is not available at the moment.")
    quotes = best_quotes(question, sources)
    note = _("Quoted from the knowledge base.")
    return f"{_quoted(quotes)}\n\n_{note}_" if quotes else _nothing_matches()


def _quoted(quotes: Sequence[Quote]) -> str:
    return "\n\n".join(f"{quote.text} [{quote.number}]" for quote in quotes)


def _nothing_matches() -> str:
    return _("Nothing in the knowledge base matches this question.")


def best_quotes(question: str, sources: Sequence[Source]) -> list[Quote]:
    """The sentences that share the question's rarer words, in reading order."""
    sentences = _sentences(sources)
    rarity = _rarity([_words(quote.text) for quote in sentences])
    asked = _words(question) - _COMMON
    scored = [
        Quote(quote.number, quote.place, quote.text, _score(asked, _words(quote.text), rarity))
        for quote in sentences
    ]
    best = sorted((quote for quote in scored if quote.score), key=lambda q: -q.score)[:QUOTES]
    return sorted(best, key=lambda quote: quote.place)


def _sentences(sources: Sequence[Source]) -> list[Quote]:
    parts = [
        (source.number, part.strip())
        for source in sources
        for part in _SENTENCE.split(source.text)
        if _says_something(part.strip())
    ]
    unique: dict[str, int] = {}
    for number, text in parts:
        unique.setdefault(text[:LONGEST_QUOTE], number)
    return [
        Quote(number, place, _CELLS.sub(" · ", text.strip("| ")))
        for place, (text, number) in enumerate(unique.items())
    ]


def _says_something(line: str) -> bool:
    """Whether it may answer: a heading asks, and what rules off a table says nothing."""
    return not line.startswith("#") and any(map(str.isalnum, line))


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.casefold()))


def _rarity(texts: Sequence[frozenset[str]]) -> dict[str, float]:
    seen = Counter(word for words in texts for word in words)
    return {word: log(1 + len(texts) / count) for word, count in seen.items()}


def _score(asked: frozenset[str], words: frozenset[str], rarity: Mapping[str, float]) -> float:
    return sum(rarity[word] for word in asked & words) / sqrt(len(words) or 1)
