"""Which index a release fills: the live one, or one beside it for vectors of another kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import F
from django.utils import timezone

from inference.embedders.local import LOCAL
from knowledge.embedding import space_of
from knowledge.models import Index, IndexedDocument

if TYPE_CHECKING:
    from knowledge.models import KnowledgeBase
    from knowledge.schema import KnowledgeBase as Configuration

Status = IndexedDocument.Status
# What of a base is decided here. Its name and what is live are the deploy's to write.
RUN = ("live_index", "next_index", "started_at", "finished_at", "stopped_at", "worked_at")


def prepare(base: KnowledgeBase, configuration: Configuration) -> Index:
    """The index that has to hold the base's documents from now on, with a state for each of them.
    Inside the release's transaction."""
    wanted = _wanted(base, configuration)
    ask_for_all(base, wanted)
    return wanted


def begin_anew(base: KnowledgeBase) -> Index:
    """A new index beside the live one, for all documents of the base, which is locked."""
    live = base.live_index
    assert live is not None
    fresh = _new(base, live.embedding, live.store)
    base.next_index = fresh
    ask_for_all(base, fresh)
    return fresh


def target_of(base: KnowledgeBase) -> Index | None:
    """The index that is being filled, or was last."""
    return base.next_index or base.live_index


def ask_for_all(base: KnowledgeBase, index: Index) -> None:
    """Note for every document that it has to be in ``index``; a run begins if any is not. The base
    is locked."""
    documents = base.documents.filter(removed_at=None)
    IndexedDocument.objects.bulk_create(
        (IndexedDocument(index=index, document=each) for each in documents.only("pk")),
        ignore_conflicts=True,
    )
    stale = IndexedDocument.objects.filter(index=index, document__removed_at=None)
    stale.exclude(pk__in=stale.filter(fingerprint=F("document__fingerprint")).values("pk")).update(
        status=Status.WAITING, failures=0, error="", done=0, total=0, leased_until=None
    )
    base.started_at, base.finished_at, base.stopped_at = timezone.now(), None, None
    base.worked_at = None
    base.save(update_fields=RUN)


def _wanted(base: KnowledgeBase, configuration: Configuration) -> Index:
    choice = configuration.embedding_config.model_dump(mode="json")
    store = configuration.vector_store_config.provider
    for name in ("next_index", "live_index"):
        index: Index | None = getattr(base, name)
        if index and (index.embedder, index.store) == (space_of(choice), store):
            index.embedding = choice
            index.save(update_fields=["embedding"])
            if name == "live_index":
                base.next_index = None
            return index
    fresh = _new(base, choice, store)
    if base.live_index is None:
        base.live_index = fresh
    else:
        base.next_index = fresh
    return fresh


def _new(base: KnowledgeBase, choice: dict[str, Any], store: str) -> Index:
    known = LOCAL.dimensions if space_of(choice) == LOCAL.id else choice.get("dimensions") or 0
    return Index.objects.create(
        base=base, embedding=choice, embedder=space_of(choice), dimensions=known, store=store
    )
