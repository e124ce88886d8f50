"""Makes of chunks what people's edits say.

An edit takes the place of the chunks that it was made of. Where the text is cut otherwise now, it
stays as it is and the others are cut around it, as long as its text still stands in the document,
and there once; or where it stood when the edit was made. What fits nowhere is handed back, to be
shown and not lost.
"""

from __future__ import annotations

from collections import defaultdict, deque
from typing import TYPE_CHECKING

from knowledge.chunking.around import cut_around
from knowledge.chunking.edits import Edited, changed
from knowledge.chunking.standing import Standing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from inference.embedding import Tokenizer
    from knowledge.chunking.chunk import Chunk
    from knowledge.chunking.edits import Edit
    from knowledge.texts import Page


def apply(
    chunks: Sequence[Chunk],
    edits: Sequence[Edit],
    tokenizer: Tokenizer,
    pages: Callable[[], Iterable[Page]],
) -> tuple[list[Edited], list[Edit]]:
    """The ``chunks`` of one document with its ``edits``, and the edits that fit nowhere. ``pages``
    give the text that was cut; they are asked for only where an edit is not of whole chunks."""
    made = _of_whole_chunks([Edited(chunk) for chunk in chunks], edits, tokenizer, _stood_there)
    if waiting := _unapplied(made, edits):
        text = Standing(pages())
        made = cut_around(made, text.where_they_were(waiting), text, tokenizer)
        made = _of_whole_chunks(made, _unapplied(made, edits), tokenizer, _wherever)
        taken = [text.span_of(each.chunk) for each in made if each.edit]
        places = text.where_else(_unapplied(made, edits), taken)
        made = cut_around(made, places, text, tokenizer)
    return made, _unapplied(made, edits)


def _stood_there(edit: Edit, chunk: Chunk) -> bool:
    return edit.start is None or (edit.page, edit.start) == (chunk.page, chunk.start)


def _wherever(_edit: Edit, _chunk: Chunk) -> bool:
    return True


def _unapplied(made: Iterable[Edited], edits: Iterable[Edit]) -> list[Edit]:
    applied = {id(item.edit) for item in made}
    return [edit for edit in edits if id(edit) not in applied]


def _of_whole_chunks(
    items: Sequence[Edited],
    edits: Iterable[Edit],
    tokenizer: Tokenizer,
    may_be: Callable[[Edit, Chunk], bool],
) -> list[Edited]:
    """The items with those edits whose originals are untouched ones of them. Of items with the same
    text each edit takes the first that no other took and that it ``may_be`` of."""
    waiting: defaultdict[str, deque[Edit]] = defaultdict(deque)
    for one in edits:
        waiting[one.originals[0]].append(one)
    made: list[Edited] = []
    at = 0
    while at < len(items):
        item = items[at]
        edit = None
        if not item.edit and item.chunk.text in waiting:
            edit = _taken(waiting[item.chunk.text], items, at, may_be)
        if edit is None:
            made.append(item)
            at += 1
            continue
        replaced = [each.chunk for each in items[at : at + len(edit.originals)]]
        made += changed(replaced, edit, tokenizer)
        at += len(replaced)
    return made


def _taken(
    waiting: deque[Edit],
    items: Sequence[Edited],
    at: int,
    may_be: Callable[[Edit, Chunk], bool],
) -> Edit | None:
    """The first edit whose originals are the items from ``at`` on."""
    for edit in waiting:
        following = items[at : at + len(edit.originals)]
        texts = tuple(each.chunk.text for each in following if not each.edit)
        if texts == edit.originals and may_be(edit, items[at].chunk):
            waiting.remove(edit)
            return edit
    return None
