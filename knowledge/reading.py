"""Reads sources in the background: begun, looked after, stopped, begun again.

A reading has an attempt's number; whatever an older attempt still does is written nowhere. A worker
that dies is followed by another one, see ``sweep``.
"""

from __future__ import annotations

import logging
import secrets
import time
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from celery import current_app
from django.utils.translation import gettext as _

from common import crash, leases
from common.problems import Problem
from drafts.access import is_kept, kept
from drafts.address import Address
from knowledge.beside import files, pages, room, states
from knowledge.beside.states import FAILED, PARSING, PENDING, READY, State
from knowledge.credentials.choices import values_of_kind
from knowledge.kind import KIND
from knowledge.schema import LONGEST_NAME
from knowledge.sources import kind_of
from knowledge.sources.base import Reading, StoppedError, UnreadError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from knowledge.beside.states import Place
    from knowledge.sources.base import SourceKind
    from knowledge.texts import Page, Parsed

logger = logging.getLogger(__name__)
TASK = "knowledge.tasks.read"
# Seconds between two looks at whether somebody has stopped the reading, and two words of progress.
PAUSE = 0.5
# After so many workers that were lost over a source it is theirs no more, but a person's to see to.
MOST_INTERRUPTIONS = 5


def begin(place: Place, found: State | None = None, *, interruptions: int = 0) -> State:
    """Have the source read, anew if need be; what was read before stays until then."""
    begun = replace(
        found or State(),
        status=PENDING,
        error="",
        done=0,
        notes=(),
        attempt=secrets.token_hex(8),
        interruptions=interruptions,
    )
    states.put(place, begun)
    wake(place, begun.attempt)
    return begun


def read_now(place: Place) -> State:
    """Read the source before going on; gives what is there then. Raises ``UnreadError`` when
    nothing was read, whether it failed or somebody else stopped or took over the reading."""
    found = states.state(place.draft_id, place.source_id) or State()
    begun = replace(found, status=PENDING, error="", notes=(), attempt=secrets.token_hex(8))
    states.put(place, begun)
    run(place, begun.attempt)
    after = states.state(place.draft_id, place.source_id)
    if after is None or after.attempt != begun.attempt:
        raise UnreadError(_("The reading was interrupted. Try again."))
    if after.status != READY or after.text == begun.text:
        raise UnreadError(after.error or " ".join(after.notes))
    return after


def can_read_again(type_: str, found: State | None) -> bool:
    """Whether a source of this type has what it is read from: a text is there from the start, and
    the original of a file may not be beside this draft."""
    if type_ == "text_input":
        return False
    return type_ != "file_upload" or (found is not None and bool(found.original))


def wake(place: Place, attempt: str) -> None:
    """Tell a worker; when nobody can be told now, the sweep does it."""
    current_app.send_task(TASK, (str(place), attempt), ignore_result=True, retry=False)


def stop(place: Place) -> State | None:
    """End the reading; gives the state, None when there is nothing to stop."""
    found = states.state(place.draft_id, place.source_id)
    if found is None or not found.is_busy:
        return None
    ended = ended_without(found, _("The reading was stopped. Start it again, or take it out."))
    states.put(place, ended)
    return ended


def ended_without(found: State, error: str) -> State:
    """The state after a reading without a result: what was read before counts on."""
    if found.text:
        return replace(found, status=READY, attempt="", done=0, notes=(error,))
    return replace(found, status=FAILED, error=error, attempt="", done=0)


def run(place: Place, attempt: str) -> None:
    """Read the source, if ``attempt`` is still the newest and nobody is at it. In a worker; safe to
    run twice: what takes longer than the broker waits for a worker is given out again."""
    with leases.lease(f"kb:{place.draft_id}:reading:{place.source_id}:{attempt}") as mine:
        if mine:
            _run(place, attempt)


def _run(place: Place, attempt: str) -> None:
    found = states.state(place.draft_id, place.source_id)
    source = source_of(place)
    if found is None or found.attempt != attempt or not found.is_busy:
        return
    if source is None:
        states.settled(place)
        return
    # Whoever was killed over it has left what was not yet in the source's state.
    files.remove(place.draft_id, place.source_id, found.coming)
    _Attempt(place, replace(found, status=PARSING, coming=""), source).carry_out()


def source_of(place: Place) -> Mapping[str, Any] | None:
    """The source as the draft has it now; None when the draft or the source is gone."""
    draft = kept(Address(KIND, place.draft_id, place.workspace_id))
    sources = draft.data.get("sources", ()) if draft else ()
    return next((each for each in sources if each.get("id") == place.source_id), None)


@dataclass
class _Attempt:
    place: Place
    state: State
    source: Mapping[str, Any]
    notes: list[str] = field(default_factory=list)
    looked_at: float = 0.0
    wanted: bool = True

    def carry_out(self) -> None:
        if not states.write(self.place, self.state):
            return
        crash.point("reading.claimed")
        kind = kind_of(self.source)
        try:
            after = self._read(self._parsed(kind))
        except StoppedError:
            return
        except UnreadError as error:
            after = self._failed(str(error))
        except Problem as full:
            after = self._failed(full.detail)
        except Exception:
            # Whatever it was: the person is told, the worker goes on with the next source.
            logger.exception("reading a source of %s failed", self.place.draft_id)
            after = self._failed(_("Something went wrong on our side. Try again."))
        if not states.write(self.place, after):
            self._clear_up(after)
        elif after.status == READY:
            # Whoever looks at the text before has it still; the one before that has nobody.
            files.remove(self.place.draft_id, self.place.source_id, self.state.former)
            # Somebody may have edited a page just before it was there.
            pages.recount(self.place.draft_id, self.place.source_id)

    def _clear_up(self, after: State) -> None:
        """Nobody wanted it any more: remove what was written of it."""
        if after.text != self.state.text:
            files.remove(self.place.draft_id, self.place.source_id, after.text)
        if not is_kept(KIND, self.place.draft_id):
            files.remove_draft(self.place.draft_id)
        else:
            room.look(self.place.workspace_id, self.place.draft_id)

    def _failed(self, error: str) -> State:
        """Still of this attempt, or it would be taken for that of an older one."""
        return replace(ended_without(self.state, error), attempt=self.state.attempt)

    def _parsed(self, kind: SourceKind) -> Parsed:
        place, name = self.place, self.state.original
        original = files.path_of(place.draft_id, place.source_id, name) if name else None
        values = partial(values_of_kind, place.workspace_id)
        reading = Reading(
            original,
            self._progress,
            self.notes.append,
            self._is_stopped,
            values,
            self._earlier(),
        )
        return kind.read(self.source, reading)

    def _earlier(self) -> tuple[Page, ...]:
        """The pages of the reading before; none where they are gone."""
        place, name = self.place, self.state.text
        with suppress(OSError):
            return files.pages(place.draft_id, place.source_id, name) if name else ()
        return ()

    def _read(self, parsed: Parsed) -> State:
        """The state once the pages are written."""
        crash.point("reading.read")
        place, name = self.place, self._kept(parsed.pages)
        crash.point("reading.kept")
        after = replace(
            self.state,
            status=READY,
            attempt=self.state.attempt,
            title=parsed.title[:LONGEST_NAME],
            mime_type=parsed.mime_type or self.state.mime_type,
            notes=tuple(self.notes),
            text=name,
            former=self.state.text,
            coming="",
            done=0,
        )
        approved = pages.approved(place.draft_id, place.source_id, after)
        return pages.with_counts(after, approved)

    def _kept(self, read: Sequence[Page]) -> str:
        """The name of the file that the pages are in now. It is in the state before there is one:
        of a worker that is killed meanwhile nothing stays that nobody knows of."""
        place, name = self.place, files.new_name()
        with room.room_for(place.workspace_id, place.draft_id, len(files.encoded(read))):
            self.state = replace(self.state, coming=name)
            self._look()
            if not self.wanted:
                raise StoppedError
            files.keep_pages(place.draft_id, place.source_id, read, name)
        return name

    def _progress(self, done: int) -> None:
        self.state = replace(self.state, done=done)
        if time.monotonic() - self.looked_at > PAUSE:
            self._look()

    def _is_stopped(self) -> bool:
        if time.monotonic() - self.looked_at > PAUSE:
            self._look()
        return not self.wanted

    def _look(self) -> None:
        """Write how far it is, which also says whether anybody still wants it."""
        self.looked_at = time.monotonic()
        self.wanted = states.write(self.place, self.state)


def sweep() -> int:
    """Begin again what nobody works on any more: a worker died, or a message was lost. Gives how
    many there were."""
    places = states.overdue()
    for place in places:
        try:
            _look_after(place)
        except Exception:
            # Whatever it was: the other sources are not to wait for this one.
            logger.exception("looking after %s failed", place)
    return len(places)


def _look_after(place: Place) -> None:
    found = states.state(place.draft_id, place.source_id)
    if found is None or not found.is_busy or source_of(place) is None:
        states.settled(place)
        return
    # One that only waits was lost with its message.
    interruptions = found.interruptions + (found.status == PARSING)
    if interruptions < MOST_INTERRUPTIONS:
        begin(place, found, interruptions=interruptions)
        return
    words = _("Reading it was interrupted %(count)d times. Try again, or take it out.")
    states.put(place, ended_without(found, words % {"count": interruptions}))
