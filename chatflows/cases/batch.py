"""Plays a batch of a draft's test cases, in the background and a few at a time, and keeps what came
of them.

A run belongs to an attempt, as every job on a draft. One whose worker was killed is taken up by
another, which plays again what was being played.
"""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from asgiref.sync import ThreadSensitiveContext, sync_to_async
from celery import current_app
from django.http import Http404
from django.utils.translation import gettext as _

from chatflows.cases import results
from chatflows.cases.playing import played
from chatflows.cases.reading import cases_of, fingerprints
from chatflows.kind import KIND
from common import crash
from common.database import give_back
from common.limits import refuse_reached
from common.lost_workers import LostWorkersError
from common.problems import Problem, conflict, forbidden, not_found
from conversations import limits, server_model
from conversations.ports import ports_for
from conversations.preview import assistant_of
from conversations.within import run_by_each
from drafts import jobs
from drafts.access import open_draft
from drafts.jobs import DONE, FAILED
from drafts.types import draft_types
from workspaces.background import asked_by, noted
from workspaces.models import Workspace

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from uuid import UUID

    from chatflows.assistant import ChatflowAssistant
    from chatflows.cases.reading import Case
    from chatflows.cases.results import Result
    from common.leases import Lease
    from conversations.runtime import Ports
    from drafts.draft import Draft
    from drafts.jobs import Job
    from workspaces.access import Actor

logger = logging.getLogger(__name__)
JOB, TASK = "cases", "chatflows.tasks.play_cases"
AT_ONCE = 4
# Seconds after which a worker lets others have their turn, between two looks at whether anybody
# still wants it, and that a message waits at a time where many were sent in the last minute.
TURN, LOOK, PAUSE = 45, 1.0, 2.0


class RefusedError(Exception):
    """No further message may be sent; the message says why."""


def begin(actor: Actor, draft: Draft, case_ids: Collection[str] | None = None) -> Job:
    """Have the cases played, all of them or those named. 404 for one that there is not, 409 when
    they are being played or there is none to play, 429 when the server's model has done as much for
    the workspace as it may."""
    before = looked_after(draft)
    if before and before.is_running:
        raise _at_it()
    cases = cases_of(draft.data)
    there = {case.id for case in cases}
    if case_ids is not None and not there.issuperset(case_ids):
        raise not_found(_("There is no such test case."))
    wanted = [c.id for c in cases if c.is_playable and (case_ids is None or c.id in case_ids)]
    if not wanted:
        raise _nothing_to_play(cases)
    assistant = assistant_of(draft)
    ports = ports_for(draft.workspace_id, assistant, draft.entity_id)
    if server_model.is_asked(ports):
        refuse_reached(limits.of_server_work(draft.workspace_id))
    results.drop(draft.id, [key for key in results.results(draft.id) if key not in there])
    data = {**noted(actor), "left": wanted, "playing": []}
    begun = jobs.begin_if_idle(draft.id, JOB, data, len(wanted))
    if begun is None:
        raise _at_it()
    _wake(draft.workspace_id, draft.id, begun.attempt)
    return begun


def _at_it() -> Problem:
    return conflict(_("The test cases are being run already."))


def _nothing_to_play(cases: Collection[Case]) -> Problem:
    if not cases:
        words = _("There is no test case to run yet. Add one, with what a visitor writes.")
        return conflict(words)
    return conflict(_("What is to be run is not complete yet. Write it to its end first."))


def stop(draft_id: str) -> None:
    """End the run where it is; what is being played leaves nothing. 409 when there is none."""
    if jobs.stop(draft_id, JOB) is None:
        raise conflict(_("The test cases are not being run."))


def looked_after(draft: Draft) -> Job | None:
    """How far the run is; one that nobody works on any more is given to another worker."""
    return looked_after_each([draft]).get(draft.id)


def looked_after_each(drafts: Sequence[Draft]) -> dict[str, Job]:
    """``looked_after`` for several drafts, by their ids."""
    found = jobs.jobs([draft.id for draft in drafts], JOB)
    running = [draft_id for draft_id, job in found.items() if job.is_running]
    left_alone = jobs.left_alone(running, JOB)
    for draft in drafts:
        if draft.id in left_alone:
            _wake(draft.workspace_id, draft.id, found[draft.id].attempt)
    return found


def fingerprints_of(draft: Draft) -> dict[str, str]:
    """Those of the draft's cases, with the flows that it runs as they are live now."""
    return fingerprints_of_each([draft])[0]


def fingerprints_of_each(drafts: Sequence[Draft]) -> list[dict[str, str]]:
    """``fingerprints_of`` for several drafts of one workspace."""
    if not drafts:
        return []
    within = run_by_each(drafts[0].workspace_id, [assistant_of(draft) for draft in drafts])
    return [
        fingerprints(draft.data, {id_: live.release for id_, live in found.items()})
        for draft, found in zip(drafts, within, strict=True)
    ]


def run(workspace_id: UUID, draft_id: str, attempt: str) -> None:
    """Play the cases, or go on playing. In a worker; safe to run twice."""
    job = jobs.job(draft_id, JOB)
    if job is None or job.attempt != attempt or not job.is_running:
        return
    with jobs.held(draft_id, JOB) as mine:
        is_left = mine is not None and _is_left(workspace_id, draft_id, job, mine)
    if is_left:
        _wake(workspace_id, draft_id, attempt)


def _is_left(workspace_id: UUID, draft_id: str, job: Job, mine: Lease) -> bool:
    """Play; whether there is more to do. Whatever goes wrong is told with the job."""
    try:
        workspace = Workspace.objects.get(pk=workspace_id)
        actor = asked_by(job.data, workspace)
        draft = open_draft(actor, draft_types.get(KIND), draft_id)
        assistant: Any = assistant_of(draft)
        ports = ports_for(workspace_id, assistant, draft.entity_id)
        turn = _Turn(actor, draft, assistant, ports, job, mine)
        give_back()
        with jobs.counted(draft_id, job, JOB):
            return asyncio.run(turn.carried_out())
    except (Problem, Http404, RefusedError, LostWorkersError) as error:
        _failed(draft_id, job, _words(error))
    except Exception:
        # Whatever it was: the person is told, the worker goes on with other drafts.
        logger.exception("running the test cases of %s failed", draft_id)
        _failed(draft_id, job, _("Something went wrong on our side. Try again."))
    return False


def _words(error: Exception) -> str:
    if isinstance(error, Problem):
        return error.detail or error.title
    if isinstance(error, Http404):
        return _("Whoever ran the test cases has left the workspace.")
    return str(error)


def _failed(draft_id: str, job: Job, words: str) -> None:
    newest = jobs.job(draft_id, JOB)
    if newest and newest.attempt == job.attempt:
        jobs.write(draft_id, JOB, newest.ended(FAILED, words))


@dataclass
class _Turn:
    """One turn at playing the cases of ``draft``. What is left, and what is being played, is in the
    job; each result is kept as soon as it is there."""

    actor: Actor
    draft: Draft
    assistant: ChatflowAssistant
    ports: Ports
    job: Job
    mine: Lease
    playing: dict[asyncio.Task[Result], Case] = field(default_factory=dict)
    refusal: RefusedError | None = None

    def __post_init__(self) -> None:
        data = self.job.data
        cases = {case.id: case for case in cases_of(self.draft.data)}
        wanted = dict.fromkeys([*data["playing"], *data["left"]])
        self.left = [cases[key] for key in wanted if key in cases and cases[key].is_playable]
        self.fingerprints = fingerprints_of(self.draft)
        self.began = time.monotonic()

    async def carried_out(self) -> bool:
        """Whether there is more to do."""
        async with ThreadSensitiveContext():
            try:
                return await self._is_left()
            finally:
                await _cancelled(self.playing)
                await sync_to_async(give_back)()

    async def _is_left(self) -> bool:
        while self._begin_some():
            if not await sync_to_async(self._is_wanted)():
                return False
            finished, _pending = await asyncio.wait(
                self.playing, timeout=LOOK, return_when=asyncio.FIRST_COMPLETED
            )
            for task in finished:
                await self._end(task)
        if self.refusal:
            raise self.refusal
        if self.left:
            return True
        await sync_to_async(self._tell)(DONE)
        return False

    def _begin_some(self) -> bool:
        """Have as many played as may be at once; whether any is."""
        is_over = self.refusal or time.monotonic() - self.began > TURN
        while not is_over and self.left and len(self.playing) < AT_ONCE:
            case = self.left.pop(0)
            task = asyncio.ensure_future(played(case, self.assistant, self.ports, self._count))
            self.playing[task] = case
        return bool(self.playing)

    async def _end(self, task: asyncio.Task[Result]) -> None:
        case = self.playing.pop(task)
        try:
            result = task.result()
        except RefusedError as refusal:
            self.refusal = refusal
            return
        if result.status == results.FAULT and (refused := server_model.refusal(self.ports)):
            self.refusal = RefusedError(str(refused))
            return
        await sync_to_async(self._keep)(case, result)

    def _keep(self, case: Case, result: Result) -> None:
        """Keep it as long as somebody wants it: a draft that is gone leaves nothing."""
        crash.point("cases.played")
        whole = replace(result, fingerprint=self.fingerprints[case.id], version=self.draft.version)
        workspace_id, draft_id = self.draft.workspace_id, self.draft.id
        self.job = replace(self.job, done=self.job.done + 1)
        if self._tell():
            results.keep(workspace_id, draft_id, case.id, whole)
            if jobs.job(draft_id, JOB) is None:
                results.forget(workspace_id, draft_id)

    def _is_wanted(self) -> bool:
        """Whether to go on, telling how far it is; raises what ends the run for whoever asked."""
        actor = asked_by(self.job.data, self.actor.workspace)
        give_back()
        if not actor.is_editor:
            raise forbidden(_("Whoever ran the test cases may not change the draft any more."))
        return self.mine.is_mine and self._tell()

    def _tell(self, status: str = "") -> bool:
        """Write how far it is; False when nobody wants it any more."""
        left, playing = ([case.id for case in each] for each in (self.left, self.playing.values()))
        self.job = replace(self.job, data={**self.job.data, "left": left, "playing": playing})
        told = self.job.ended(status) if status else self.job
        return jobs.write(self.draft.id, JOB, told)

    async def _count(self) -> None:
        """Count one message as one to the preview; none is sent any more once the server's model
        was refused."""
        while await sync_to_async(self._is_too_soon)():
            await asyncio.sleep(PAUSE)
        if refused := server_model.refusal(self.ports):
            raise RefusedError(str(refused))

    def _is_too_soon(self) -> bool:
        return any(limit.wait() for limit in limits.of_preview(self.actor, self.draft.id))


async def _cancelled(tasks: Collection[asyncio.Task[Any]]) -> None:
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.gather(*tasks, return_exceptions=True)


def _wake(workspace_id: UUID, draft_id: str, attempt: str) -> None:
    jobs.woken(draft_id, JOB)
    arguments = (str(workspace_id), draft_id, attempt)
    current_app.send_task(TASK, arguments, ignore_result=True, retry=False)
