"""What a release makes of its sources: documents, written in the deploy's own transaction."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson
from django.utils import timezone

from drafts.draft import Draft
from knowledge.beside import pages, states
from knowledge.models import Document, DocumentText, KnowledgeBase, ReleasedDocument

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from drafts.models import Entity, Release
    from knowledge.beside.pages import ShownPage
    from knowledge.beside.states import State
    from knowledge.schema import KnowledgeBase as Configuration
    from knowledge.schema import Source

# Raised when chunks would be made in another way from the same text.
CHUNKER = 1
LONGEST_KEY = 2000


@dataclass(frozen=True)
class Given:
    """One document as a release holds it; ``pages`` as ``DocumentText`` does."""

    source_id: str
    key: str
    name: str
    type: str
    mime_type: str
    url: str
    enabled: bool
    pages: list[dict[str, Any]]

    @property
    def content_hash(self) -> str:
        return f"sha256:{hashlib.sha256(orjson.dumps(self.pages)).hexdigest()}"


def release(
    entity: Entity, release: Release, configuration: Configuration, origin: Draft | Release
) -> None:
    """Write the documents of a release of the base, made of a draft or of an old release. Inside
    the deploy's transaction. Documents that are not part of it any more are marked as removed."""
    base = KnowledgeBase.objects.get(pk=entity.pk)
    given = list(_of_draft(origin, configuration) if isinstance(origin, Draft) else _of(origin))
    texts = _texts(base, given)
    ReleasedDocument.objects.bulk_create(
        [_row(ReleasedDocument, each, texts, release=release) for each in given]
    )
    _sync(base, [each for each in given if each.enabled], texts, configuration)


def _of_draft(draft: Draft, configuration: Configuration) -> Iterator[Given]:
    known = states.states(draft.id)
    for source in configuration.sources:
        state = known.get(source.id)
        if state is not None and state.text:
            yield from documents_of(source, state, pages.shown(draft.id, source.id, state))


def documents_of(source: Source, state: State, shown: Sequence[ShownPage]) -> Iterator[Given]:
    """The documents of one source: each page of a website is one, all pages of a file are one."""
    name = source.name or state.title or source.id
    if source.type != "website":
        texts = [_page(each) for each in shown]
        yield Given(
            source.id, "", name, source.type, state.mime_type, "", source.enabled, texts
        )
        return
    for each in shown:
        page = each.page
        yield Given(
            source.id,
            page.url[:LONGEST_KEY],
            (page.title or page.url or name)[:300],
            source.type,
            "text/html",
            page.url[:LONGEST_KEY],
            source.enabled and each.approved,
            [_page(each)],
        )


def _page(shown: ShownPage) -> dict[str, Any]:
    page = shown.page
    plain = {"number": page.number, "title": page.title, "url": page.url, "text": shown.text}
    return plain if shown.approved else {**plain, "approved": False}


def _of(old: Release) -> Iterator[Given]:
    for row in old.documents.select_related("text"):  # type: ignore[attr-defined] (its reverse)
        yield Given(
            row.source_id,
            row.key,
            row.name,
            row.type,
            row.mime_type,
            row.url,
            row.enabled,
            row.text.pages,
        )


def _texts(base: KnowledgeBase, given: Iterable[Given]) -> dict[str, int]:
    """The rows of the documents' texts, by hash; those that are new are written."""
    wanted = {each.content_hash: each.pages for each in given}
    rows = [DocumentText(base=base, content_hash=h, pages=p) for h, p in wanted.items()]
    DocumentText.objects.bulk_create(rows, ignore_conflicts=True)
    found = DocumentText.objects.filter(base=base, content_hash__in=list(wanted))
    return dict(found.values_list("content_hash", "pk"))


def _row(model: type[Any], given: Given, texts: dict[str, int], **more: Any) -> Any:
    return model(
        source_id=given.source_id,
        key=given.key,
        name=given.name,
        type=given.type,
        mime_type=given.mime_type,
        url=given.url,
        text_id=texts[given.content_hash],
        enabled=given.enabled,
        **more,
    )


def _sync(
    base: KnowledgeBase, given: Sequence[Given], texts: dict[str, int], configuration: Configuration
) -> None:
    rows = {(d.source_id, d.key): d for d in base.documents.select_for_update()}
    sources = {source.id: source for source in configuration.sources}
    new = []
    for each in given:
        row = rows.pop((each.source_id, each.key), None)
        fresh = _row(Document, each, texts, base=base)
        document = row or fresh
        if row is not None:
            _take_over(row, fresh)
        _describe(document, each, sources[each.source_id], configuration)
        new.append(document)
    _save(new)
    gone = [row.pk for row in rows.values()]
    Document.objects.filter(pk__in=gone, removed_at=None).update(removed_at=timezone.now())


def _take_over(row: Document, fresh: Document) -> None:
    """What may differ in a document that was there before. Whether it is switched on is said
    elsewhere, and stays; one that had been removed is there again."""
    for name in ("name", "type", "mime_type", "url", "text_id"):
        setattr(row, name, getattr(fresh, name))
    row.removed_at = None


def _describe(
    document: Document, given: Given, source: Source, configuration: Configuration
) -> None:
    chunking = (source.chunking_config or configuration.chunking_config).model_dump(mode="json")
    document.chunking = chunking
    document.annotations = source.annotations.model_dump(mode="json")
    made_of = [CHUNKER, given.content_hash, given.name, chunking]
    document.fingerprint = hashlib.sha256(orjson.dumps(made_of)).hexdigest()


def _save(documents: Iterable[Document]) -> None:
    fields = (
        *("name", "type", "mime_type", "url", "text", "enabled"),
        *("chunking", "annotations", "fingerprint", "removed_at", "updated_at"),
    )
    now = timezone.now()
    shown = list(documents)
    for document in shown:
        document.updated_at = now
    Document.objects.bulk_create(
        shown,
        update_conflicts=True,
        unique_fields=("base", "source_id", "key"),
        update_fields=fields,
    )
