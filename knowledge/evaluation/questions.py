"""The test questions of a draft, as a run asks them. Pure."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import orjson

from knowledge.evaluation.matching import holds

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True)
class Question:
    """A question and what a passage that answers it says."""

    id: str
    question: str
    expected: str
    source_id: str = ""

    @cached_property
    def fingerprint(self) -> str:
        """Of all that decides whether a passage is right, so that versions can be compared."""
        made_of = [self.question, self.expected, self.source_id]
        return hashlib.sha256(orjson.dumps(made_of)).hexdigest()[:16]

    def is_answered_by(self, text: str, source_id: str) -> bool:
        """Whether a passage of a source is a right one."""
        return self.source_id in ("", source_id) and holds(text, self.expected)


def questions_of(data: Mapping[str, Any]) -> list[Question]:
    """The questions of a document that are whole; half-written ones are not asked yet."""
    given: Iterable[Mapping[str, Any]] = data.get("test_questions") or ()
    found = (
        Question(
            str(each.get("id")),
            str(each.get("question") or "").strip(),
            str(each.get("expected") or "").strip(),
            str(each.get("source_id") or ""),
        )
        for each in given
    )
    return [each for each in found if each.question and each.expected]
