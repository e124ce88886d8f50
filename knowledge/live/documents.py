"""What a release makes of its sources: documents, written in the deploy's own transaction."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import orjson
from django.utils import timezone

from drafts.draft import Draft
from knowledge.annotations import context_of
from knowledge.beside import pages, states
from knowledge.chunking import cutting
from knowledge.models import Document, DocumentText, ReleasedDocument
from knowledge.naming import document_key, document_name, source_name
from knowledge.sources import described

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from drafts.models import Release
    from knowledge.beside.pages import ShownPage
    from knowledge.beside.states import State
    from knowledge.models import KnowledgeBase
    from knowledge.schema import KnowledgeBase as Configuration
    from knowledge.schema import Source

DESCRIBED = (
    *("name", "type", "mime_type", "url", "content_hash", "enabled"),
    *("chunking", "chunk_edits", "annotations", "fingerprint", "removed_at"),
)


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

    @cached_property
    def content_hash(self) -> str:
        return hash_of(self.pages)

    @cached_property
    def approved(self) -> list[dict[str, Any]]:
        """The pages that are searched. A page of a website that was switched off keeps its own, as
        it was left out by that alone."""
        if not self.enabled and described(self.type).has_documents:
            return [{k: v for k, v in page.items() if k != "approved"} for page in self.pages]
        return [page for page in self.pages if page.get("approved", True)]

    @cached_property
    def approved_hash(self) -> str:
        return self.content_hash if self.approved == self.pages else hash_of(self.approved)

    def says(self, text: str) -> bool:
        """Whether it stands on a page that is searched."""
        return any(text in page["text"] for page in self.approved)


def release(
    base: KnowledgeBase, release: Release, configuration: Configuration, origin: Draft | Release
) -> None:
    """Write the documents of a release of the base, made of a draft or of an old release. Inside
    the deploy's transaction. Documents that are not part of it any more are marked as removed."""
    given = list(_of_draft(origin, configuration) if isinstance(origin, Draft) else _of(origin))
    texts = _texts(base, given)
    ReleasedDocument.objects.bulk_create(
        ReleasedDocument(
            release=release,
            text_id=texts[each.content_hash],
            enabled=each.enabled,
            **_columns(each),
        )
        for each in given
    )
    _sync(base, given, configuration)


def _of_draft(draft: Draft, configuration: Configuration) -> Iterator[Given]:
    known = states.states(draft.id)
    for source in configuration.sources:
        state = known.get(source.id)
        if state is not None and state.text:
            yield from documents_of(source, state, pages.shown(draft.id, source.id, state))


def counted(draft: Draft) -> int:
    """How many documents a release of the draft would have that can be found."""
    known, many = states.states(draft.id), 0
    for source in draft.data.get("sources") or ():
        state = known.get(str(source.get("id")))
        if state is not None and state.text and source.get("enabled", True):
            has_documents = described(str(source.get("type"))).has_documents
            many += state.pages if has_documents else min(state.pages, 1)
    return many


def documents_of(source: Source, state: State, shown: Sequence[ShownPage]) -> Iterator[Given]:
    """The documents of one source: each of its pages, or all of them together, as its kind has
    it."""
    name = source_name(source.model_dump(), state.title)
    if not described(source.type).has_documents:
        texts = [_page(each) for each in shown]
        url = document_key(shown[0].page) if shown else ""
        yield Given(source.id, "", name, source.type, state.mime_type, url, source.enabled, texts)
        return
    for each in shown:
        page = each.page
        yield Given(
            source.id,
            document_key(page),
            document_name(page, name),
            source.type,
            state.mime_type,
            document_key(page),
            source.enabled and each.approved,
            [_page(each)],
        )


def _page(shown: ShownPage) -> dict[str, Any]:
    page = shown.page
    plain = {"number": page.number, "title": page.title, "url": page.url, "text": shown.text}
    return plain if shown.approved else {**plain, "approved": False}


def _of(old: Release) -> Iterator[Given]:
    for row in ReleasedDocument.objects.filter(release=old).select_related("text"):
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
    """The rows of the documents' texts, by hash; those that are new are written. The base is
    locked, so nobody else writes them meanwhile."""
    wanted = {each.content_hash: each.pages for each in given}
    found = DocumentText.objects.filter(base=base, content_hash__in=list(wanted))
    known = dict(found.values_list("content_hash", "pk"))
    made = DocumentText.objects.bulk_create(
        DocumentText(
            base=base, content_hash=content_hash, pages=pages, bytes=len(orjson.dumps(pages))
        )
        for content_hash, pages in wanted.items()
        if content_hash not in known
    )
    return known | {row.content_hash: row.pk for row in made}


def _columns(given: Given) -> dict[str, Any]:
    """What live and released documents have in common."""
    return {
        "source_id": given.source_id,
        "key": given.key,
        "name": given.name,
        "type": given.type,
        "mime_type": given.mime_type,
        "url": given.url,
    }


def _sync(base: KnowledgeBase, given: Sequence[Given], configuration: Configuration) -> None:
    """Make ``given`` the documents of the live base; what is as it was is not written. What is not
    enabled is not part of it, unless it was switched off there: then it stays, so that it can be
    switched on again."""
    held = base.documents.defer("pages").order_by("pk").select_for_update()
    rows = {(document.source_id, document.key): document for document in held}
    sources = {source.id: source for source in configuration.sources}
    changed = []
    for each in given:
        row = rows.get((each.source_id, each.key))
        if not each.enabled and (row is None or row.enabled or row.removed_at):
            continue
        row = rows.pop((each.source_id, each.key), None) or Document(base=base)
        before = _described(row)
        _describe(row, each, sources[each.source_id], configuration)
        if _described(row) != before:
            changed.append(row)
    _save(changed)
    gone = base.documents.filter(pk__in=[row.pk for row in rows.values()], removed_at=None)
    gone.update(enabled=False, removed_at=timezone.now())


def _describe(
    document: Document, given: Given, source: Source, configuration: Configuration
) -> None:
    cut = configuration.chunking_config.with_own(source.chunking_config)
    chunking = cut.model_dump(mode="json")
    annotations = source.annotations.model_dump(mode="json")
    edits = [
        edit.model_dump(mode="json")
        for edit in configuration.chunk_edits
        if edit.source_id == source.id
        and edit.document in ("", given.key)
        and given.says(edit.originals[0])
    ]
    about = context_of(annotations)
    made_of = [cutting.VERSION, given.approved_hash, given.name, about, chunking, edits]
    for name, value in _columns(given).items():
        setattr(document, name, value)
    document.enabled, document.removed_at = given.enabled, None
    document.pages, document.content_hash = given.approved, given.approved_hash
    document.chunking, document.chunk_edits = chunking, edits
    document.annotations = annotations
    document.fingerprint = hashlib.sha256(orjson.dumps(made_of)).hexdigest()
    document.updated_at = timezone.now()


def _described(document: Document) -> list[Any]:
    """What ``_describe`` sets, with the hash of the pages for the pages themselves."""
    return [getattr(document, name) for name in DESCRIBED]


def _save(documents: Sequence[Document]) -> None:
    Document.objects.bulk_create(
        documents,
        update_conflicts=True,
        unique_fields=("base", "source_id", "key"),
        update_fields=(*DESCRIBED, "pages", "updated_at"),
    )


def hash_of(pages: Sequence[dict[str, Any]]) -> str:
    """Of texts and where they are, in the form ``sha256:…``."""
    return f"sha256:{hashlib.sha256(orjson.dumps(pages)).hexdigest()}"
