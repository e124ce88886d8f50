"""The test questions of a draft, as a run asks them. Pure."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import orjson

from common.plain_text import in_order
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


def stored(patch: dict[str, Any]) -> dict[str, Any]:
    """A patch of a document, what its questions say without what changes the order in which it is
    shown. They may come as a list, or by id."""
    given = patch.get("test_questions")
    if isinstance(given, list):
        kept: Any = [_stored(each) for each in given]
    elif isinstance(given, dict):
        kept = {key: _stored(each) for key, each in given.items()}
    else:
        return patch
    return patch | {"test_questions": kept}


def _stored(question: Any) -> Any:
    """Whatever it is: its types are checked afterwards."""
    if not isinstance(question, dict):
        return question
    said = {name: question.get(name) for name in ("question", "expected")}
    return question | {name: in_order(text) for name, text in said.items() if isinstance(text, str)}


def questions_of(data: Mapping[str, Any]) -> list[Question]:
    """The questions of a document that are whole; half-written ones are not asked yet."""
    given: Iterable[Mapping[str, Any]] = data.get("test_questions") or ()
    found = (
        Question(
            str(each.get("id")),
            in_order(str(each.get("question") or "")).strip(),
            in_order(str(each.get("expected") or "")).strip(),
            str(each.get("source_id") or ""),
        )
        for each in given
    )
    return [each for each in found if each.question and each.expected]
