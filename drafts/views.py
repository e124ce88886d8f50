"""The builder's pages: make a draft, open it, show a step, save what is typed into it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from common.htmx import wants_part
from drafts import creating
from drafts.builder import answers, items, saving, screens
from drafts.builder.doors import draft_page, kind_page
from drafts.builder.frame import Frame
from drafts.builder.opened import Opened
from workspaces.access import Role

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase

    from drafts.types import DraftType
    from workspaces.access import Actor


@require_http_methods(["GET", "POST"])
@kind_page(Role.EDITOR)
def new(request: HttpRequest, actor: Actor, draft_type: DraftType[Any]) -> HttpResponse:
    """GET shows the starting points; POST makes a draft, from ``template`` if one is named."""
    if request.method == "GET":
        context = {"actor": actor, "draft_type": draft_type}
        return render(request, "drafts/new.html", context)
    draft = creating.create(actor, draft_type, _starting_data(draft_type, request))
    return _open(Opened(actor, draft_type, draft))


def _starting_data(draft_type: DraftType[Any], request: HttpRequest) -> dict[str, Any]:
    wanted = request.POST.get("template", "")
    if not wanted:
        return draft_type.initial()
    for template in draft_type.templates:
        if template.name == wanted:
            return dict(template.data)
    raise Http404


def _open(opened: Opened) -> HttpResponse:
    return HttpResponseRedirect(opened.url("open"))


@require_GET
@draft_page()
def open_builder(request: HttpRequest, opened: Opened) -> HttpResponse:
    """Leads to the first step that keeps the draft from being deployed, else to the first one, or
    where the kind is changed."""
    del request
    draft_type = opened.draft_type
    is_change = draft_type.changed_in and opened.draft.entity_id is not None
    first = draft_type.step(draft_type.changed_in) if is_change else draft_type.steps[0]
    errors = Frame(opened, first).errors
    step = opened.step(errors[0].step) if errors else first
    return HttpResponseRedirect(opened.step_url(step))


@never_cache
@require_http_methods(["GET", "POST"])
def builder(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
    """GET: the page, or the part of it that was asked for. POST: a save."""
    view = _save if request.method == "POST" else _show
    return view(request, **kwargs)


@draft_page()
def _show(request: HttpRequest, opened: Opened, *, step: str) -> HttpResponse:
    current = opened.step(step)
    if not wants_part(request):
        return screens.page(request, opened, current)
    if "frame" in request.GET:
        return answers.parts(request, opened, current, answers.State())
    if "list" in request.GET:
        return screens.list_editor(request, opened, current, request.GET["list"])
    return screens.panel(request, opened, current)


@draft_page(Role.EDITOR)
def _save(request: HttpRequest, opened: Opened, *, step: str) -> HttpResponse:
    current = opened.step(step)
    if "_op" in request.POST:
        return items.operate(request, opened, current)
    return saving.save(request, opened, current)
