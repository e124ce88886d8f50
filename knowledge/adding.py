"""What can be done with the sources of a draft. All functions take who acts and raise ``Problem``.

A source that is taken out keeps its files until the draft ends, so that taking it out can be
undone.
"""

from __future__ import annotations

import re
import secrets
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, cast

from django.conf import settings
from django.utils.translation import gettext as _
from django_redis import get_redis_connection
from pydantic import HttpUrl, TypeAdapter, ValidationError
from redis.exceptions import LockNotOwnedError
from redis.lock import Lock

from common.plain_text import visible
from common.problems import (
    FieldError,
    Problem,
    conflict,
    invalid,
    not_found,
    too_large,
    unavailable,
)
from common.schema import names_a_user
from drafts import editing
from drafts.access import open_draft
from drafts.types import draft_types
from knowledge import reading
from knowledge.beside import files, pages, states
from knowledge.beside.room import room_for
from knowledge.beside.states import READY, Place, State
from knowledge.crawling.addresses import normalised
from knowledge.credentials import choices
from knowledge.kind import KIND
from knowledge.schema import LONGEST_NAME, MOST_SOURCES, SOURCE_ID
from knowledge.sources import account
from knowledge.texts import Page
from workspaces.models import Role

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from django.core.files.uploadedfile import UploadedFile

    from drafts.draft import Draft
    from drafts.types import DraftType
    from workspaces.access import Actor

ADDRESS: TypeAdapter[HttpUrl] = TypeAdapter(HttpUrl)
LONGEST_TEXT = 1_000_000
# With those that were taken out, which come back when that is undone.
MOST_KEPT = 2 * MOST_SOURCES
# Seconds that one of several who add sources at once may have, and between two looks.
TURN = 10.0
PAUSE = 0.01


@dataclass(frozen=True)
class Brought:
    """A file as somebody brings it: what they call it, its content, and how many bytes it is."""

    name: str
    content: IO[bytes]
    size: int

    @classmethod
    def of(cls, file: UploadedFile[Any]) -> Brought:
        return cls(file.name or "", cast("IO[bytes]", file), file.size or 0)


def open_(actor: Actor, draft_id: str, at_least: Role = Role.EDITOR) -> Draft:
    """The draft, its sources told with their states."""
    return open_draft(actor, _kind(), draft_id, at_least)


def add_file(actor: Actor, draft_id: str, file: Brought, *, begins: bool = True) -> dict[str, Any]:
    """Add a file and, if reading ``begins``, have it read; gives the source. 413 when it is too
    large, or the workspace is full."""
    check_size(file)
    place = _new_place(actor, draft_id)
    given = {"type": "file_upload", "name": plain_name(file.name)}
    with room_for(actor.workspace_id, draft_id, file.size):
        original = files.keep(draft_id, place.source_id, files.pieces_of(file.content))
        return _added(actor, place, given, State(original=original, size=file.size), begins=begins)


def replace_file(actor: Actor, draft_id: str, source_id: str, file: Brought) -> None:
    """Put a file in the place of what the source was; it is still to be read. 413 as for adding
    one."""
    check_size(file)
    place = place_of(actor, draft_id, source_id)
    given: dict[str, Any] = {"id": source_id, "type": "file_upload", "name": plain_name(file.name)}
    if source(actor, draft_id, source_id).get("type") != "file_upload":
        given["format"] = None  # which only texts have
    with room_for(actor.workspace_id, draft_id, file.size):
        original = files.keep(draft_id, source_id, files.pieces_of(file.content))
        editing.patch(actor, _kind(), draft_id, {"sources": {source_id: given}})
        before = states.state(draft_id, source_id)
        states.put(place, State(original=original, size=file.size))
    # What was left out were pages of another file, which have the same numbers.
    pages.use_all(draft_id, source_id)
    if before:
        known = (before.original, before.text, before.former, before.coming)
        files.remove(draft_id, source_id, *known)


def check_size(file: Brought) -> None:
    """Raise ``Problem`` 413 where the file is larger than any may be."""
    if file.size > settings.LARGEST_FILE:
        mega = settings.LARGEST_FILE // (1024 * 1024)
        words = _("%(name)s is larger than %(size)s MB. Nothing of it was kept.")
        raise too_large(words % {"name": plain_name(file.name), "size": mega})


def add_text(actor: Actor, draft_id: str, name: str, content: str, format_: str) -> dict[str, Any]:
    """Add a text; gives the source, which is ready at once. 413 when the workspace is full."""
    text = checked_text(content)
    place = _new_place(actor, draft_id)
    called = visible(name)[:LONGEST_NAME] or _("Text")
    given = {"type": "text_input", "name": called, "format": format_}
    pages_ = (Page(1, text),)
    with room_for(actor.workspace_id, draft_id, len(files.encoded(pages_))):
        return _added(actor, place, given, with_text(place, State(), text))


def add_website(
    actor: Actor, draft_id: str, url: str, crawl_config: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Add a website and have it read; gives the source."""
    if names_a_user(url):
        words = _("An address may hold no user name and no password: nothing of it was kept.")
        raise invalid(words, FieldError("url", _("holds a user name or a password")))
    try:
        ADDRESS.validate_python(url)
        is_one = bool(normalised(url))
    except ValidationError:
        is_one = False
    if not is_one:
        words = _("That is no address of a web page, such as https://example.com/docs.")
        raise invalid(words, FieldError("url", _("is no web address")))
    place = _new_place(actor, draft_id)
    given: dict[str, Any] = {"type": "website", "url": url}
    if crawl_config:
        given["crawl_config"] = dict(crawl_config)
    return _added(actor, place, given, State())


def add_from_account(
    actor: Actor, draft_id: str, type_: str, pasted: str, credential_id: str
) -> dict[str, Any]:
    """Add what an account holds at a service, and have it read; gives the source. ``pasted`` is an
    address or an id."""
    kind = account(type_)
    try:
        given = {"type": type_, kind.id_field: kind.id_of(pasted), "credential_id": credential_id}
    except ValueError as error:
        words = _("That is no address of %(service)s.") % {"service": kind.label}
        raise invalid(words, FieldError(kind.id_field, f"{error}.")) from error
    if not choices.is_there(actor.workspace_id, kind.credential_kind, credential_id):
        words = _("Choose a credential of %(service)s.") % {"service": kind.label}
        raise invalid(words, FieldError("credential_id", _("There is no such credential.")))
    return _added(actor, _new_place(actor, draft_id), given, State())


def change(actor: Actor, draft_id: str, source_id: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Merge ``given`` into the source; gives it as it is then."""
    place = place_of(actor, draft_id, source_id)
    if "id" in given and given["id"] != source_id:
        raise invalid(_("A source keeps its ID."), FieldError("id", _("cannot be changed")))
    patch = {"sources": {place.source_id: {**given, "id": source_id}}}
    editing.patch(actor, _kind(), draft_id, patch)
    return source(actor, draft_id, source_id)


def remove(actor: Actor, draft_id: str, source_id: str) -> None:
    """Take the source out; undoing brings it back."""
    place = place_of(actor, draft_id, source_id)
    reading.stop(place)
    editing.patch(actor, _kind(), draft_id, {"sources": {source_id: None}})


def remove_unread(actor: Actor, draft_id: str) -> None:
    """Take out all sources that were not read; undoing brings them back."""
    sources = open_(actor, draft_id).data.get("sources") or ()
    failed = [each["id"] for each in sources if each.get("status") == states.FAILED]
    if failed:
        editing.patch(actor, _kind(), draft_id, {"sources": dict.fromkeys(failed)})


def read_again(actor: Actor, draft_id: str, source_id: str) -> dict[str, Any]:
    """Have the source read, for the first time or anew. 409 when there is nothing to read it
    from."""
    place = place_of(actor, draft_id, source_id)
    found = states.state(draft_id, source_id)
    type_ = str(source(actor, draft_id, source_id).get("type"))
    if found and found.status == READY and not reading.can_read_again(type_, found):
        words = _("What it was read from is not kept here. Replace it, or go on with what is read.")
        raise conflict(words)
    if found is None or not found.is_busy:
        reading.begin(place, found)
    return source(actor, draft_id, source_id)


def stop(actor: Actor, draft_id: str, source_id: str) -> dict[str, Any]:
    """End the reading of the source. 409 when it is not being read."""
    place = place_of(actor, draft_id, source_id)
    if reading.stop(place) is None:
        raise conflict(_("This source is not being read."))
    return source(actor, draft_id, source_id)


def source(
    actor: Actor, draft_id: str, source_id: str, at_least: Role = Role.VIEWER
) -> dict[str, Any]:
    """One source, with its state; 404 when there is none."""
    sources = open_(actor, draft_id, at_least).data.get("sources") or ()
    found = next((each for each in sources if each.get("id") == source_id), None)
    if found is None:
        raise not_found(_("There is no such source."))
    return dict(found)


def with_text(place: Place, found: State, text: str) -> State:
    """The state of a source whose text is given."""
    read = (Page(1, text),)
    name = files.keep_pages(place.draft_id, place.source_id, read)
    ready = State(status=READY, text=name, size=len(text.encode()), original=found.original)
    return pages.with_counts(ready, read)


def checked_text(content: str, *, may_be_empty: bool = False) -> str:
    """A text as the database can hold it; raises ``Problem`` when there is nothing, or too much."""
    text = content.replace("\r\n", "\n").replace("\0", "")
    if not may_be_empty and not text.strip():
        raise invalid(_("The text is empty."), FieldError("content", _("is empty")))
    if len(text) > LONGEST_TEXT:
        raise too_large(_("The text is longer than a million characters. Upload it as a file."))
    return text


def plain_name(name: str) -> str:
    """A file's name as people see it: without folders, and without what cannot be seen."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return visible(last)[:LONGEST_NAME]


def _added(
    actor: Actor, place: Place, given: dict[str, Any], state: State, *, begins: bool = True
) -> dict[str, Any]:
    patch = {"sources": {place.source_id: {"id": place.source_id, **given}}}
    states.put(place, state)
    try:
        with _one_after_the_other(place.draft_id):
            _check_count(open_(actor, place.draft_id))
            editing.patch(actor, _kind(), place.draft_id, patch)
    except Problem:
        states.remove(place)
        files.remove_source(place.draft_id, place.source_id)
        raise
    if begins and state.status != READY:
        reading.begin(place, state)
    return source(actor, place.draft_id, place.source_id)


def _new_place(actor: Actor, draft_id: str) -> Place:
    draft = open_(actor, draft_id)
    _check_count(draft)
    if len(states.states(draft.id)) >= MOST_KEPT:
        words = _(
            "Of this draft %(count)s sources are kept, most of which were taken out and can be "
            "brought back. Go on in a copy of the draft, which leaves those behind."
        )
        raise conflict(words % {"count": MOST_KEPT})
    return Place(actor.workspace_id, draft.id, f"src_{secrets.token_hex(8)}")


def _check_count(draft: Draft) -> None:
    if len(draft.data.get("sources") or ()) >= MOST_SOURCES:
        words = _("A knowledge base holds at most %(count)s sources.")
        raise conflict(words % {"count": MOST_SOURCES})


@contextmanager
def _one_after_the_other(draft_id: str) -> Iterator[None]:
    """Changes of different sources do not see each other, so those that add one are counted in
    turn. Raises ``Problem`` 503 when the turn does not come."""
    lock = Lock(get_redis_connection("drafts"), f"kb:{draft_id}:adding", timeout=TURN, sleep=PAUSE)
    if not lock.acquire(blocking_timeout=TURN):
        raise unavailable(_("Too many sources are being added at once. Try again in a moment."))
    try:
        yield
    finally:
        with suppress(LockNotOwnedError):  # it ran out
            lock.release()


def place_of(actor: Actor, draft_id: str, source_id: str) -> Place:
    """Where a source is kept that the actor may change; 404 when there is none."""
    source(actor, draft_id, source_id, Role.EDITOR)
    if not re.fullmatch(SOURCE_ID, source_id):  # of a draft from before they were checked
        raise not_found(_("There is no such source."))
    return Place(actor.workspace_id, draft_id, source_id)


def _kind() -> DraftType[Any]:
    return draft_types.get(KIND)
