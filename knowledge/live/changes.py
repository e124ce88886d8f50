"""Changes of a live base that nobody wants a draft for: one document added, replaced, deleted,
switched off or on.

Each is a draft all the same, made, deployed and gone within the call, so that it is a version like
any other: what goes wrong changes nothing, and going back is possible.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from common.problems import conflict, invalid
from drafts.deploying import deploy
from drafts.types import draft_types
from knowledge import adding, page_edits, reading
from knowledge.beside.states import Place
from knowledge.indexing import work
from knowledge.kind import KIND
from knowledge.live import bases, reading_turns
from knowledge.live.passing_drafts import passing_draft
from knowledge.models import Document
from knowledge.sources import described
from knowledge.sources.base import UnreadError
from workspaces import audit
from workspaces.models import Role

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from drafts.draft import Draft
    from knowledge.adding import Brought
    from knowledge.beside.pages import ShownPage
    from knowledge.models import KnowledgeBase
    from workspaces.access import Actor

WHOLE = ("file_upload", "text_input")


def add_file(actor: Actor, base_id: UUID, file: Brought) -> KnowledgeBase:
    """Add a file; 422 with the reason when it cannot be read."""

    def act(draft: Draft) -> None:
        added = adding.add_file(actor, draft.id, file, begins=False)
        _read(Place(actor.workspace_id, draft.id, added["id"]))

    return _through_a_draft(actor, base_id, act)


def add_text(
    actor: Actor, base_id: UUID, name: str, content: str, format_: str = "markdown"
) -> KnowledgeBase:
    """Add a text."""
    return _through_a_draft(
        actor, base_id, lambda draft: adding.add_text(actor, draft.id, name, content, format_)
    )


def replace_file(actor: Actor, base_id: UUID, document_id: UUID, file: Brought) -> KnowledgeBase:
    """Put another file in the place of a document; 409 for a page of a website."""
    document = _document(actor, base_id, document_id)
    if document.type not in WHOLE:
        raise conflict(_("What was read from an address is replaced by reading it again."))

    def act(draft: Draft) -> None:
        adding.replace_file(actor, draft.id, document.source_id, file)
        _read(Place(actor.workspace_id, draft.id, document.source_id))

    return _through_a_draft(actor, base_id, act)


def delete(actor: Actor, base_id: UUID, document_id: UUID) -> KnowledgeBase:
    """Delete a document. 409 when it is the last one."""
    document = _document(actor, base_id, document_id)
    if document.base.documents.filter(removed_at=None).count() == 1:
        raise conflict(_("It is the last document. Delete the base instead."))
    base = _through_a_draft(actor, base_id, lambda draft: _take_out(actor, draft, document))
    # One that was switched off would stay as that.
    left = base.documents.filter(pk=document.pk, removed_at=None)
    if left.update(enabled=False, removed_at=timezone.now()):
        work.wake(base.pk)
    return base


def switch(actor: Actor, base_id: UUID, document_id: UUID, *, enabled: bool) -> Document:
    """Let a document be found, or not; it stays listed either way."""
    document = _document(actor, base_id, document_id)
    if document.enabled != enabled:
        base = _switched(actor, document, enabled=enabled)
        words = "kb.document_on" if enabled else "kb.document_off"
        audit.record(actor, words, f"{base.name}: {document.name}")
        document.refresh_from_db()
    return document


def _switched(actor: Actor, document: Document, *, enabled: bool) -> KnowledgeBase:
    """Switched off before the deploy, which keeps such a document and takes others out."""
    rows = Document.objects.filter(pk=document.pk, removed_at=None)
    was_live = document.base.live_release_id
    rows.update(enabled=enabled)
    try:
        return _through_a_draft(
            actor, document.base_id, lambda draft: _use(actor, draft, document, enabled=enabled)
        )
    except BaseException:
        # A worker that is told to stop must not leave it half switched either. What went wrong
        # after the release is live leaves it as that release says.
        rows.filter(base__live_release=was_live).update(enabled=document.enabled)
        raise


def _use(actor: Actor, draft: Draft, document: Document, *, enabled: bool) -> None:
    """Use what the document is of, or not: its source, or one page of that. A source none of whose
    pages is used is switched off."""
    source_id = document.source_id
    if described(document.type).has_documents:
        was_off = not adding.source(actor, draft.id, source_id).get("enabled", True)

        def is_wanted(shown: ShownPage) -> bool:
            return enabled if shown.page.url == document.key else shown.approved and not was_off

        page_edits.choose_pages(actor, draft.id, source_id, is_wanted)
        enabled = bool(adding.source(actor, draft.id, source_id)["pages"])
    adding.change(actor, draft.id, source_id, {"enabled": enabled})


def _take_out(actor: Actor, draft: Draft, document: Document) -> None:
    siblings = document.base.documents.filter(source_id=document.source_id, removed_at=None)
    if siblings.count() == 1:
        adding.remove(actor, draft.id, document.source_id)
        return
    for shown in page_edits.pages_of(actor, draft.id, document.source_id):
        if shown.page.url == document.key:
            number = shown.page.number
            page_edits.edit_page(actor, draft.id, document.source_id, number, approved=False)
    _switch_off_if_unused(actor, draft, document.source_id)


def _switch_off_if_unused(actor: Actor, draft: Draft, source_id: str) -> None:
    """A source none of whose pages is used is switched off."""
    if not adding.source(actor, draft.id, source_id)["pages"]:
        adding.change(actor, draft.id, source_id, {"enabled": False})


def _read(place: Place) -> None:
    """Read a source now; 422 with the reason when that fails, 503 when too many others do."""
    try:
        with reading_turns.turn():
            reading.read_now(place)
    except UnreadError as error:
        raise invalid(str(error)) from error


def _through_a_draft(actor: Actor, base_id: UUID, act: Callable[[Draft], Any]) -> KnowledgeBase:
    base = bases.open_base(actor, base_id, Role.EDITOR)
    with passing_draft(actor, base) as draft:
        act(draft)
        deploy.deploy(actor, draft_types.get(KIND), draft.id)
    return bases.open_base(actor, base_id)


def _document(actor: Actor, base_id: UUID, document_id: UUID) -> Document:
    return bases.open_document(bases.open_base(actor, base_id, Role.EDITOR), document_id)
