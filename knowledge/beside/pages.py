"""The pages of a source as a person has them: as they were read, edited, or left out.

Edits lie in the hash ``kb:{draft}:pages:{source}``, one field per page number. An edit is of the
text that the page had: when the source is read again and that page says something else, the edit
is kept and shown, and not applied.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import orjson
from django.conf import settings
from django_redis import get_redis_connection

from knowledge.beside import files, states

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from knowledge.beside.states import Place, State
    from knowledge.texts import Page


@dataclass(frozen=True)
class PageEdit:
    """What somebody made of a page; ``text`` None keeps what was read. ``of`` is the hash of the
    text that was edited."""

    of: str
    text: str | None = None
    approved: bool = True


@dataclass(frozen=True)
class ShownPage:
    """A page with what was made of it. ``stale`` is an edit of another text than the page has."""

    page: Page
    edit: PageEdit | None = None
    stale: PageEdit | None = None

    @property
    def text(self) -> str:
        edited = self.edit.text if self.edit else None
        return self.page.text if edited is None else edited

    @property
    def approved(self) -> bool:
        return self.edit is None or self.edit.approved

    @property
    def is_edited(self) -> bool:
        return self.edit is not None and self.edit.text is not None


def shown(draft_id: str, source_id: str, state: State) -> tuple[ShownPage, ...]:
    """Every page of the source; none while nothing was read."""
    if not state.text:
        return ()
    edits = _edits(draft_id, source_id)
    return tuple(_shown(p, edits) for p in files.pages(draft_id, source_id, state.text))


def approved(draft_id: str, source_id: str, state: State) -> tuple[Page, ...]:
    """The pages that are to be indexed, with the texts that they are indexed with."""
    return _approved(shown(draft_id, source_id, state))


def edit(place: Place, number: int, *, text: str | None, approved: bool | None) -> ShownPage:
    """Change a page's text or whether it is indexed; None leaves either as it is. A text that is
    the one that was read is no edit. Raises ``LookupError`` for a page that there is not."""
    state = states.state(place.draft_id, place.source_id)
    pages = shown(place.draft_id, place.source_id, state) if state else ()
    before = next((each for each in pages if each.page.number == number), None)
    if state is None or before is None:
        raise LookupError(number)
    edited = _changed(before, text, approved=approved)
    _keep(place, number, edited)
    after = replace(before, edit=edited, stale=None)
    told = tuple(after if each is before else each for each in pages)
    states.write(place, with_counts(state, _approved(told)))
    return after


def with_counts(state: State, pages: Sequence[Page]) -> State:
    """The state with what is told of ``pages``, which are to be indexed."""
    return replace(
        state,
        content_hash=files.hash_of(pages),
        pages=len(pages),
        characters=sum(len(page.text) for page in pages),
    )


def copy(origin_id: str, draft_id: str, source_ids: Sequence[str]) -> None:
    """Bring the edits of a draft's sources along to a copy of it."""
    for source_id in source_ids:
        held = _redis().hgetall(_key(origin_id, source_id))
        if held:
            _redis().hset(_key(draft_id, source_id), mapping=held)
            _redis().expire(_key(draft_id, source_id), 2 * settings.DRAFT_TTL_SECONDS)


def forget(draft_id: str, source_ids: Sequence[str]) -> None:
    """Remove the edits of a draft that is gone. Safe to run twice."""
    if source_ids:
        _redis().delete(*(_key(draft_id, source_id) for source_id in source_ids))


def _changed(before: ShownPage, text: str | None, *, approved: bool | None) -> PageEdit:
    kept = before.edit or PageEdit(_hash(before.page.text))
    if text is not None:
        kept = replace(kept, text=None if text == before.page.text else text)
    return kept if approved is None else replace(kept, approved=approved)


def _approved(pages: Sequence[ShownPage]) -> tuple[Page, ...]:
    return tuple(replace(p.page, text=p.text) for p in pages if p.approved and p.text.strip())


def _shown(page: Page, edits: Mapping[int, PageEdit]) -> ShownPage:
    found = edits.get(page.number)
    if found is None:
        return ShownPage(page)
    applies = found.of == _hash(page.text)
    return ShownPage(page, edit=found) if applies else ShownPage(page, stale=found)


def _edits(draft_id: str, source_id: str) -> dict[int, PageEdit]:
    pipe = _redis().pipeline(transaction=False)
    pipe.hgetall(_key(draft_id, source_id))
    pipe.expire(_key(draft_id, source_id), 2 * settings.DRAFT_TTL_SECONDS)
    held: Mapping[bytes, bytes] = pipe.execute()[0]
    return {int(number): PageEdit(**orjson.loads(text)) for number, text in held.items()}


def _keep(place: Place, number: int, edited: PageEdit) -> None:
    key = _key(place.draft_id, place.source_id)
    if edited.text is None and edited.approved:
        _redis().hdel(key, number)
        return
    value = {"of": edited.of, "text": edited.text, "approved": edited.approved}
    _redis().hset(key, number, orjson.dumps(value))
    _redis().expire(key, 2 * settings.DRAFT_TTL_SECONDS)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _key(draft_id: str, source_id: str) -> str:
    return f"kb:{draft_id}:pages:{source_id}"


def _redis() -> Any:
    return get_redis_connection("drafts")
