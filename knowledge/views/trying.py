"""The builder's chunks, and the panel that tries questions on them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from common.htmx import wants_part
from common.limits import count
from common.numbers import whole_number
from common.problems import Problem, malformed
from drafts.access import open_draft
from drafts.builder.doors import draft_page
from inference.embedding import EmbeddingError
from knowledge.draft_settings import IncompleteSettingsError
from knowledge.searching import Override
from knowledge.trying import chunk_editing, limits, preparing
from knowledge.trying.asking import Prepared, ask, chunks_of
from knowledge.trying.chunk_editing import Spot
from workspaces.access import Role

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from django.http import HttpRequest, QueryDict

    from drafts.builder.opened import Opened
    from drafts.draft import Draft
    from knowledge.trying.asking import DraftChunk

STEP = "chunks"
PER_PAGE = 20


@never_cache
@require_GET
@draft_page()
def chunks(request: HttpRequest, opened: Opened) -> HttpResponse:
    """The chunks that would be indexed, page by page; of one source where ``source`` names it."""
    wanted, number = request.GET.get("source", ""), request.GET.get("page", "")
    return _chunks(request, opened, wanted, number)


OPERATIONS: Mapping[str, Callable[..., None]] = {
    "switch": chunk_editing.switch,
    "merge": chunk_editing.merge,
    "reset": chunk_editing.reset,
}


@require_POST
@draft_page(Role.EDITOR)
def edit_chunk(request: HttpRequest, opened: Opened) -> HttpResponse:
    """Change one chunk, or have them cut again; the button says how."""
    failed = refused = ""
    try:
        _operate(request.POST, opened)
    except (Problem, EmbeddingError) as error:
        failed = _words(error)
        refused = request.POST.get("text", "") if request.POST.get("op") == "write" else ""
    if not wants_part(request):
        return HttpResponseRedirect(opened.url("builder", STEP))
    now = opened.now(open_draft(opened.actor, opened.draft_type, opened.draft.id))
    given = request.POST
    page = given.get("page", "")
    return _chunks(request, now, given.get("filter", ""), page, failed, refused=refused)


def _operate(given: QueryDict, opened: Opened) -> None:
    op = given.get("op", "")
    if op == "retry":
        preparing.retry(opened.draft)
        return
    if op == "forget":
        chunk_editing.forget(opened.actor, opened.draft, given.get("edit", ""))
        return
    position = whole_number(given.get("position", ""))
    if position is None:
        raise malformed(_("There is no such chunk."))
    spot = Spot(given.get("source", ""), position, given.get("seen", ""))
    if op == "write":
        text = given.get("text", "").replace("\r\n", "\n")
        chunk_editing.write(opened.actor, opened.draft, spot, text)
    elif op in OPERATIONS:
        OPERATIONS[op](opened.actor, opened.draft, spot)
    else:
        raise malformed(_("There is no such operation."))


def _chunks(
    request: HttpRequest,
    opened: Opened,
    wanted: str,
    number: str,
    failed: str = "",
    *,
    refused: str = "",
) -> HttpResponse:
    """``failed`` says why nothing was done; ``refused`` is the text that was to be a chunk's."""
    try:
        prepared = chunks_of(opened.draft)
    except (IncompleteSettingsError, EmbeddingError) as error:
        nothing = Prepared("", [], waiting=False, more=False, lost=[])
        prepared, failed = nothing, failed or _words(error)
    shown = [c for c in prepared.chunks if wanted in ("", c.part.source_id)]
    parts = {c.part.source_id: c.part.name for c in prepared.chunks}
    progress = preparing.progress(opened.draft.id)
    page = Paginator(shown, PER_PAGE).get_page(number)
    context = {
        "opened": opened,
        "refused": refused,
        "page": page,
        "chunks": _keyed(page.object_list),
        "lost": prepared.lost,
        "failed": failed,
        "sources": parts,
        "source": wanted,
        "waiting": prepared.waiting,
        "by_meaning": any(c.get("strategy") == "semantic" for c in _configs(opened.draft)),
        "larger": list(preparing.advice(opened.draft)) if prepared.more else [],
        "error": progress.error if progress else "",
        "cutting": progress if progress and progress.cutting else None,
        "used": sum(c.enabled for c in shown),
        "unused": sum(not c.enabled for c in shown),
        "tokens": sum(c.chunk.tokens for c in shown if c.enabled),
        "without_pairs": prepared.without_pairs,
        "overlaps": any(c.repeated for c in shown),
    }
    return render(request, "knowledge/parts/chunks.html", context)


def _configs(draft: Draft) -> Iterator[Mapping[str, Any]]:
    """How the draft is cut, and its sources in ways of their own."""
    yield draft.data.get("chunking_config") or {}
    for source in draft.data.get("sources") or ():
        yield source.get("chunking_config") or {}


def _keyed(chunks: Iterable[DraftChunk]) -> Iterator[tuple[DraftChunk, str]]:
    """Each with what tells it apart on the page for as long as its text is the same, wherever it
    moves: which of the equal texts of its source that the page shows it is."""
    seen = Counter[str]()
    for chunk in chunks:
        key = f"{chunk.part.source_id}-{chunk.digest}"
        seen[key] += 1
        yield chunk, f"{key}-{seen[key]}"


def _words(error: Problem | EmbeddingError) -> str:
    """Why there are no chunks, for the person who looks for them."""
    return error.detail if isinstance(error, Problem) else str(error)


@never_cache
@require_GET
@draft_page()
def questions(request: HttpRequest, opened: Opened) -> HttpResponse:
    """What a question finds in the draft."""
    question, failed = request.GET.get("q", "").strip(), ""
    tried = None
    if question:
        try:
            count(limits.of_trying(opened.actor))
            tried = ask(opened.draft, question, Override())
        except (Problem, EmbeddingError) as error:
            failed = _words(error)
    progress = preparing.progress(opened.draft.id)
    context = {
        "opened": opened,
        "question": question,
        "fill": "fill" in request.GET,
        "tried": tried,
        "hits": tried.hits if tried else (),
        "failed": failed or (progress.error if progress else ""),
        "waiting": tried is not None and tried.embedded < tried.total,
    }
    return render(request, "knowledge/parts/tried.html", context)
