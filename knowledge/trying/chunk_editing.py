"""Changes chunks of a draft: their text, splitting, merging, leaving out. Kept as edits in the
document, so that they can be undone like everything else."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from common.problems import FieldError, conflict, invalid
from drafts import editing
from drafts.types import draft_types
from knowledge.chunking.edits import Edit, merged_text
from knowledge.kind import KIND
from knowledge.schema import LONGEST_CHUNK, MOST_PARTS
from knowledge.trying.asking import chunks_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from drafts.draft import Draft
    from knowledge.trying.asking import DraftChunk
    from workspaces.access import Actor

# A line of its own that divides a chunk in two.
DIVIDER = re.compile(r"^[ \t]*-{3,}[ \t]*$", re.MULTILINE)


@dataclass(frozen=True)
class Spot:
    """Which chunk of a source is meant, and its ``digest`` when it was seen."""

    source_id: str
    position: int
    seen: str


@dataclass(frozen=True)
class Revision:
    """Edits to keep, and the ids of those that they take the place of."""

    kept: tuple[Edit, ...]
    gone: tuple[str, ...] = ()

    def as_patch(self) -> dict[str, Any]:
        """As a merge patch of the document."""
        edits: dict[str, Any] = dict.fromkeys(self.gone)
        for edit in self.kept:
            edits[edit.id] = {
                "id": edit.id,
                "source_id": edit.source_id,
                "originals": list(edit.originals),
                "texts": None if edit.texts is None else list(edit.texts),
                "enabled": edit.enabled,
                "left_out": list(edit.left_out) or None,
                **({"document": edit.document} if edit.document else {}),
                **({"page": edit.page, "start": edit.start} if edit.start is not None else {}),
                **({"repeats": edit.repeats} if edit.repeats else {}),
            }
        return {"chunk_edits": edits}


def write(actor: Actor, draft: Draft, spot: Spot, text: str) -> None:
    """Give a chunk another text; one with dividing lines makes several chunks of it."""
    texts = tuple(part.strip() for part in DIVIDER.split(text) if part.strip())
    if not texts:
        message = _("A chunk has a text. Leave it out instead.")
        raise invalid(message, FieldError("text", _("is empty")))
    _save(actor, draft, spot, lambda chunks: written(chunks, spot.position, texts))


def switch(actor: Actor, draft: Draft, spot: Spot) -> None:
    """Leave a chunk out, or use it again."""
    _save(actor, draft, spot, lambda chunks: switched(chunks, spot.position))


def merge(actor: Actor, draft: Draft, spot: Spot) -> None:
    """Make one chunk of a chunk and the one behind it. 409 when it is the last one of its document,
    or one of the two is left out and the other is not."""
    _save(actor, draft, spot, lambda chunks: _mergeable(chunks, spot.position))


def reset(actor: Actor, draft: Draft, spot: Spot) -> None:
    """Take back what was changed of a chunk."""

    def taken_back(chunks: Sequence[DraftChunk]) -> Revision:
        edit = chunks[spot.position].edit
        return Revision((), (edit.id,) if edit else ())

    _save(actor, draft, spot, taken_back)


def forget(actor: Actor, draft: Draft, edit_id: str) -> None:
    """Take back an edit that fits nowhere any more."""
    editing.patch(actor, draft_types.get(KIND), draft.id, Revision((), (edit_id,)).as_patch())


def _mergeable(chunks: Sequence[DraftChunk], at: int) -> Revision:
    if chunks[at].is_last:
        raise conflict(_("There is no chunk behind this one to merge it with."))
    if chunks[at].enabled != chunks[at + 1].enabled:
        raise conflict(_("One of the two is left out. Use both, or neither, and then merge them."))
    return merged(chunks, at)


def written(chunks: Sequence[DraftChunk], at: int, texts: tuple[str, ...]) -> Revision:
    """``texts`` in place of the chunk ``at``."""
    group, inside = _group(chunks, at)
    before, is_used = _made(group), chunks[at].enabled
    after = [*before[:inside], *((text, is_used) for text in texts), *before[inside + 1 :]]
    return _revision(_edit(group), after, replaced=bool(group[0].edit))


def switched(chunks: Sequence[DraftChunk], at: int) -> Revision:
    """The chunk ``at`` on or off."""
    group, inside = _group(chunks, at)
    after = _made(group)
    after[inside] = (chunks[at].chunk.text, not chunks[at].enabled)
    return _revision(_edit(group), after, replaced=bool(group[0].edit))


def merged(chunks: Sequence[DraftChunk], at: int) -> Revision:
    """The chunk ``at`` and the next as one."""
    first, inside = _group(chunks, at)
    second, following = _group(chunks, at + 1)
    one = merged_text([chunks[at].chunk, chunks[at + 1].chunk]), chunks[at].enabled
    after = [*_made(first)[:inside], one, *_made(second)[following + 1 :]]
    edit, other = _edit(first), _edit(second)
    if first == second:
        return _revision(edit, after, replaced=True)
    both = replace(
        edit,
        originals=(*edit.originals, *other.originals),
        texts=tuple(text for text, _is_used in after),
    )
    gone = (other.id,) if second[0].edit else ()
    return replace(_revision(both, after, replaced=bool(first[0].edit)), gone=gone)


def _group(chunks: Sequence[DraftChunk], at: int) -> tuple[list[DraftChunk], int]:
    """The chunks that came of one edit with that ``at``, and which of them it is."""
    edit = chunks[at].edit
    if edit is None:
        return [chunks[at]], 0
    document = chunks[at].document
    group = [c for c in chunks if c.edit and c.edit.id == edit.id and c.document == document]
    return group, group.index(chunks[at])


def _made(group: Sequence[DraftChunk]) -> list[tuple[str, bool]]:
    """The texts that an edit makes, each with whether it is used."""
    return [(each.chunk.text, each.enabled) for each in group]


def _revision(edit: Edit, after: Sequence[tuple[str, bool]], *, replaced: bool) -> Revision:
    """``edit`` so that it makes ``after``; none where that is what was cut. ``replaced``: the draft
    has the edit already."""
    texts = tuple(text for text, _is_used in after)
    left_out = tuple(place for place, (_text, is_used) in enumerate(after) if not is_used)
    if texts == edit.originals and not left_out:
        return Revision((), (edit.id,) if replaced else ())
    are_all_out = len(left_out) == len(texts)
    made = replace(
        edit,
        texts=None if texts == edit.originals and len(texts) == 1 else texts,
        enabled=not are_all_out,
        left_out=() if are_all_out else left_out,
    )
    return Revision((made,))


def _edit(group: Sequence[DraftChunk]) -> Edit:
    """The edit of the group, or a new one that changes nothing."""
    first = group[0]
    return first.edit or Edit(
        f"edit_{secrets.token_hex(8)}",
        first.part.source_id,
        (first.chunk.text,),
        document=first.part.document_of(first.chunk.page),
        page=first.chunk.page,
        start=first.chunk.start,
        repeats=first.chunk.overlap,
    )


def _save(
    actor: Actor, draft: Draft, spot: Spot, revised: Callable[[list[DraftChunk]], Revision]
) -> None:
    """Keep what ``revised`` makes of the source's chunks, worked out anew whenever somebody else
    was quicker; 409 when the chunk at the spot is not the one that was seen."""

    def patch_for(document: dict[str, Any]) -> dict[str, Any]:
        now = replace(draft, data=document)
        chunks = [c for c in chunks_of(now).chunks if c.part.source_id == spot.source_id]
        there = chunks[spot.position : spot.position + 1]
        if not there or there[0].digest != spot.seen:
            raise conflict(_("The chunks have changed meanwhile. Nothing was done; look again."))
        revision = revised(chunks)
        _check_sizes(revision)
        return revision.as_patch() if revision.kept or revision.gone else {}

    editing.change(actor, draft_types.get(KIND), draft.id, patch_for)


def _check_sizes(revision: Revision) -> None:
    """What a release would refuse is refused here, where it can be mended."""
    if any(len(text) > LONGEST_CHUNK for edit in revision.kept for text in edit.originals):
        words = _("A chunk of more than %(most)d characters stays as it is: cut it smaller first.")
        raise conflict(words % {"most": LONGEST_CHUNK})
    texts = [text for edit in revision.kept for text in edit.texts or ()]
    if max(map(len, texts), default=0) > LONGEST_CHUNK:
        words = _("A chunk may have at most %(most)d characters. Divide it by a line of ---.")
        raise invalid(words % {"most": LONGEST_CHUNK}, FieldError("text", _("is too long")))
    if len(texts) > MOST_PARTS:
        words = _("A chunk may be split into at most %(most)d parts.")
        raise invalid(words % {"most": MOST_PARTS}, FieldError("text", _("has too many parts")))
    if any(len(edit.originals) > MOST_PARTS for edit in revision.kept):
        words = _("At most %(most)d chunks may be merged.")
        raise conflict(words % {"most": MOST_PARTS})
