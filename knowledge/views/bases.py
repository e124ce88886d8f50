"""The pages of one live knowledge base: its documents, how far they are, searching, its end."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from common.htmx import wants_part
from common.problems import Problem, invalid
from drafts import entities
from drafts.entity_pages.frame import frame_context
from drafts.entity_pages.listing import PER_PAGE, query_of
from inference.embedding import EmbeddingError
from knowledge.adding import Brought
from knowledge.indexing import progress
from knowledge.live import bases, changes, overview, search_turns
from knowledge.live.base_use import uses_of
from knowledge.live.highlighting import parts_of
from knowledge.models import Document
from knowledge.retrieval.fitting import fitting
from knowledge.searching import Override, find, is_judged
from workspaces.access import Role, member

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from uuid import UUID

    from django.core.files.uploadedfile import UploadedFile
    from django.http import HttpRequest

    from knowledge.models import KnowledgeBase
    from workspaces.access import Actor

NOT_FOUND, INVALID = 404, 422


def _open(actor: Actor, base_id: UUID) -> KnowledgeBase:
    found = bases.of_workspace(actor).filter(pk=base_id).first()
    if found is None:
        raise Http404
    return found


@never_cache
@require_GET
@member()
def detail(request: HttpRequest, actor: Actor, *, base_id: UUID) -> HttpResponse:
    """Its documents and how far each is."""
    base = _open(actor, base_id)
    if not wants_part(request):
        return _detail(request, actor, base)
    context = {"actor": actor, "base": base, **_documents(request, base)}
    return render(request, "knowledge/parts/documents.html", context)


def _detail(
    request: HttpRequest, actor: Actor, base: KnowledgeBase, *, delete_error: str = ""
) -> HttpResponse:
    context = frame_context(
        actor,
        base,
        "documents",
        **_documents(request, base),
        refreshes=overview.refreshes_of(base),
        delete_url=reverse("knowledge:delete", args=(actor.workspace.slug, base.pk)),
        delete_error=delete_error,
        uses=uses_of(actor, base) if actor.is_editor else (),
    )
    status = INVALID if delete_error else 200
    return render(request, "knowledge/detail.html", context, status=status)


def _documents(request: HttpRequest, base: KnowledgeBase) -> dict[str, Any]:
    """How far the base is, and one page of its documents."""
    query, figures = query_of(request), progress.figures_of(base)
    found = Paginator(progress.documents_of(base, query), PER_PAGE)
    page = found.get_page(request.GET.get("page"))
    return {
        "progress": figures,
        "rows": page,
        "query": query,
        "searchable": figures["stats"]["documents"] > PER_PAGE,
        "here": _place({"q": query, "page": str(page.number) if page.number > 1 else ""}),
        "kept": _place({"q": query}),
    }


def _place(given: Mapping[str, str]) -> str:
    """Which documents are shown, as part of an address that goes on."""
    kept = {name: given[name] for name in ("q", "page") if given.get(name)}
    return f"{urlencode(kept)}&" if kept else ""


@require_GET
@member()
def search(request: HttpRequest, actor: Actor, *, base_id: UUID) -> HttpResponse:
    """What a question finds in the base, with the scores of each method."""
    base, question = _open(actor, base_id), request.GET.get("q", "").strip()
    found = {"question": question, "hits": [], "answers": False, "failed": ""}
    if question:
        try:
            with search_turns.turn(base.workspace_id):
                hits = find(question, [(base, Override())])
            fit = fitting(hits, judged=is_judged(base, Override()))
            found |= {"hits": hits, "answers": bool(fit)}
        except EmbeddingError as error:
            found["failed"] = str(error)
        except Problem as problem:
            found["failed"] = problem.detail
    context = frame_context(actor, base, "search", **found)
    part = "knowledge/parts/found.html"
    return render(request, part if wants_part(request) else "knowledge/search.html", context)


@require_GET
@member()
def document(
    request: HttpRequest, actor: Actor, *, base_id: UUID, document_id: UUID
) -> HttpResponse:
    """One document with its text; ``chunk`` highlights a passage."""
    base = _open(actor, base_id)
    found = base.documents.filter(pk=document_id, removed_at=None).first()
    if found is None:
        raise Http404
    pages = parts_of(found, request.GET.get("chunk", ""), request.GET.get("text", ""))
    context = frame_context(actor, base, "documents", document=found, pages=pages)
    return render(request, "knowledge/document.html", context)


@require_GET
@member()
def passage(request: HttpRequest, actor: Actor, *, document_id: UUID) -> HttpResponse:
    """Leads to a passage that an answer cited, in whichever base its document is."""
    found = Document.objects.filter(pk=document_id, base__workspace=actor.workspace_id).first()
    if found is None:
        raise Http404
    place = (actor.workspace.slug, found.base_id, found.pk)
    query = urlencode({name: request.GET.get(name, "") for name in ("chunk", "text")})
    return HttpResponseRedirect(f"{reverse('knowledge:document', args=place)}?{query}#passage")


@require_POST
@member(Role.EDITOR)
def stop(request: HttpRequest, actor: Actor, *, base_id: UUID) -> HttpResponse:
    """Stop indexing."""
    return _done(request, actor, base_id, lambda: bases.stop(actor, base_id))


@require_POST
@member(Role.EDITOR)
def reindex(request: HttpRequest, actor: Actor, *, base_id: UUID) -> HttpResponse:
    """Make the index anew, or go on after a stop."""
    return _done(request, actor, base_id, lambda: bases.reindex(actor, base_id))


@require_POST
@member(Role.EDITOR)
def retry(request: HttpRequest, actor: Actor, *, base_id: UUID, document_id: UUID) -> HttpResponse:
    """Index a document again that failed."""
    return _done(request, actor, base_id, lambda: bases.retry_document(actor, base_id, document_id))


@require_POST
@member(Role.EDITOR)
def switch(request: HttpRequest, actor: Actor, *, base_id: UUID, document_id: UUID) -> HttpResponse:
    """Let a document be found, or not."""
    enabled = request.POST.get("enabled") == "true"
    return _done(
        request,
        actor,
        base_id,
        lambda: changes.switch(actor, base_id, document_id, enabled=enabled),
    )


@require_POST
@member(Role.EDITOR)
def add_document(request: HttpRequest, actor: Actor, *, base_id: UUID) -> HttpResponse:
    """Add a file to the live base."""
    file = request.FILES.get("file")
    return _done(request, actor, base_id, lambda: _with(file, actor, base_id, changes.add_file))


@require_POST
@member(Role.EDITOR)
def replace_document(
    request: HttpRequest, actor: Actor, *, base_id: UUID, document_id: UUID
) -> HttpResponse:
    """Put another file in the place of a document."""
    file = request.FILES.get("file")
    replace = partial(changes.replace_file, document_id=document_id)

    def act() -> None:
        bases.open_document(_open(actor, base_id), document_id)
        _with(file, actor, base_id, replace)

    return _done(request, actor, base_id, act)


def _with(
    file: UploadedFile[Any] | None, actor: Actor, base_id: UUID, act: Callable[..., Any]
) -> None:
    if file is None:
        raise invalid(_("Choose a file."))
    act(actor, base_id, file=Brought.of(file))


@require_POST
@member(Role.EDITOR)
def delete_document(
    request: HttpRequest, actor: Actor, *, base_id: UUID, document_id: UUID
) -> HttpResponse:
    """Delete a document."""
    return _done(request, actor, base_id, lambda: changes.delete(actor, base_id, document_id))


@require_POST
@member(Role.EDITOR)
def delete(request: HttpRequest, actor: Actor, *, base_id: UUID) -> HttpResponse:
    """Remove the base and all that belongs to it, once its name was typed."""
    base = _open(actor, base_id)
    if request.POST.get("name", "").split() != base.name.split():
        words = _("This is not the name. Nothing was deleted.")
        return _detail(request, actor, base, delete_error=words)
    entities.remove(actor, base)
    messages.success(request, _("%(name)s was deleted.") % {"name": base.name})
    return HttpResponseRedirect(reverse("knowledge:list", args=(actor.workspace.slug,)))


def _done(
    request: HttpRequest, actor: Actor, base_id: UUID, act: Callable[[], Any]
) -> HttpResponse:
    try:
        _open(actor, base_id)
        act()
    except Problem as problem:
        if problem.status == NOT_FOUND:
            raise Http404 from problem
        messages.error(request, problem.detail)
    url = reverse("knowledge:detail", args=(actor.workspace.slug, base_id))
    url = f"{url}?{_place(request.GET)}".rstrip("?&")
    if wants_part(request):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)
