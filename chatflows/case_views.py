"""The builder's test cases: running them, and making one of a conversation in the preview."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from chatflows.cases import batch, before_deploy, making
from chatflows.cases.told import told
from common.htmx import wants_part
from common.problems import Problem
from drafts.access import open_draft
from drafts.builder import deploying, screens
from drafts.builder.doors import draft_page
from drafts.builder.frame import Frame
from workspaces.access import Role

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

    from drafts.builder.opened import Opened

STEP = "tests"
UNPROCESSABLE = 422
# Where the cases are shown, as the requests of each place say it.
IN_PLAN = "plan"
# Which of them, where it is neither all nor one.
UNRUN = "unrun"


@never_cache
@require_GET
@draft_page()
def state(request: HttpRequest, opened: Opened) -> HttpResponse:
    """What came of the cases, and how far it is while they are run."""
    if request.GET.get("in") == IN_PLAN:
        return _plan(request, opened)
    return _results(request, opened)


@require_POST
@draft_page(Role.EDITOR)
def run(request: HttpRequest, opened: Opened) -> HttpResponse:
    """Run all cases, the one that is named, or those whose results a deploy has to know."""
    if request.POST.get("only") == UNRUN:
        act = partial(before_deploy.run_unrun, opened.actor, opened.draft)
        return _done(request, opened, act)
    case_id = request.POST.get("case", "")
    named = [case_id] if case_id else None
    return _done(request, opened, lambda: batch.begin(opened.actor, opened.draft, named))


@require_POST
@draft_page(Role.EDITOR)
def stop(request: HttpRequest, opened: Opened) -> HttpResponse:
    """Stop running them."""
    return _done(request, opened, lambda: batch.stop(opened.draft.id))


@require_POST
@draft_page(Role.EDITOR)
def make(request: HttpRequest, opened: Opened) -> HttpResponse:
    """Make a case of the conversation that was last held in the preview."""
    step, problem = opened.step(STEP), None
    try:
        making.make(opened.actor, opened.draft)
    except Problem as found:
        problem = found
    now = opened.now(open_draft(opened.actor, opened.draft_type, opened.draft.id))
    if wants_part(request):
        return screens.panel(request, now, step, problem=problem)
    if problem:
        return screens.page(request, now, step, problem=problem, status=UNPROCESSABLE)
    return HttpResponseRedirect(now.step_url(step))


def _done(request: HttpRequest, opened: Opened, act: Callable[[], object]) -> HttpResponse:
    """What came of the cases after ``act``, with the reason where it failed."""
    failed = ""
    try:
        act()
    except Problem as problem:
        failed = problem.detail
    in_plan = request.POST.get("in") == IN_PLAN
    if not wants_part(request):
        url = opened.url("plan") if in_plan else opened.url("builder", STEP)
        return HttpResponseRedirect(url)
    return (_plan if in_plan else _results)(request, opened, failed)


def _results(request: HttpRequest, opened: Opened, failed: str = "") -> HttpResponse:
    found = told(opened.draft)
    context = {"opened": opened, "told": found, "failed": failed, "answered": True}
    if not found.is_running and (request.method == "POST" or "asked" in request.GET):
        # What came of a run may be a problem, which stands around the form.
        context |= Frame(opened, opened.step(STEP)).context()
    return render(request, "chatflows/parts/case_results.html", context)


def _plan(request: HttpRequest, opened: Opened, failed: str = "") -> HttpResponse:
    """Their part of the plan; the plan as a whole once they have been run."""
    found = told(opened.draft)
    if not found.is_running and not failed:
        response = deploying.planned(request, opened, cases_were_run=True)
        response["HX-Retarget"], response["HX-Reswap"] = "#modal", "innerHTML"
        return response
    context = {"opened": opened, "told": found, "failed": failed}
    return render(request, "chatflows/parts/plan_cases.html", context)
