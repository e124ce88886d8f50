"""The builder's sources: adding, reading again, and the pages that were read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from common.htmx import toast, wants_part
from common.problems import Problem
from drafts.access import open_draft
from drafts.builder import screens
from drafts.builder.doors import draft_page
from drafts.builder.frame import Frame
from knowledge import adding, page_edits
from knowledge.adding import Brought
from knowledge.beside import pages, states
from knowledge.shown import sources_of, unread_of
from knowledge.sources import ACCOUNTS
from workspaces.access import Role

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

    from drafts.builder.opened import Opened
    from drafts.draft import Draft
    from knowledge.shown import ShownSource

STEP = "sources"
UNPROCESSABLE = 422
PAGES_AT_ONCE = 20


@require_POST
@draft_page(Role.EDITOR)
def upload(request: HttpRequest, opened: Opened) -> HttpResponse:
    """Add files. What cannot be taken is said, the rest is taken."""
    given = request.FILES.getlist("file")
    refused = [] if given else [_("Choose at least one file.")]
    for file in given:
        try:
            adding.add_file(opened.actor, opened.draft.id, Brought.of(file))
        except Problem as problem:
            refused.append(_words(problem))
    failed = " ".join(refused)
    if request.headers.get("Accept") == "application/json":
        status = UNPROCESSABLE if failed else 200
        return JsonResponse({"detail": failed}, status=status)
    return _step(request, opened, failed)


@require_POST
@draft_page(Role.EDITOR)
def text(request: HttpRequest, opened: Opened) -> HttpResponse:
    """Add a text."""
    name, content = request.POST.get("name", ""), request.POST.get("content", "")
    return _done(
        request,
        opened,
        lambda: adding.add_text(opened.actor, opened.draft.id, name, content, "markdown"),
        form="text",
    )


@require_POST
@draft_page(Role.EDITOR)
def website(request: HttpRequest, opened: Opened) -> HttpResponse:
    """Add a website."""
    url = with_scheme(request.POST.get("url", "").strip())
    return _done(
        request,
        opened,
        lambda: adding.add_website(opened.actor, opened.draft.id, url),
        form="website",
    )


@require_POST
@draft_page(Role.EDITOR)
def account(request: HttpRequest, opened: Opened, *, type_: str) -> HttpResponse:
    """Add what an account holds at a service: Notion, Google Docs."""
    if type_ not in [kind.type for kind in ACCOUNTS]:
        raise Http404
    pasted, credential_id = request.POST.get("address", ""), request.POST.get("credential_id", "")
    return _done(
        request,
        opened,
        lambda: adding.add_from_account(
            opened.actor, opened.draft.id, type_, pasted, credential_id
        ),
        form=type_,
    )


def with_scheme(url: str) -> str:
    """An address as people type it: ``example.com`` is one."""
    return url if not url or "://" in url else f"https://{url}"


@require_POST
@draft_page(Role.EDITOR)
def retry(request: HttpRequest, opened: Opened, *, source_id: str) -> HttpResponse:
    """Read a source again."""
    return _done(
        request, opened, lambda: adding.read_again(opened.actor, opened.draft.id, source_id)
    )


@require_POST
@draft_page(Role.EDITOR)
def stop(request: HttpRequest, opened: Opened, *, source_id: str) -> HttpResponse:
    """Stop reading a source."""
    return _done(request, opened, lambda: adding.stop(opened.actor, opened.draft.id, source_id))


@require_POST
@draft_page(Role.EDITOR)
def remove_unread(request: HttpRequest, opened: Opened) -> HttpResponse:
    """Take out all sources that were not read."""
    return _done(request, opened, lambda: adding.remove_unread(opened.actor, opened.draft.id))


@never_cache
@require_GET
@draft_page()
def state(request: HttpRequest, opened: Opened, *, source_id: str) -> HttpResponse:
    """How far a source is, for the page that shows it; with what stands around it once it is
    read."""
    source = _shown(opened.draft, source_id)
    context: dict[str, Any] = {
        "opened": opened,
        "source": source,
        "editable": opened.actor.is_editor,
    }
    if not source.is_busy:
        context |= Frame(opened, opened.step(STEP)).context()
        context["unread"] = unread_of(sources_of(opened.draft))
    return render(request, "knowledge/parts/source_answer.html", context)


def _shown(draft: Draft, source_id: str) -> ShownSource:
    for source in sources_of(draft):
        if source.id == source_id:
            return source
    raise Http404


@never_cache
@require_GET
@draft_page()
def source_pages(request: HttpRequest, opened: Opened, *, source_id: str) -> HttpResponse:
    """What was read of a source: to look through, to edit, to leave pages out."""
    shown = _shown(opened.draft, source_id)
    found = states.state(opened.draft.id, source_id)
    read = pages.shown(opened.draft.id, source_id, found) if found else ()
    context = {
        "opened": opened,
        "actor": opened.actor,
        "editable": opened.actor.is_editor,
        "source": shown,
        "pages": Paginator(read, PAGES_AT_ONCE).get_page(request.GET.get("page")),
        "pages_url": request.path,
        "back_url": opened.url("builder", STEP),
    }
    name = "knowledge/pages.html" if wants_part(request) else "knowledge/pages_page.html"
    return render(request, name, context)


@require_POST
@draft_page(Role.EDITOR)
def edit_page(request: HttpRequest, opened: Opened, *, source_id: str, number: int) -> HttpResponse:
    """Keep an edited page, or whether it is used, or go back to what was read. What is refused is
    said beside it, and its text stays as it was typed."""
    approved, seen = request.POST.get("approved"), request.POST.get("seen", "")
    page, failed, status = (opened.actor, opened.draft.id, source_id, number), "", 200
    original = "original" in request.POST
    try:
        read = page_edits.page_of(*page).page.text if original else None
        shown = page_edits.edit_page(
            *page,
            text=read if original else request.POST.get("text"),
            approved=None if approved is None else approved == "true",
            seen=seen,
        )
    except Problem as problem:
        if not wants_part(request):
            raise
        shown, failed, status = page_edits.page_of(*page), problem.detail, problem.status
    if not wants_part(request):
        place = (opened.actor.workspace.slug, opened.draft.id, source_id)
        at = f"?page={1 + (number - 1) // PAGES_AT_ONCE}#page-{number}"
        return HttpResponseRedirect(f"{reverse('knowledge:pages', args=place)}{at}")
    context: dict[str, Any] = {
        "shown": shown,
        "seen": seen if failed else shown.digest,
        "failed": failed,
        "original": original and not failed,
        "opened": opened,
        "source_id": source_id,
        "editable": True,
    }
    if not failed:
        now = opened.now(_now(opened))
        where = {"workspace": opened.actor.workspace.slug, "draft_id": opened.draft.id}
        context |= {**where, "source": _shown(now.draft, source_id)}
        context |= Frame(now, now.step(STEP)).context()
    return render(request, "knowledge/parts/page_answer.html", context, status=status)


def _done(
    request: HttpRequest, opened: Opened, act: Callable[[], object], form: str = ""
) -> HttpResponse:
    """Do it and show the step. What one of the ``form``s adds stands below all others, perhaps out
    of sight: that it is there is said."""
    try:
        act()
    except Problem as problem:
        return _step(request, opened, _words(problem), form)
    answer = _step(request, opened, form=form)
    return toast(answer, _("Added below the other sources.")) if form else answer


def _now(opened: Opened) -> Draft:
    return open_draft(opened.actor, opened.draft_type, opened.draft.id)


def _words(problem: Problem) -> str:
    """What happened, as one text."""
    return " ".join([problem.detail, *(error.message for error in problem.errors)])


def _step(request: HttpRequest, opened: Opened, failed: str = "", form: str = "") -> HttpResponse:
    """The step as it is now; ``failed`` says what was not done and why. Of the forms above the
    sources, the one that was sent is empty again, or holds what was refused; the others stay as
    they were left."""
    now, step = opened.now(_now(opened)), opened.step(STEP)
    more: dict[str, Any] = {
        "failed": failed,
        "sent": form,
        "refused": request.POST if failed else {},
    }
    if wants_part(request):
        return screens.panel(request, now, step, **more)
    if failed:
        return screens.page(request, now, step, status=UNPROCESSABLE, **more)
    return HttpResponseRedirect(now.step_url(step))
