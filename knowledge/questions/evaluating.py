"""Asks a draft its own test questions, in the background, and keeps how well they were answered.

A run is of one setup: the chunks and all that ranks them. While the draft still has that setup the
run fits it, and goes with it into the release; a question that was changed or added since counts
from the next run on.
"""

from __future__ import annotations

import hashlib
import logging
import time
from dataclasses import asdict, dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Any

import orjson
from celery import current_app
from django.utils.translation import gettext as _

from common import crash
from common.lost_workers import LostWorkersError
from common.problems import conflict
from drafts import jobs
from drafts.access import kept
from drafts.address import Address
from drafts.jobs import DONE, FAILED
from inference.embedding import EmbeddingError
from knowledge.beside import runs
from knowledge.beside.runs import Outcome, Run
from knowledge.draft_settings import IncompleteSettingsError, retrieval_of
from knowledge.embedding import embedder_for, space_of
from knowledge.evaluation.figures import AT
from knowledge.evaluation.questions import questions_of
from knowledge.index.lookup import Method
from knowledge.kind import KIND
from knowledge.retrieval.fitting import fitting, is_judged
from knowledge.trying import preparing
from knowledge.trying.asking import asked, chunks_of, searchable
from knowledge.trying.parts import parts_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from uuid import UUID

    from drafts.draft import Draft
    from drafts.jobs import Job
    from knowledge.evaluation.questions import Question
    from knowledge.trying.asking import Searchable, Try, Vector

logger = logging.getLogger(__name__)
JOB = "evaluation"
TASK = "knowledge.tasks.evaluate"
# Raised when the same chunks would be ranked or judged in another way: runs before and after say
# nothing about each other.
RANKING = 2
# Questions that are embedded in one go.
BATCH = 16
# Seconds after which a worker lets others have their turn, and between two words of progress.
TURN = 60
PAUSE = 0.5
SNIPPET = 200


class UnpreparedError(Exception):
    """The draft is still being cut and embedded."""


class UnaskableError(Exception):
    """The questions cannot be asked; the message says why."""


def begin(draft: Draft) -> Job:
    """Have the draft's questions asked. 409 when there is none, they are being asked, or the
    draft's settings are not complete."""
    before = looked_after(draft)
    if before and before.is_running:
        raise conflict(_("The questions are being asked already."))
    if not questions_of(draft.data):
        raise conflict(_("There is no test question yet. Add one, with what a passage must say."))
    setup_of(draft)
    begun = jobs.begin(draft.id, JOB, {})
    _wake(draft.workspace_id, draft.id, begun.attempt)
    return begun


def stop(draft_id: str) -> None:
    """End the run where it is; nothing of it is kept. 409 when there is none."""
    if jobs.stop(draft_id, JOB) is None:
        raise conflict(_("The questions are not being asked."))


def looked_after(draft: Draft) -> Job | None:
    """How far the run is; one that nobody works on any more is given to another worker."""
    found = jobs.job(draft.id, JOB)
    if found and found.is_running and jobs.is_left_alone(draft.id, JOB):
        _wake(draft.workspace_id, draft.id, found.attempt)
    return found


def current(draft: Draft) -> Run | None:
    """The newest run of the draft as it is, with the questions that it has now. Raises
    ``IncompleteSettingsError`` where nothing can fit it."""
    found = runs.runs(draft.id)
    questions = questions_of(draft.data) if found else []
    if not questions:
        return None
    setup = setup_of(draft)
    run = next((run.of(questions) for run in found if run.setup == setup), None)
    return run if run and run.outcomes else None


def setup_of(draft: Draft) -> str:
    """The key of all that decides what a question finds. Raises ``IncompleteSettingsError``."""
    parts = [
        [
            part.source_id,
            part.key,
            part.name,
            part.context,
            (part.annotations or {}).get("importance") or "normal",
            [asdict(edit) for edit in part.edits],
        ]
        for part in parts_of(draft)
    ]
    made_of = [RANKING, parts, retrieval_of(draft).model_dump(mode="json")]
    return hashlib.sha256(orjson.dumps(made_of)).hexdigest()[:32]


def run(workspace_id: UUID, draft_id: str, attempt: str) -> None:
    """Ask the questions, or go on asking. In a worker; safe to run twice."""
    job = jobs.job(draft_id, JOB)
    if job is None or job.attempt != attempt or not job.is_running:
        return
    with jobs.held(draft_id, JOB) as mine:
        pause = _run(workspace_id, draft_id, job) if mine else None
    if pause is not None:
        _wake(workspace_id, draft_id, attempt, pause)


def _run(workspace_id: UUID, draft_id: str, job: Job) -> int | None:
    """After how many seconds to go on; None when there is nothing left to do. Whatever goes wrong
    is told with the job."""
    try:
        with jobs.counted(draft_id, job, JOB):
            return _asked(workspace_id, draft_id, job)
    except UnpreparedError:
        return 1
    except (UnaskableError, EmbeddingError, LostWorkersError) as error:
        jobs.write(draft_id, JOB, job.ended(FAILED, str(error)))
    except IncompleteSettingsError as problem:
        jobs.write(draft_id, JOB, job.ended(FAILED, problem.detail))
    except Exception:
        # Whatever it was: the person is told, the worker goes on with other drafts.
        logger.exception("evaluating %s failed", draft_id)
        words = _("Something went wrong on our side. Try again.")
        jobs.write(draft_id, JOB, job.ended(FAILED, words))
    return None


def _asked(workspace_id: UUID, draft_id: str, job: Job) -> int | None:
    draft = kept(Address(KIND, draft_id, workspace_id))
    if draft is None:
        return None
    going = _Run(draft, _prepared(draft), job)
    return going.carry_out()


def _prepared(draft: Draft) -> Searchable:
    """The draft's chunks, all of them with their vectors."""
    preparing.run(draft.workspace_id, draft.id)
    found = searchable(draft)
    if found and found.is_whole:
        return found
    if preparing.is_running(draft.id) or chunks_of(draft).waiting:
        raise UnpreparedError
    progress = preparing.progress(draft.id)
    if progress and progress.error:
        raise UnaskableError(progress.error)
    if found is None:
        raise UnaskableError(_("There is nothing to search yet. Add a source, or wait for it."))
    raise UnpreparedError


@dataclass
class _Run:
    """One turn at asking the questions; what earlier turns found is in the job."""

    draft: Draft
    chunks: Searchable
    job: Job
    told_at: float = 0.0

    def carry_out(self) -> int | None:
        began, setup = time.monotonic(), setup_of(self.draft)
        questions = questions_of(self.draft.data)
        found = self._earlier(setup)
        left = [each for each in questions if each.fingerprint not in found]
        for question, vector in self._with_vectors(left):
            found[question.fingerprint] = self._outcome(question, vector)
            if not self._tell(setup, found, len(questions)):
                return None
            crash.point("evaluating.asked")
            if time.monotonic() - began > TURN:
                return 0 if self._tell(setup, found, len(questions), now=True) else None
        self._keep(setup, {q.fingerprint: found[q.fingerprint] for q in questions})
        return None

    def _earlier(self, setup: str) -> dict[str, Outcome]:
        data: Any = self.job.data
        if data.get("setup") != setup:
            return {}
        return {key: Outcome(**each) for key, each in data["outcomes"].items()}

    def _with_vectors(
        self, questions: Sequence[Question]
    ) -> Iterator[tuple[Question, Vector | None]]:
        if self._method == Method.KEYWORD:
            yield from ((question, None) for question in questions)
            return
        embedder = embedder_for(self.draft.workspace_id, self._embedding)
        for start in range(0, len(questions), BATCH):
            batch = questions[start : start + BATCH]
            vectors = embedder.embed([asked(question.question) for question in batch])
            yield from zip(batch, vectors, strict=True)

    def _outcome(self, question: Question, vector: Vector | None) -> Outcome:
        best = ""
        for rank, hit in enumerate(self._hits(question, vector), 1):
            best = best or f"{hit.title[:SNIPPET]}: {' '.join(hit.text.split())[:SNIPPET]}"
            if question.is_answered_by(hit.text, hit.source_id):
                return Outcome(rank, best)
        return Outcome(None, best)

    def _hits(self, question: Question, vector: Vector | None) -> Sequence[Try]:
        """What a chatbot would be given, and what comes next up to the places that are counted."""
        settings, text = retrieval_of(self.draft), asked(question.question)
        least = settings.score_threshold
        ranked = self.chunks.find(text, vector, self._method, least or 0, reranked=settings.rerank)
        hits = list(islice(ranked, max(AT, settings.top_k)))
        judged = is_judged(self._method, least, space_of(self._embedding))
        return hits if fitting(hits[: settings.top_k], judged=judged) else []

    def _tell(
        self, setup: str, found: dict[str, Outcome], total: int, *, now: bool = False
    ) -> bool:
        """Write how far it is, now and then; False when nobody wants it any more."""
        if not now and time.monotonic() - self.told_at < PAUSE:
            return True
        self.told_at = time.monotonic()
        data = {"setup": setup, "outcomes": {key: asdict(each) for key, each in found.items()}}
        # Questions that were deleted meanwhile are still among those that were found.
        self.job = replace(self.job, done=min(len(found), total), total=total, data=data)
        return jobs.write(self.draft.id, JOB, self.job)

    def _keep(self, setup: str, found: dict[str, Outcome]) -> None:
        k, attempt = retrieval_of(self.draft).top_k, self.job.attempt
        run = Run(setup, k, time.time(), found, attempt=attempt)
        ended = replace(self.job, done=len(found), total=len(found)).ended(DONE)
        # Whoever sees that it is done also finds the run; whoever stopped it finds none.
        if jobs.write(self.draft.id, JOB, replace(self.job, data={})):
            crash.point("evaluating.found")
            runs.keep(self.draft.id, run)
            crash.point("evaluating.kept")
            jobs.write(self.draft.id, JOB, ended)

    @property
    def _embedding(self) -> Mapping[str, Any]:
        return self.draft.data.get("embedding_config") or {}

    @property
    def _method(self) -> Method:
        return Method(retrieval_of(self.draft).search_method)


def _wake(workspace_id: UUID, draft_id: str, attempt: str, pause: int = 0) -> None:
    jobs.woken(draft_id, JOB)
    arguments = (str(workspace_id), draft_id, attempt)
    current_app.send_task(TASK, arguments, countdown=pause, ignore_result=True, retry=False)
