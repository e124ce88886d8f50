"""Has a language model write test questions about passages of a draft, in the background.

What the model gives is kept with the job and added to the draft as one change, at the end or when
somebody stops it. What cannot be added, because the draft is full or being deployed, stays with the
job until it can.
"""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from celery import current_app
from django.http import Http404
from django.utils.translation import gettext as _

from common import crash
from common.limits import count, refuse_reached
from common.lost_workers import LostWorkersError
from common.problems import Problem, conflict
from conversations.limits import of_server_work
from conversations.model_credentials import values_of_workspace
from drafts import jobs
from drafts.access import open_draft
from drafts.jobs import DONE, FAILED
from drafts.types import draft_types
from inference.client import Delta, InferenceError
from inference.resolve import is_configured, model_client
from knowledge.evaluation import written
from knowledge.evaluation.questions import questions_of
from knowledge.kind import KIND
from knowledge.questions import adding
from knowledge.schema import MOST_QUESTIONS
from knowledge.trying import preparing
from knowledge.trying.asking import chunks_of
from workspaces.background import asked_by, noted
from workspaces.models import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from uuid import UUID

    from common.limits import Limit
    from drafts.draft import Draft
    from drafts.jobs import Job
    from inference.client import Completion, ModelClient
    from knowledge.evaluation.questions import Question
    from knowledge.trying.asking import DraftChunk
    from workspaces.access import Actor

logger = logging.getLogger(__name__)
JOB = "questions"
TASK = "knowledge.tasks.make_questions"
COUNTS = (5, 10, 20, 50)
# Seconds that the model may take for one question, and after which a worker lets others have their
# turn.
PATIENCE = 60
TURN = 45
# Seconds until it is looked again whether the chunks are there.
PAUSE = 0.5


def model_of(workspace: Workspace) -> ModelClient | None:
    """The model that writes: the server's, else that of the workspace's first credential; None
    where no language model is configured."""
    if is_configured():
        return model_client(None)
    values = next(values_of_workspace(workspace), None)
    model = model_client(None, values) if values else None
    return model if model and model.generates else None


def _limits(workspace: Workspace) -> list[Limit]:
    """What a question counts against: where the server's model writes it, as a message."""
    return of_server_work(workspace.pk) if is_configured() else []


def told(draft: Draft, workspace: Workspace) -> dict[str, Any]:
    """What the builder shows of it."""
    job = looked_after(draft)
    return {
        "job": job,
        "failed": job.error if job else "",
        "counts": COUNTS,
        "has_model": model_of(workspace) is not None,
    }


def begin(actor: Actor, draft: Draft, count: int) -> Job:
    """Have ``count`` questions written, once those that could not be added before are. 409 when
    there is no model, or they are being written; 429 when the server's model has done as much for
    the workspace as it may."""
    before = looked_after(draft)
    if before and before.is_running:
        raise conflict(_("Questions are being written already."))
    if before:
        _settled(actor, draft, before)
    if model_of(actor.workspace) is None:
        words = _("No language model is configured, neither on this server nor in this workspace.")
        raise conflict(words)
    refuse_reached(_limits(actor.workspace))
    data: dict[str, Any] = {**noted(actor), "count": count, "left": None, "made": []}
    begun = jobs.begin(draft.id, JOB, data)
    _wake(draft.workspace_id, draft.id, begun.attempt)
    return begun


def stop(actor: Actor, draft: Draft) -> int:
    """End it and keep what was written; gives how much. 409 when nothing is being written."""
    found = jobs.stop(draft.id, JOB)
    if found is None:
        raise conflict(_("No questions are being written."))
    return _settled(actor, draft, found)


def _settled(actor: Actor, draft: Draft, ended: Job) -> int:
    """Add what the job has written, which it then need not remember; gives how much that was."""
    if not ended.data.get("made"):
        return 0
    try:
        added = _add(actor, draft, ended)
    except Problem as problem:
        raise conflict(f"{problem.detail} {_kept()}") from problem
    jobs.write(draft.id, JOB, ended.ended(ended.status, ended.error))
    return added


def _kept() -> str:
    return _("What was written is kept, and added when you ask for questions again.")


def looked_after(draft: Draft) -> Job | None:
    """How far it is; what nobody works on any more is given to another worker."""
    found = jobs.job(draft.id, JOB)
    if found and found.is_running and jobs.is_left_alone(draft.id, JOB):
        _wake(draft.workspace_id, draft.id, found.attempt)
    return found


def run(workspace_id: UUID, draft_id: str, attempt: str) -> None:
    """Write questions, or go on writing. In a worker; safe to run twice."""
    job = jobs.job(draft_id, JOB)
    if job is None or job.attempt != attempt or not job.is_running:
        return
    with jobs.held(draft_id, JOB) as mine:
        again = mine is not None and _is_left(workspace_id, draft_id, job)
    if again:
        _wake(workspace_id, draft_id, attempt)


def _is_left(workspace_id: UUID, draft_id: str, job: Job) -> bool:
    """Write; whether there is more to do. Whatever goes wrong is told with the job."""
    try:
        with jobs.counted(draft_id, job, JOB):
            return _Writing(workspace_id, draft_id, job).carry_out()
    except (InferenceError, TimeoutError, Problem, Http404, LostWorkersError) as error:
        _failed(draft_id, job, _words(error))
    except Exception:
        # Whatever it was: the person is told, the worker goes on with other drafts.
        logger.exception("writing questions for %s failed", draft_id)
        _failed(draft_id, job, _("Something went wrong on our side. Try again."))
    return False


def _words(error: Exception) -> str:
    if isinstance(error, Problem):
        return error.detail
    if isinstance(error, Http404):
        return _("Whoever asked for the questions has left the workspace.")
    return str(error) or _("The model took too long.")


def _failed(draft_id: str, job: Job, words: str) -> None:
    """End it with what it has written so far and is not in the draft."""
    newest = jobs.job(draft_id, JOB)
    if newest and newest.attempt == job.attempt:
        told = f"{words} {_kept()}" if newest.data.get("made") else words
        jobs.write(draft_id, JOB, replace(newest, status=FAILED, error=told))


@dataclass
class _Writing:
    """One turn at writing questions; what earlier turns wrote is in the job."""

    workspace_id: UUID
    draft_id: str
    job: Job

    def carry_out(self) -> bool:
        """Whether there is more to do."""
        began = time.monotonic()
        workspace = Workspace.objects.get(pk=self.workspace_id)
        data: Any = self.job.data
        actor = asked_by(data, workspace)
        draft = open_draft(actor, draft_types.get(KIND), self.draft_id)
        model = model_of(workspace)
        if model is None:
            raise InferenceError(_("No language model is configured any more."))
        prepared = chunks_of(draft)
        if prepared.waiting:
            return self._is_being_cut()
        if data["left"] is None:
            data = {**data, "left": _chosen(draft, prepared.chunks, data["count"])}
            self.job = replace(self.job, total=len(data["left"]), data=data)
        found = {each.digest: each for each in prepared.chunks}
        while left := data["left"]:
            chunk = found.get(left[0])
            try:
                made = self._question(model, chunk, _limits(workspace)) if chunk else None
            except (InferenceError, TimeoutError, Problem):
                self._add(actor, draft)  # what was written before is not lost
                raise
            data = {**data, "left": left[1:], "made": [*data["made"], *([made] if made else [])]}
            self.job = replace(self.job, done=self.job.done + 1, data=data)
            crash.point("writing.said")
            if not jobs.write(self.draft_id, JOB, self.job):
                return False
            crash.point("writing.told")
            if time.monotonic() - began > TURN and data["left"]:
                return True
        self._end(actor, draft)
        return False

    def _is_being_cut(self) -> bool:
        """Whether the chunks are still to come; raises ``Problem`` when they are not."""
        told = preparing.progress(self.draft_id)
        if told and told.error and not preparing.is_running(self.draft_id):
            raise conflict(told.error)
        time.sleep(PAUSE)
        return True

    def _question(
        self, model: ModelClient, chunk: DraftChunk, limits: Iterable[Limit]
    ) -> tuple[str, str, str] | None:
        """A question about the chunk, what answers it, and its source. ``Problem`` 429 for the
        first of ``limits`` that is reached."""
        count(limits)
        text, part = chunk.chunk.text, chunk.part
        completion = written.request(part.title_of(chunk.chunk.page), text)
        found = written.answer(asyncio.run(self._said(model, completion)), text)
        return (*found, part.source_id) if found else None

    async def _said(self, model: ModelClient, completion: Completion) -> str:
        """What the model says; nothing when somebody stops it meanwhile."""
        saying = asyncio.ensure_future(_text(model, completion))
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            done, _waiting = await asyncio.wait([saying], timeout=1)
            if done:
                return saying.result()
            if not await asyncio.to_thread(jobs.write, self.draft_id, JOB, self.job):
                saying.cancel()
                return ""
        saying.cancel()
        raise TimeoutError

    def _end(self, actor: Actor, draft: Draft) -> None:
        if not self.job.data["made"]:
            words = _("The model wrote no question whose answer stands in its passage.")
            jobs.write(self.draft_id, JOB, self.job.ended(FAILED, words))
            return
        _add(actor, draft, self.job)
        jobs.write(self.draft_id, JOB, self.job.ended(DONE))

    def _add(self, actor: Actor, draft: Draft) -> None:
        """Add what is written, and go on as if nothing was."""
        _add(actor, draft, self.job)
        self.job = replace(self.job, data={**self.job.data, "made": []})
        jobs.write(self.draft_id, JOB, self.job)


async def _text(model: ModelClient, completion: Completion) -> str:
    return "".join([i.text async for i in model.stream(completion) if isinstance(i, Delta)])


def _add(actor: Actor, draft: Draft, job: Job) -> int:
    made = [(question, expected, source) for question, expected, source in job.data["made"]]
    # A job that goes on after it was interrupted may add what it has written since.
    patch_id = f"questions-{job.attempt}-{job.done}"
    added = adding.add(actor, draft, made, patch_id=patch_id) if made else 0
    crash.point("writing.added")
    return added


def _chosen(draft: Draft, chunks: Sequence[DraftChunk], count: int) -> list[str]:
    """The digests of passages to ask about, spread over the sources, none that a question is about
    already. 409 when there is none."""
    known = questions_of(draft.data)
    groups: dict[str, list[str]] = {}
    for each in chunks:
        if each.enabled and _is_worth_asking(each, known):
            groups.setdefault(each.part.source_id, []).append(each.digest)
    listed = list(groups.values())
    room = MOST_QUESTIONS - len(draft.data.get("test_questions") or ())
    places = written.spread([len(group) for group in listed], max(min(count, room), 0))
    if not places:
        raise conflict(_("Every passage has a question already, or is too short to ask about."))
    return [listed[group][place] for group, place in places]


def _is_worth_asking(each: DraftChunk, known: list[Question]) -> bool:
    text = each.chunk.text
    if len(text) < written.SHORTEST_PASSAGE:
        return False
    return not any(question.expected in text for question in known)


def _wake(workspace_id: UUID, draft_id: str, attempt: str) -> None:
    jobs.woken(draft_id, JOB)
    arguments = (str(workspace_id), draft_id, attempt)
    current_app.send_task(TASK, arguments, ignore_result=True, retry=False)
