"""What a kind finds wrong with its documents beyond their schema, or better otherwise."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from drafts.draft import Draft
    from drafts.issue import Issue
    from drafts.models import Entity
    from workspaces.access import Actor


class JudgingHooks(ABC):
    """Entries of the problem list beyond those of the schema."""

    @abstractmethod
    def warnings(self, data: Mapping[str, Any], actor: Actor) -> Iterable[Issue]:
        """What deploys but would be better otherwise."""

    def warnings_of_each(
        self, documents: Sequence[Mapping[str, Any]], actor: Actor
    ) -> list[Iterable[Issue]]:
        """``warnings`` of each document; a kind that looks things up does it once for all."""
        return [self.warnings(data, actor) for data in documents]

    def issues_beside(self, draft: Draft, actor: Actor) -> Iterable[Issue]:
        """What blocks or would be better, beyond the document of ``draft``: about its entity, and
        what the kind keeps beside it."""
        return ()

    def issues_beside_each(self, drafts: Sequence[Draft], actor: Actor) -> list[Iterable[Issue]]:
        """``issues_beside`` of each draft; a kind that looks things up does it once for all."""
        return [self.issues_beside(draft, actor) for draft in drafts]

    def misfits(self, entity: Entity, data: Mapping[str, Any], actor: Actor) -> Iterable[Issue]:
        """What blocks an old configuration of ``entity`` from going live again, beyond ``errors``:
        about others that are live by now."""
        return ()

    def judged(self, data: Mapping[str, Any]) -> Mapping[str, Any]:
        """A document without what plays no part in it now, and so can be at no fault."""
        return data

    def placed(self, issues: Iterable[Issue], data: Mapping[str, Any]) -> Iterable[Issue]:
        """``issues`` of a document, each with what people call the part that it is about."""
        return issues

    def errors(self, data: Mapping[str, Any], actor: Actor) -> Iterable[Issue]:
        """What blocks beyond the schema: references to things that are gone or not the actor's."""
        return ()

    def errors_of_each(
        self, documents: Sequence[Mapping[str, Any]], actor: Actor
    ) -> list[Iterable[Issue]]:
        """``errors`` of each document; a kind that looks things up does it once for all."""
        return [self.errors(data, actor) for data in documents]
