"""The builder's chunks, and the panel that tries questions on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from drafts.builder.doors import draft_page
from inference.embedding import EmbeddingError
from knowledge import preparing
from knowledge.searching import Override
from knowledge.trying import ask, chunks_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from drafts.builder.opened import Opened

PER_PAGE = 20


@never_cache
@require_GET
@draft_page()
def chunks(request: HttpRequest, opened: Opened) -> HttpResponse:
    """The chunks that would be indexed, page by page; of one source where ``source`` names it."""
    prepared, wanted = chunks_of(opened.draft), request.GET.get("source", "")
    shown = [c for c in prepared.chunks if wanted in ("", c.part.source_id)]
    parts = {c.part.source_id: c.part.name for c in prepared.chunks}
    progress = preparing.progress(opened.draft.id)
    context = {
        "opened": opened,
        "page": Paginator(shown, PER_PAGE).get_page(request.GET.get("page")),
        "sources": parts,
        "source": wanted,
        "waiting": prepared.waiting,
        "error": progress.error if progress else "",
        "tokens": sum(c.chunk.tokens for c in shown),
    }
    return render(request, "knowledge/parts/chunks.html", context)


@never_cache
@require_GET
@draft_page()
def questions(request: HttpRequest, opened: Opened) -> HttpResponse:
    """What a question finds in the draft."""
    question, failed = request.GET.get("q", "").strip(), ""
    tried = None
    if question:
        try:
            tried = ask(opened.draft, question, Override())
        except EmbeddingError as error:
            failed = str(error)
    progress = preparing.progress(opened.draft.id)
    context = {
        "opened": opened,
        "question": question,
        "tried": tried,
        "hits": tried.hits if tried else (),
        "failed": failed or (progress.error if progress else ""),
        "waiting": tried is not None and tried.embedded < tried.total,
    }
    return render(request, "knowledge/parts/tried.html", context)
