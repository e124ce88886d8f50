"""Reads a draft's settings, which may be half-typed: a draft keeps what is of the right type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from django.utils.translation import gettext as _
from pydantic import BaseModel, ValidationError

from common.problems import Problem
from drafts.messages import sentence
from drafts.schema_errors import wrongs
from drafts.types import draft_types
from knowledge.chunking.config import ChunkingConfig, ChunkingOverride
from knowledge.kind import KIND
from knowledge.schema import RetrievalConfig

if TYPE_CHECKING:
    from collections.abc import Mapping

    from drafts.draft import Draft

SettingsT = TypeVar("SettingsT", bound=BaseModel)


class IncompleteSettingsError(Problem):
    """A draft's settings cannot be used as they are; the detail says which step to look at."""

    def __init__(self, step: str, wrong: str) -> None:
        words = _("The settings of the step “%(step)s” are not complete: %(wrong)s.")
        detail = words % {"step": step, "wrong": wrong}
        super().__init__(409, "Settings not complete", detail, "incomplete-settings")


def chunking_of(draft: Draft, source: Mapping[str, Any]) -> ChunkingConfig:
    """How a source of the draft is cut. Raises ``IncompleteSettingsError``."""
    path = "chunking_config"
    all_are = _read(draft, ChunkingConfig, draft.data.get(path), path)
    own = source.get(path)
    return all_are.with_own(
        _read(draft, ChunkingOverride, own, f"sources.{source.get('id')}.{path}") if own else None
    )


def retrieval_of(draft: Draft) -> RetrievalConfig:
    """How the draft says that it is searched. Raises ``IncompleteSettingsError``."""
    return _read(draft, RetrievalConfig, draft.data.get("retrieval_config"), "retrieval_config")


def _read(draft: Draft, schema: type[SettingsT], given: Any, path: str) -> SettingsT:
    try:
        return schema.model_validate(given or {})
    except ValidationError:
        raise _incomplete(draft, path) from None


def _incomplete(draft: Draft, path: str) -> IncompleteSettingsError:
    kind = draft_types.get(KIND)
    named = kind.step_of(path)
    step = next(str(each.label) for each in kind.steps if each.name == named)
    found = [each for each in wrongs(kind, draft.data) if f"{each.path}.".startswith(f"{path}.")]
    said = sentence(found[0], kind.schema) if found else _("a value is not valid")
    return IncompleteSettingsError(step, said)
