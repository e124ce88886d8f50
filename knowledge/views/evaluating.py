"""The builder's test questions: asking them, and bringing them in and out as a file."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from common.htmx import wants_part
from common.numbers import whole_number
from common.problems import Problem
from conversations.exporting import as_csv
from drafts.access import open_draft
from drafts.builder import screens
from drafts.builder.doors import draft_page
from drafts.builder.frame import Frame
from knowledge.questions import csv_file, evaluating, writing
from knowledge.questions.evaluated import told
from workspaces.access import Role

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponseBase

    from drafts.builder.opened import Opened
    from drafts.jobs import Job

STEP = "evaluate"
UNPROCESSABLE = 422


@never_cache
@require_GET
@draft_page()
def evaluation(request: HttpRequest, opened: Opened) -> HttpResponse:
    """How the questions are answered, and how far it is while they are being asked."""
    return _evaluation(request, opened)


@require_POST
@draft_page(Role.EDITOR)
def start(request: HttpRequest, opened: Opened) -> HttpResponse:
    """Ask all questions."""
    return _done(request, opened, lambda: evaluating.begin(opened.draft), _evaluation)


@require_POST
@draft_page(Role.EDITOR)
def stop(request: HttpRequest, opened: Opened) -> HttpResponse:
    """Stop asking."""
    return _done(request, opened, lambda: evaluating.stop(opened.draft.id), _evaluation)


@require_POST
@draft_page(Role.EDITOR)
def bring(request: HttpRequest, opened: Opened) -> HttpResponse:
    """Add the questions of a file."""
    file = request.FILES.get("file")
    try:
        content = file.read(csv_file.LARGEST + 1) if file else b""
        added = csv_file.bring(opened.actor, opened.draft, content)
    except Problem as problem:
        return _step(request, opened, problem=problem)
    none = _("Every question of the file was here already.")
    return _step(request, opened, words=_added(added) if added else none)


@require_GET
@draft_page()
def export(request: HttpRequest, opened: Opened) -> HttpResponseBase:
    """The questions as a file that can be brought in again."""
    del request
    return as_csv("test-questions", csv_file.exported(opened.draft))


def _done(
    request: HttpRequest,
    opened: Opened,
    act: Callable[[], object],
    part: Callable[..., HttpResponse],
) -> HttpResponse:
    """``part`` of the step after ``act``, with the reason where it failed."""
    failed = ""
    try:
        act()
    except Problem as problem:
        failed = problem.detail
    if not wants_part(request):
        return HttpResponseRedirect(opened.url("builder", STEP))
    return part(request, opened, failed)


def _evaluation(request: HttpRequest, opened: Opened, failed: str = "") -> HttpResponse:
    found = told(opened.draft)
    context = {"opened": opened, "told": found, "failed": failed}
    if "asked" in request.GET and not (found.job and found.job.is_running):
        # What the run found may be a suggestion, which stands around the form.
        context |= Frame(opened, opened.step(STEP)).context()
    return render(request, "knowledge/parts/evaluation.html", context)


def _step(
    request: HttpRequest, opened: Opened, *, words: str = "", problem: Problem | None = None
) -> HttpResponse:
    """The step as it is now, with what was done or why it was not."""
    now = opened.now(open_draft(opened.actor, opened.draft_type, opened.draft.id))
    step = opened.step(STEP)
    if wants_part(request):
        return screens.panel(request, now, step, problem=problem, words=words)
    if problem:
        return screens.page(request, now, step, problem=problem, status=UNPROCESSABLE)
    return HttpResponseRedirect(now.step_url(step))


@require_POST
@draft_page(Role.EDITOR)
def make(request: HttpRequest, opened: Opened) -> HttpResponse:
    """Have the model write questions."""
    count = whole_number(request.POST.get("count", "")) or writing.COUNTS[0]
    wanted = min(count, writing.COUNTS[-1])
    begin = partial(writing.begin, opened.actor, opened.draft, wanted)
    return _done(request, opened, begin, _making)


@require_POST
@draft_page(Role.EDITOR)
def stop_making(request: HttpRequest, opened: Opened) -> HttpResponse:
    """End that; what was written is kept."""
    try:
        added = writing.stop(opened.actor, opened.draft)
    except Problem as problem:
        return _step(request, opened, problem=problem)
    return _step(request, opened, words=_added(added))


@never_cache
@require_GET
@draft_page(Role.EDITOR)
def making(request: HttpRequest, opened: Opened) -> HttpResponse:
    """How far the model is; the whole step once it is done, with the questions."""
    job = writing.looked_after(opened.draft)
    if "asked" in request.GET and not (job and job.is_running):
        response = _step(request, opened, words=_ended(job))
        response["HX-Retarget"], response["HX-Reswap"] = "#step-panel", "outerHTML"
        return response
    return _making(request, opened)


def _making(request: HttpRequest, opened: Opened, failed: str = "") -> HttpResponse:
    found = writing.told(opened.draft, opened.actor.workspace)
    context = {"opened": opened} | found | ({"failed": failed} if failed else {})
    return render(request, "knowledge/parts/making_questions.html", context)


def _ended(job: Job | None) -> str:
    return _("The questions that the model wrote are below.") if job and not job.error else ""


def _added(added: int) -> str:
    words = ngettext("%(count)d question was added.", "%(count)d questions were added.", added)
    return words % {"count": added}
