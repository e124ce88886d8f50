"""The pages of a source as a person has them: as they were read, edited, or left out.

A page is known by its address, or by its number where it has none. Edits lie in the hash
``kb:{draft}:pages:{source}``, one field per page, their texts in files beside the draft. An edit is
of the text that the page had: when the source is read again and that page says something else, the
edit is kept and shown, and not applied. What is left out is in the set
``kb:{draft}:left-out:{source}``, and stays left out whatever the page says.
"""

from __future__ import annotations

import hashlib
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import orjson
from django.conf import settings
from django.utils.translation import gettext as _
from django_redis import get_redis_connection
from redis.exceptions import LockError
from redis.lock import Lock

from common.problems import unavailable
from knowledge.beside import files, room, states

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator, Sequence

    from knowledge.beside.states import Place, State
    from knowledge.texts import Page

# Seconds that one change may take, and that another one waits for it.
ALONE = 20


class ChangedError(Exception):
    """The page is not as it was when somebody began to edit it."""


@dataclass(frozen=True)
class PageEdit:
    """The text that somebody gave a page; ``of`` is the hash of the one that was edited, ``file``
    the name of the file that it is in, once it is kept."""

    of: str
    text: str
    file: str = ""


@dataclass(frozen=True)
class ShownPage:
    """A page with what was made of it: ``approved``, it is indexed. ``stale`` is an edit of another
    text than the page has."""

    page: Page
    edit: PageEdit | None = None
    stale: PageEdit | None = None
    approved: bool = True

    @property
    def text(self) -> str:
        return self.edit.text if self.edit else self.page.text

    @property
    def digest(self) -> str:
        """By which whoever edits the page says which text they saw."""
        return _hash(self.text)[:16]

    @property
    def is_edited(self) -> bool:
        return self.edit is not None


def shown(draft_id: str, source_id: str, state: State) -> tuple[ShownPage, ...]:
    """Every page of the source; none while nothing was read. What was made of them lives on."""
    if not state.text:
        return ()
    edits, left_out = _held(draft_id, source_id)
    read = files.pages(draft_id, source_id, state.text)
    return tuple(_shown(page, edits.get(_key_of(page)), left_out) for page in read)


def approved(draft_id: str, source_id: str, state: State) -> tuple[Page, ...]:
    """The pages that are to be indexed, with the texts that they are indexed with."""
    return _approved(shown(draft_id, source_id, state))


def edit(
    place: Place, number: int, *, text: str | None, approved: bool | None, seen: str = ""
) -> ShownPage:
    """Change a page's text or whether it is indexed; None leaves either as it is. A text that is
    the one that was read is no edit. Raises ``LookupError`` for a page that there is not, and
    ``Problem`` 413 where the workspace has no room for the text, and ``ChangedError`` where what is
    there is neither what was ``seen`` nor what is given; empty, nobody asks what was seen."""
    with _alone(place.draft_id, place.source_id):
        state = states.state(place.draft_id, place.source_id)
        pages = shown(place.draft_id, place.source_id, state) if state else ()
        before = next((each for each in pages if each.page.number == number), None)
        if before is None:
            raise LookupError(number)
        if text is not None and seen and before.digest != seen and before.text != text:
            raise ChangedError
        after = _changed(before, text, approved=approved)
        _keep(place, before, after)
        _recount(place.draft_id, place.source_id)
        return after


def choose(place: Place, is_wanted: Callable[[ShownPage], bool]) -> None:
    """Index the pages that are wanted, and no others."""
    draft_id, source_id = place.draft_id, place.source_id
    with _alone(draft_id, source_id):
        state = states.state(draft_id, source_id)
        pages = shown(draft_id, source_id, state) if state else ()
        unwanted = [each.page for each in pages if not is_wanted(each)]
        if back := {_key_of(each.page) for each in pages} - set(map(_key_of, unwanted)):
            _redis().srem(_left_out(draft_id, source_id), *back)
        leave_out(place, unwanted)
        _recount(draft_id, source_id)


def recount(draft_id: str, source_id: str) -> None:
    """Tell of the source's pages as they are now: how many, how long, and their hash."""
    with _alone(draft_id, source_id):
        _recount(draft_id, source_id)


def leave_out(place: Place, unwanted: Sequence[Page]) -> None:
    """Index none of these pages; the counts of the source's state are for the caller to mend."""
    if unwanted:
        key = _left_out(place.draft_id, place.source_id)
        _redis().sadd(key, *map(_key_of, unwanted))
        _redis().expire(key, _life())


def use_all(draft_id: str, source_id: str) -> None:
    """Leave out no page any more."""
    _redis().delete(_left_out(draft_id, source_id))


def with_counts(state: State, pages: Sequence[Page]) -> State:
    """The state with what is told of ``pages``, which are to be indexed."""
    return replace(
        state,
        content_hash=files.hash_of(pages),
        pages=len(pages),
        characters=sum(len(page.text) for page in pages),
    )


def copy(origin_id: str, draft_id: str, source_ids: Sequence[str]) -> None:
    """Bring what was made of the pages of a draft's sources along to a copy of it."""
    pipe = _redis().pipeline()
    for source_id in source_ids:
        for name in (_edits, _left_out):
            pipe.copy(name(origin_id, source_id), name(draft_id, source_id), replace=True)
            pipe.expire(name(draft_id, source_id), _life())
    pipe.execute()


def forget(draft_id: str, source_ids: Sequence[str]) -> None:
    """Remove what was made of the pages of a draft that is gone. Safe to run twice."""
    if source_ids:
        _redis().delete(*(name(draft_id, s) for s in source_ids for name in (_edits, _left_out)))


def _changed(before: ShownPage, text: str | None, *, approved: bool | None) -> ShownPage:
    after = before if approved is None else replace(before, approved=approved)
    if text is None:
        return after
    read = before.page.text
    edit = None if text == read else PageEdit(_hash(read), text)
    return replace(after, edit=edit, stale=None)


def _approved(pages: Sequence[ShownPage]) -> tuple[Page, ...]:
    return tuple(replace(p.page, text=p.text) for p in pages if p.approved and p.text.strip())


def _shown(page: Page, edit: PageEdit | None, left_out: Container[str]) -> ShownPage:
    approved = _key_of(page) not in left_out
    if edit is None or edit.of == _hash(page.text):
        return ShownPage(page, edit=edit, approved=approved)
    return ShownPage(page, stale=edit, approved=approved)


@contextmanager
def _alone(draft_id: str, source_id: str) -> Iterator[None]:
    """What is told of the pages goes with what is made of them: one change after the other."""
    name = f"{_edits(draft_id, source_id)}:changing"
    lock = Lock(_redis(), name, timeout=ALONE, blocking_timeout=ALONE)
    if not lock.acquire():
        raise unavailable(_("Others are changing the pages. Try again in a moment."))
    try:
        yield
    finally:
        with suppress(LockError):  # it took too long, and the lock ran out
            lock.release()


def _recount(draft_id: str, source_id: str) -> None:
    while (state := states.state(draft_id, source_id)) and state.text:
        told = with_counts(state, approved(draft_id, source_id, state))
        if states.replace_same(draft_id, source_id, told):
            return


def _held(draft_id: str, source_id: str) -> tuple[dict[str, PageEdit], set[str]]:
    """The edits of a source's pages and which pages are left out, by the pages' keys."""
    held, left_out = _values(draft_id, source_id)
    edits = {key: _edit(draft_id, source_id, value) for key, value in held.items()}
    if None in edits.values() and _values(draft_id, source_id)[0] != held:
        return _held(draft_id, source_id)  # replaced between the two looks
    there = {key.decode(): edit for key, edit in edits.items() if edit}
    return there, {key.decode() for key in left_out}


def _values(draft_id: str, source_id: str) -> tuple[dict[bytes, bytes], set[bytes]]:
    edits, left_out = _edits(draft_id, source_id), _left_out(draft_id, source_id)
    pipe = _redis().pipeline(transaction=False)
    pipe.hgetall(edits).smembers(left_out).expire(edits, _life()).expire(left_out, _life())
    values, keys, *_lives = pipe.execute()
    return values, keys


def _edit(draft_id: str, source_id: str, value: bytes) -> PageEdit | None:
    """The edit with its text; None where that is gone."""
    told = orjson.loads(value)
    try:
        text = files.path_of(draft_id, source_id, told["file"]).read_bytes().decode()
    except OSError:
        return None
    return PageEdit(told["of"], text, told["file"])


def _keep(place: Place, before: ShownPage, after: ShownPage) -> None:
    old, new = before.edit or before.stale, after.edit or after.stale
    if new is None or new.file:
        _note(place, after, new)
    else:
        content = new.text.encode()
        with room.room_for(place.workspace_id, place.draft_id, len(content)):
            file = files.keep(place.draft_id, place.source_id, [content])
            _note(place, after, replace(new, file=file))
    if old and (new is None or new.file != old.file):
        files.remove(place.draft_id, place.source_id, old.file)


def _note(place: Place, shown: ShownPage, edit: PageEdit | None) -> None:
    edits = _edits(place.draft_id, place.source_id)
    left_out = _left_out(place.draft_id, place.source_id)
    key = _key_of(shown.page)
    pipe = _redis().pipeline()
    if edit is None:
        pipe.hdel(edits, key)
    else:
        pipe.hset(edits, key, orjson.dumps({"of": edit.of, "file": edit.file}))
    if shown.approved:
        pipe.srem(left_out, key)
    else:
        pipe.sadd(left_out, key)
    pipe.expire(edits, _life())
    pipe.expire(left_out, _life())
    pipe.execute()


def _key_of(page: Page) -> str:
    return page.url or str(page.number)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _edits(draft_id: str, source_id: str) -> str:
    return f"kb:{draft_id}:pages:{source_id}"


def _left_out(draft_id: str, source_id: str) -> str:
    return f"kb:{draft_id}:left-out:{source_id}"


def _life() -> int:
    life: int = 2 * settings.DRAFT_TTL_SECONDS
    return life


def _redis() -> Any:
    return get_redis_connection("drafts")
