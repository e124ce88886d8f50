"""Adds test questions to a draft."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from common.plain_text import in_order
from common.problems import invalid
from drafts import editing
from drafts.given import cleaned
from drafts.types import draft_types
from knowledge.evaluation.questions import questions_of
from knowledge.kind import KIND
from knowledge.schema import MOST_QUESTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from drafts.draft import Draft
    from workspaces.access import Actor


def add(
    actor: Actor,
    draft: Draft,
    given: Sequence[tuple[str, str, str | None]],
    *,
    patch_id: str | None = None,
) -> int:
    """Add questions, each with what is expected and the source it must be found in; gives how many
    were not there before."""
    added, plain = 0, [(in_order(q), in_order(e), s) for q, e, s in given]

    def patch_for(document: dict[str, Any]) -> dict[str, Any]:
        nonlocal added
        known = {(q.question, q.expected, q.source_id) for q in questions_of(document)}
        new = {(q, e, s or ""): s for q, e, s in plain if (q, e, s or "") not in known}
        there = len(document.get("test_questions") or ())
        if there + len(new) > MOST_QUESTIONS:
            words = _("A base has at most %(most)d test questions; with these it would be %(sum)d.")
            raise invalid(words % {"most": MOST_QUESTIONS, "sum": there + len(new)})
        added = len(new)
        return cleaned({"test_questions": dict(_items(new))} if new else {})

    editing.change(actor, draft_types.get(KIND), draft.id, patch_for, patch_id=patch_id)
    return added


def _items(new: Mapping[tuple[str, str, str], str | None]) -> Iterator[tuple[str, dict[str, Any]]]:
    for (question, expected, _key), source_id in new.items():
        item = {"id": f"q_{secrets.token_hex(5)}", "question": question, "expected": expected}
        yield item["id"], item | ({"source_id": source_id} if source_id else {})
