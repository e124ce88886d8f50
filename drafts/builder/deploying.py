"""Deploying from the builder: what it would do, doing it, and what to say when it fails."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from common.htmx import wants_part
from common.numbers import version_number
from common.problems import Problem
from drafts.access import open_draft
from drafts.builder import shown_once
from drafts.builder.doors import draft_page, kind_page, refused
from drafts.builder.frame import Frame
from drafts.builder.opened import Opened
from drafts.deploying import deploy
from drafts.deploying.wording import in_words
from workspaces.access import Role

if TYPE_CHECKING:
    from django.http import HttpRequest

    from drafts.deploying.planning import Plan
    from drafts.types import DraftType
    from workspaces.access import Actor

# The draft or what is live has moved on, or the draft is not ready: the plan as it is now says it.
ANSWERED_BY_THE_PLAN = {"version", "plan", "issues"}
FAULT_OF_OURS = 500


@never_cache
@require_GET
@draft_page(Role.EDITOR)
def plan(request: HttpRequest, opened: Opened) -> HttpResponse:
    """What deploying would do, to be confirmed; or what has to be fixed before."""
    return planned(request, opened)


def planned(request: HttpRequest, opened: Opened, **more: Any) -> HttpResponse:
    """The plan as it is now."""
    frame = Frame(opened, opened.draft_type.steps[-1])
    found = None if frame.errors or frame.deleted else deploy.plan(opened.actor, opened.draft)
    own = {
        "plan": found,
        "changes": _changes(opened, found) if found else [],
        "channels": _channels(opened, found) if found else [],
        "going_live": opened.draft_type.going_live(opened.draft) if found else "",
        "doubt": opened.draft_type.doubt(opened.draft) if found else "",
        "idempotency_key": uuid.uuid4(),
        "back_url": opened.url("open"),
    }
    if found and found.live_version != opened.draft.base_version:
        own["moved_on"] = _moved_on(found)
    context = frame.context() | own | more
    name = "drafts/plan.html" if wants_part(request) else "drafts/plan_page.html"
    return render(request, name, context, status=more.get("status", 200))


def _changes(opened: Opened, plan: Plan) -> list[dict[str, str | None]]:
    return in_words(opened.draft_type, plan.changes, plan.between, opened.actor)


def _moved_on(plan: Plan) -> str:
    """That not all of the plan's changes were made in the draft."""
    words = _(
        "Version %(live)d went live after this draft was begun. Deploying takes back what that"
        " version changed, except where this draft has the same."
    )
    return words % {"live": plan.live_version}


def _channels(opened: Opened, plan: Plan) -> list[dict[str, Any]]:
    """The plan's channels, each with the address of the field that limits it."""
    return [
        {
            "change": each,
            "url": each.limit and each.limit.path and opened.field_url(each.limit.path),
        }
        for each in plan.channels
    ]


@require_POST
@kind_page(Role.EDITOR)
def run(
    request: HttpRequest, actor: Actor, draft_type: DraftType[Any], *, draft_id: str
) -> HttpResponse:
    """Deploy what was seen in the plan, and go where the kind says. A second click finds the first
    one's work and goes there too."""
    try:
        result = deploy.deploy(
            actor,
            draft_type,
            draft_id,
            version=version_number(request.POST.get("version", "")),
            live=version_number(request.POST.get("live", "")),
            idempotency_key=request.POST.get("idempotency_key", ""),
        )
    except Problem as problem:
        return _not_deployed(request, actor, draft_type, draft_id=draft_id, problem=problem)
    if result.api_key:
        shown_once.keep(actor, result.entity.pk, result.api_key)
    url = draft_type.success_url(result.entity)
    if wants_part(request):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)


def _not_deployed(
    request: HttpRequest,
    actor: Actor,
    draft_type: DraftType[Any],
    *,
    draft_id: str,
    problem: Problem,
) -> HttpResponse:
    """Whatever went wrong, the draft is still there: say so, and what can be done."""
    try:
        draft = open_draft(actor, draft_type, draft_id)
    except Problem as gone:
        return refused(request, actor, draft_type, draft_id=draft_id, problem=gone)
    opened = Opened(actor, draft_type, draft)
    if ANSWERED_BY_THE_PLAN & problem.extra.keys():
        return planned(request, opened, moved_on=problem.detail, status=problem.status)
    context = {
        "opened": opened,
        "actor": actor,
        "problem": problem,
        "can_retry": problem.status >= FAULT_OF_OURS,
        "plan_url": opened.url("plan"),
        "back_url": opened.url("open"),
    }
    name = "drafts/failed.html" if wants_part(request) else "drafts/failed_page.html"
    return render(request, name, context, status=problem.status)
