"""Edits of chunks that fit nowhere in a draft's texts any more: told before it is deployed, since
what they left out is found then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inference.embedding import EmbeddingError
from knowledge.draft_settings import IncompleteSettingsError
from knowledge.embedding import embedder_for
from knowledge.trying import preparing
from knowledge.trying.parts import parts_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from drafts.draft import Draft
    from knowledge.chunking.edits import Edit


def advice(draft: Draft) -> Iterator[str]:
    """What to know of them; nothing while the draft's settings are not complete, which is said
    already."""
    try:
        lost, waiting = _lost(draft)
    except (EmbeddingError, IncompleteSettingsError):
        return
    if waiting:
        yield _("The texts are being cut. Whether your edits of chunks still fit is not known yet.")
    if left_out := [edit for edit in lost if edit.leaves_out]:
        words = ngettext(
            "%(count)d chunk that was left out fits nowhere any more, and what its text says now "
            "will be found: look at the chunks.",
            "%(count)d chunks that were left out fit nowhere any more, and what their texts say "
            "now will be found: look at the chunks.",
            len(left_out),
        )
        yield words % {"count": len(left_out)}
    if others := len(lost) - len(left_out):
        words = ngettext(
            "%(count)d edit of a chunk fits nowhere any more: look at the chunks.",
            "%(count)d edits of chunks fit nowhere any more: look at the chunks.",
            others,
        )
        yield words % {"count": others}


def _lost(draft: Draft) -> tuple[list[Edit], bool]:
    """The edits, and whether sources that have some are still to be cut, which a worker is told.
    Sources without edits are not looked at: they may be large."""
    parts = (
        [part for part in parts_of(draft) if part.edits] if draft.data.get("chunk_edits") else []
    )
    if not parts:
        return [], False
    tokenizer = embedder_for(draft.workspace_id, draft.data.get("embedding_config") or {}).tokenizer
    lost: list[Edit] = []
    waiting = False
    for part in parts:
        chunks = part.chunks()
        if chunks is None:
            waiting = True
        else:
            lost += part.edited(chunks, tokenizer)[1]
    if waiting:
        preparing.wake(draft.workspace_id, draft.id)
    return lost, waiting
