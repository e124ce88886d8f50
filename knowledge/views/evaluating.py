"""The builder's test questions: asking them, and bringing them in and out as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from common.htmx import wants_part
from common.problems import Problem
from conversations.exporting import as_csv
from drafts.access import open_draft
from drafts.builder import screens
from drafts.builder.doors import draft_page
from knowledge import evaluating, question_editing
from knowledge.evaluated import told
from workspaces.access import Role

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponseBase

    from drafts.builder.opened import Opened

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
    return _done(request, opened, lambda: evaluating.begin(opened.draft))


@require_POST
@draft_page(Role.EDITOR)
def stop(request: HttpRequest, opened: Opened) -> HttpResponse:
    """Stop asking."""
    return _done(request, opened, lambda: evaluating.stop(opened.draft.id))


@require_POST
@draft_page(Role.EDITOR)
def bring(request: HttpRequest, opened: Opened) -> HttpResponse:
    """Add the questions of a file."""
    file = request.FILES.get("file")
    try:
        content = file.read(question_editing.LARGEST + 1) if file else b""
        added = question_editing.bring(opened.actor, opened.draft, content)
    except Problem as problem:
        return _step(request, opened, problem=problem)
    words = ngettext("%(count)d question was added.", "%(count)d questions were added.", added)
    none = _("Every question of the file was here already.")
    return _step(request, opened, words=words % {"count": added} if added else none)


@require_GET
@draft_page()
def export(request: HttpRequest, opened: Opened) -> HttpResponseBase:
    """The questions as a file that can be brought in again."""
    del request
    return as_csv("test-questions", question_editing.exported(opened.draft))


def _done(request: HttpRequest, opened: Opened, act: Callable[[], object]) -> HttpResponse:
    failed = ""
    try:
        act()
    except Problem as problem:
        failed = problem.detail
    if not wants_part(request):
        return HttpResponseRedirect(opened.url("builder", STEP))
    return _evaluation(request, opened, failed)


def _evaluation(request: HttpRequest, opened: Opened, failed: str = "") -> HttpResponse:
    context = {"opened": opened, "told": told(opened.draft), "failed": failed}
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
