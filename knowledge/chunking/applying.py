"""Makes of chunks what people's edits say.

An edit takes the place of the chunks that it was made of. Where the text is cut otherwise now, it
stays as it is and the others are cut around it, as long as its text stands where it stood when the
edit was made, or is still in the document and it is certain which is meant. An edit that fits
nowhere is not applied: whoever asks tells people of it, so that it is not lost.
"""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import replace
from typing import TYPE_CHECKING

from knowledge.chunking.around import cut_around
from knowledge.chunking.edits import Edited, changed
from knowledge.chunking.standing import Standing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from inference.embedding import Tokenizer
    from knowledge.chunking.chunk import Chunk
    from knowledge.chunking.edits import Edit
    from knowledge.texts import Page


def apply(
    chunks: Sequence[Chunk],
    edits: Iterable[Edit],
    tokenizer: Tokenizer,
    pages: Callable[[], Iterable[Page]],
) -> list[Edited]:
    """The ``chunks`` of one document with its ``edits``. ``pages`` give the text that was cut; they
    are asked for only where an edit is not of whole chunks."""
    in_order = sorted(edits, key=lambda edit: (edit.page or 0, edit.start or 0))
    made = _of_whole_chunks([Edited(chunk) for chunk in chunks], in_order, tokenizer)
    if waiting := _unapplied(made, in_order):
        text = Standing(pages())
        made = cut_around(made, text.where_they_were(waiting), text, tokenizer)
        taken = [text.span_of(each.chunk) for each in made if each.edit]
        places = text.where_else(_unapplied(made, in_order), taken)
        made = cut_around(made, places, text, tokenizer)
    return list(_without_what_was_changed(made, tokenizer))


def _unapplied(made: Iterable[Edited], edits: Iterable[Edit]) -> list[Edit]:
    applied = {id(item.edit) for item in made}
    return [edit for edit in edits if id(edit) not in applied]


def _of_whole_chunks(
    items: Sequence[Edited], edits: Iterable[Edit], tokenizer: Tokenizer
) -> list[Edited]:
    """The items with those edits whose originals are some of them, where they stood. Of items with
    the same text, an edit of one that does not say where takes the first that no other took."""
    placed: defaultdict[tuple[int | None, int], list[Edit]] = defaultdict(list)
    anywhere: defaultdict[str, deque[Edit]] = defaultdict(deque)
    for one in edits:
        if one.start is not None:
            placed[one.page, one.start].append(one)
        elif len(one.originals) == 1:
            anywhere[one.originals[0]].append(one)
    made: list[Edited] = []
    at = 0
    while at < len(items):
        chunk = items[at].chunk
        here = (one for one in placed.get((chunk.page, chunk.start), ()) if _begins(one, items, at))
        edit = next(here, None)
        if edit is None and anywhere.get(chunk.text):
            edit = anywhere[chunk.text].popleft()
        replaced = [each.chunk for each in items[at : at + (len(edit.originals) if edit else 1)]]
        made += changed(replaced, edit, tokenizer) if edit else [items[at]]
        at += len(replaced)
    return made


def _begins(edit: Edit, items: Sequence[Edited], at: int) -> bool:
    """Whether its originals are the items from ``at`` on."""
    following = items[at : at + len(edit.originals)]
    return tuple(each.chunk.text for each in following) == edit.originals


def _without_what_was_changed(items: Iterable[Edited], tokenizer: Tokenizer) -> Iterator[Edited]:
    """The items, each without the end of the one before if that does not say it any more: what is
    left out or written anew would be found in its neighbour."""
    before: Edited | None = None
    for item in items:
        yield (
            _on_its_own(item, tokenizer) if before and _repeats_what_is_gone(before, item) else item
        )
        before = item


def _repeats_what_is_gone(before: Edited, item: Edited) -> bool:
    repeated = item.chunk.text[: item.chunk.overlap]
    if not repeated or item.edit or not before.edit:
        return False
    return not (before.enabled and before.chunk.text.endswith(repeated))


def _on_its_own(item: Edited, tokenizer: Tokenizer) -> Edited:
    chunk = item.chunk
    own = chunk.text[chunk.overlap :]
    text = own.lstrip()
    start = chunk.start + len(chunk.text) - len(text)
    return Edited(replace(chunk, text=text, start=start, overlap=0, tokens=tokenizer.count(text)))
