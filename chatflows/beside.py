"""What is kept beside the drafts of flows, as their problem lists tell of it: what is pinned in the
preview, and what came of the test cases. Of many drafts it is looked up in one go."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.utils.translation import gettext as _

from chatflows.cases.advice import advice
from chatflows.cases.told import told_of_each
from chatflows.drawn import drawing_of
from conversations.preview_pins import pinned_in_each

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from chatflows.cases.told import Told
    from drafts.draft import Draft

# The call that runs a draft's test cases.
TESTS_RUN = "POST /api/v1/chatflows/draft/{}/tests/run"


class Found(NamedTuple):
    """What becomes an issue; ``remedy`` is the call of the API, if any, that may mend it."""

    severity: str
    path: str
    message: str
    remedy: str | None = None


def found_beside_each(drafts: Sequence[Draft]) -> list[list[Found]]:
    """What is to be told of each of several drafts of one workspace."""
    pinned = pinned_in_each({draft.id: draft.expires_at for draft in drafts})
    return [
        [*_pins(draft, pinned[draft.id]), *_cases(draft, told)]
        for draft, told in zip(drafts, told_of_each(drafts), strict=True)
    ]


def _pins(draft: Draft, pinned: frozenset[str]) -> Iterator[Found]:
    for node_id in pinned & drawing_of(draft.data).nodes.keys() if pinned else ():
        words = _("Pinned in the preview only: what goes live runs this node")
        yield Found("warning", f"nodes.{node_id}", words)


def _cases(draft: Draft, told: Told) -> Iterator[Found]:
    for severity, path, message in advice(told):
        remedy = TESTS_RUN.format(draft.id) if path == "test_cases" else None
        yield Found(severity, path, message, remedy)
