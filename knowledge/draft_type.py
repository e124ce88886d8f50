"""What the draft machine has to know about knowledge bases."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from drafts import jobs
from drafts.draft import Draft
from drafts.issue import Issue
from drafts.models import Release
from drafts.types import DraftType
from knowledge import wording
from knowledge.advice import advice, unread, unset
from knowledge.beside import clearing, copying, presenting
from knowledge.credentials.choices import known_to, lost, lost_by_sources
from knowledge.evaluation import questions
from knowledge.indexing import finishing, progress, targets, vectors, work
from knowledge.kind import KIND
from knowledge.live import documents, refreshing, removing
from knowledge.locking import hold_base
from knowledge.models import KnowledgeBase
from knowledge.questions import comparing, evaluating, writing
from knowledge.schema import KnowledgeBase as KnowledgeBaseSchema
from knowledge.steps import STEPS
from knowledge.trying import asking, lost_edits, preparing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from uuid import UUID

    from drafts.deploying.planning import PlannedChange
    from drafts.draft import Gone
    from drafts.models import Entity
    from workspaces.access import Actor


JOBS = (evaluating.JOB, writing.JOB)


class KnowledgeBaseDraft(DraftType[KnowledgeBaseSchema]):
    """Knowledge bases in the draft machine."""

    kind = KIND
    url_name = "kb"
    label = _("Knowledge base")
    label_plural = _("Knowledge bases")
    icon = "book-open"
    panel = "knowledge/panel.html"
    page = "knowledge/entity.html"
    going_back = _(
        "Its settings and documents come back as a new version. What differs is indexed again in "
        "the background."
    )
    scripts = ("uploads",)
    schema = KnowledgeBaseSchema
    model = KnowledgeBase
    steps = STEPS
    keyed_lists = {"sources": "id", "chunk_edits": "id", "test_questions": "id"}
    nameless_lists = frozenset(keyed_lists)
    talks = False
    has_channels = False
    deployed_status = "processing"
    not_in_exports = _(
        "Files, texts and credentials are not in the file: add them again. Websites can be read "
        "again from their addresses."
    )

    def presented(self, draft: Draft) -> Draft:
        return presenting.presented(draft)

    def normalised(self, patch: dict[str, Any], document: Mapping[str, Any]) -> dict[str, Any]:
        del document
        return questions.stored(presenting.stored(patch))

    def chosen(self, document: Mapping[str, Any], patch: Mapping[str, Any]) -> dict[str, Any]:
        """With another provider the model's name goes, which was the other's; with the built-in one
        the credential goes too."""
        choice = patch.get("embedding_config") or {}
        if "provider" not in choice:
            return {}
        had = document.get("embedding_config") or {}
        goes = (
            ("model",) if choice["provider"] == "openai_compatible" else ("model", "credential_id")
        )
        gone = {name: None for name in goes if name not in choice and had.get(name)}
        return {"embedding_config": gone} if gone else {}

    def errors(self, data: Mapping[str, Any], actor: Actor) -> Iterable[Issue]:
        return self.errors_of_each([data], actor)[0]

    def errors_of_each(
        self, documents: Sequence[Mapping[str, Any]], actor: Actor
    ) -> list[Iterable[Issue]]:
        known = known_to(actor, documents)
        return [
            [
                self._issue("error", *found)
                for found in (*unread(data), *lost(data, known), *unset(data))
            ]
            for data in documents
        ]

    def warnings(self, data: Mapping[str, Any], actor: Actor) -> Iterable[Issue]:
        return self.warnings_of_each([data], actor)[0]

    def warnings_of_each(
        self, documents: Sequence[Mapping[str, Any]], actor: Actor
    ) -> list[Iterable[Issue]]:
        known = known_to(actor, documents)
        return [
            [
                self._issue("warning", *found)
                for found in (*advice(data), *lost_by_sources(data, known))
            ]
            for data in documents
        ]

    def issues_beside(self, draft: Draft, actor: Actor) -> Iterable[Issue]:
        del actor
        larger = [
            self._issue("warning", "chunking_config", words) for words in preparing.advice(draft)
        ]
        edits = [
            replace(self._issue("warning", "chunk_edits", words), notable=True)
            for words in lost_edits.advice(draft)
        ]
        questions_ = [
            replace(self._issue("warning", "test_questions", words), notable=is_loss)
            for words, is_loss in comparing.advice(draft)
        ]
        return larger + edits + questions_

    def _issue(self, severity: str, path: str, message: str) -> Issue:
        return Issue(severity, message, path, self.step_of(path))

    def going_live(self, draft: Draft) -> str:
        return wording.going_live(asking.chunks_of(draft), documents.counted(draft))

    def item_name(self, item: Mapping[str, Any]) -> str:
        return wording.item_name(item)

    def reworded(self, change: PlannedChange) -> PlannedChange | None:
        return wording.reworded(change)

    def apply(self, configuration: KnowledgeBaseSchema, entity: Entity) -> None:
        assert isinstance(entity, KnowledgeBase)
        entity.name = configuration.name
        entity.description = configuration.description
        entity.context = configuration.context

    def copied(self, draft: Draft, origin: Draft | Release | None) -> None:
        copying.bring_along(draft, origin)
        if isinstance(origin, Release):
            comparing.bring_along(draft, origin)

    def released(
        self,
        entity: Entity,
        release: Release,
        configuration: KnowledgeBaseSchema,
        origin: Draft | Release,
        actor: Actor,
    ) -> None:
        del actor
        base = hold_base(entity.pk)
        assert base is not None
        documents.release(base, release, configuration, origin)
        refreshing.plan(base, configuration)
        comparing.release(release, origin)
        index = targets.prepare(base, configuration)
        if isinstance(origin, Draft):
            vectors.take_over(index, origin.id, [source.id for source in configuration.sources])

    def deployed(self, entity: Entity, release: Release, draft_id: str | None) -> None:
        del release, draft_id
        work.wake(entity.pk)

    def discarded(self, gone: Gone) -> None:
        clearing.forget(gone.workspace_id, gone.draft_id)
        preparing.forget(gone.draft_id)
        jobs.forget(gone.draft_id, JOBS)

    def status_of(self, entity: Entity) -> str:
        assert isinstance(entity, KnowledgeBase)
        return progress.status_of(entity)

    def page_context(self, actor: Actor, entity: Entity) -> dict[str, Any]:
        del actor
        return {"base": entity}

    def entity_removed(self, entity_id: UUID) -> None:
        finishing.drop_all(entity_id)

    def delete(self, entity: Entity) -> None:
        removing.begin(entity)
