"""Whether what was found bears on a question at all, where nobody said from which relevance on.
Pure.

Measured with the built-in embedding model (``manage.py evaluate_retrieval``): of the questions that
a base answers, 99.7 % (CLAPNQ) and 99.6 % (a list of questions and answers) find a passage of at
least this relevance; of another set's questions, 53 % to 91 % find none. What passes nevertheless
is left to the model, which is told to say so where the passages do not answer; nothing makes good
for an answer that was held back, so this is lower than where both would be equally often wrong.
Questions close to a base's subject that it does not answer need a threshold of one's own. Other
models' cosines lie elsewhere, and words alone say too little.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

from inference.embedders.local import LOCAL
from knowledge.index.lookup import Method

if TYPE_CHECKING:
    from collections.abc import Sequence

LEAST_RELEVANCE = 0.25


class Relevant(Protocol):
    """Something that was found."""

    @property
    def relevance(self) -> float: ...


FoundT = TypeVar("FoundT", bound=Relevant)


def is_judged(method: Method, threshold: float | None, space: str) -> bool:
    """Whether ``LEAST_RELEVANCE`` counts for what was found: nobody set a ``threshold``, which has
    seen to that, and the vectors' ``space`` is of the model that it was measured with."""
    return threshold is None and method != Method.KEYWORD and space == LOCAL.id


def fitting(hits: Sequence[FoundT], *, judged: bool = True) -> Sequence[FoundT]:
    """What a chatbot answers from: all of ``hits`` when they are not ``judged`` or the best of them
    is relevant enough to be an answer, else none. The others are not judged one by one: beside one
    that fits, they complete it."""
    best = max((hit.relevance for hit in hits), default=0)
    return hits if not judged or best >= LEAST_RELEVANCE else ()
