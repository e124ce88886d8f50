"""What pages and API clients are told of a draft's test questions and how they were answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from knowledge.beside import runs
from knowledge.draft_settings import IncompleteSettingsError
from knowledge.evaluation.questions import questions_of
from knowledge.questions import comparing, evaluating

if TYPE_CHECKING:
    from collections.abc import Sequence

    from drafts.draft import Draft
    from drafts.jobs import Job
    from knowledge.beside.runs import Outcome, Run
    from knowledge.evaluation.figures import Comparison, Figures
    from knowledge.evaluation.questions import Question


@dataclass(frozen=True)
class Row:
    """A question with what it found."""

    question: Question
    outcome: Outcome
    k: int

    @property
    def is_found(self) -> bool:
        """Whether the answer is among the passages that an assistant would read."""
        return self.outcome.rank is not None and self.outcome.rank <= self.k


@dataclass(frozen=True)
class ShownRun:
    """A run with its figures and when it was."""

    run: Run
    figures: Figures
    at: datetime


@dataclass(frozen=True)
class Told:
    """``run`` is the newest that fits the draft, else the newest; ``unasked`` questions are new
    since. ``version`` is what ``comparison`` compares with."""

    job: Job | None
    questions: int
    run: ShownRun | None
    fits: bool
    rows: Sequence[Row]
    unasked: int
    comparison: Comparison | None
    version: int | None
    earlier: Sequence[ShownRun]

    @property
    def missed(self) -> int:
        return sum(not row.is_found for row in self.rows)

    @property
    def answered(self) -> int:
        return len(self.rows) - self.missed

    @property
    def lost_recall(self) -> bool:
        return self.comparison is not None and "recall" in self.comparison.losses

    @property
    def lost_mrr(self) -> bool:
        return self.comparison is not None and "mrr" in self.comparison.losses

    @property
    def lost_ndcg(self) -> bool:
        return self.comparison is not None and "ndcg" in self.comparison.losses


def told(draft: Draft) -> Told:
    """How the draft's evaluation is now."""
    questions = questions_of(draft.data)
    found = runs.runs(draft.id)
    current = _current(draft)
    newest = current or next(iter(found), None)
    run = newest.of(questions) if newest else None
    version, comparison = _compared(draft, run)
    rows = _rows(questions, run) if run else []
    return Told(
        job=evaluating.looked_after(draft),
        questions=len(questions),
        run=_shown(run) if run else None,
        fits=current is not None,
        rows=rows,
        unasked=len(questions) - len(rows),
        comparison=comparison,
        version=version,
        earlier=[shown for each in found if (shown := _shown(each))],
    )


def _current(draft: Draft) -> Run | None:
    try:
        return evaluating.current(draft)
    except IncompleteSettingsError:
        return None


def _compared(draft: Draft, run: Run | None) -> tuple[int | None, Comparison | None]:
    before = comparing.before(draft) if run else None
    if run is None or before is None:
        return None, None
    return before.release.number, comparing.comparison(run, before)


def _rows(questions: Sequence[Question], run: Run) -> list[Row]:
    """What was asked, the misses first, then what was found last."""
    rows = [
        Row(question, run.outcomes[question.fingerprint], run.k)
        for question in questions
        if question.fingerprint in run.outcomes
    ]
    return sorted(rows, key=lambda row: -(row.outcome.rank or 1000))


def _shown(run: Run) -> ShownRun | None:
    figures = run.figures
    return ShownRun(run, figures, datetime.fromtimestamp(run.at, UTC)) if figures else None
