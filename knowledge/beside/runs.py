"""Runs of a draft's test questions, the newest first, in the file ``evaluation.json`` beside it."""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

import orjson

from knowledge.beside import files
from knowledge.evaluation.figures import Figures, figures_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from knowledge.evaluation.questions import Question

MOST = 10


@dataclass(frozen=True)
class Outcome:
    """At which rank the first right passage was, None where there was none or a chatbot would not
    answer from what was found; and the beginning of the passage that was found first, empty where
    none fits, None where that was not kept."""

    rank: int | None
    best: str | None = None


@dataclass(frozen=True)
class Run:
    """What the questions found, by their fingerprints, while ``setup`` was the draft's: the key of
    all that the ranking depends on. ``at`` are seconds since 1970; ``version`` is that of the
    release that the run came along with, ``attempt`` that of the job that asked the questions."""

    setup: str
    k: int
    at: float
    outcomes: Mapping[str, Outcome] = field(default_factory=dict)
    version: int | None = None
    attempt: str = ""

    @property
    def ranks(self) -> dict[str, int | None]:
        return {key: outcome.rank for key, outcome in self.outcomes.items()}

    @property
    def figures(self) -> Figures | None:
        """Over all questions that were asked."""
        return figures_of(self.ranks.values(), self.k)

    def of(self, questions: Iterable[Question]) -> Run:
        """The run with those outcomes alone that are about ``questions``."""
        wanted = {question.fingerprint for question in questions}
        kept = {key: each for key, each in self.outcomes.items() if key in wanted}
        return replace(self, outcomes=kept)


def runs(draft_id: str) -> list[Run]:
    """The runs that are kept, the newest first."""
    try:
        held = orjson.loads(_path(draft_id).read_bytes())
    except OSError:
        return []
    return [_run(each) for each in held]


def keep(draft_id: str, run: Run) -> None:
    """Put ``run`` before the others; of those the figures count, not what was found in place. It
    takes the place of one of the same attempt, whose worker was killed before it could say so."""
    others = (each for each in runs(draft_id) if not run.attempt or each.attempt != run.attempt)
    earlier = [replace(each, outcomes=_bare(each)) for each in others]
    _write(draft_id, [run, *earlier][:MOST])


def _bare(run: Run) -> dict[str, Outcome]:
    return {key: Outcome(outcome.rank) for key, outcome in run.outcomes.items()}


def _write(draft_id: str, kept: Sequence[Run]) -> None:
    path = _path(draft_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{secrets.token_hex(8)}.part")
    partial.write_bytes(orjson.dumps([asdict(run) for run in kept]))
    partial.replace(path)


def _path(draft_id: str) -> Path:
    return files.folder_of(draft_id) / "evaluation.json"


def _run(held: dict[str, Any]) -> Run:
    outcomes = {key: Outcome(**each) for key, each in held["outcomes"].items()}
    return Run(**held | {"outcomes": outcomes})
