"""Brings along what lies beside a draft when another one is made of it, or of a release."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, Any

from drafts.draft import Draft
from drafts.models import Release
from drafts.releases import configuration_of
from knowledge.beside import files, pages, room, states
from knowledge.beside.states import FAILED, READY, Place, State
from knowledge.models import ReleasedDocument

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def bring_along(draft: Draft, origin: Draft | Release | None) -> None:
    """Beside ``draft`` there is then what was beside ``origin``; nothing for an imported file."""
    if isinstance(origin, Draft):
        _of_draft(draft, origin)
    elif isinstance(origin, Release):
        _of_release(draft, origin)


def _of_draft(draft: Draft, origin: Draft) -> None:
    """What was taken out of the origin stays there, where it can be brought back."""
    there = {str(source.get("id")) for source in draft.data.get("sources") or ()}
    known = {name: each for name, each in states.states(origin.id).items() if name in there}
    size = files.size_of(origin.id, there, with_live=True)
    with room.room_for(draft.workspace_id, draft.id, size):
        files.copy_draft(origin.id, draft.id, there)
    pages.copy(origin.id, draft.id, list(known))
    states.put_all(draft.id, {name: _own(each) for name, each in known.items()})


def _own(state: State) -> State:
    """The state in the copy; what is being read elsewhere has to be asked for again here."""
    named = replace(state, text=files.own_name(state.text))
    return replace(named, attempt="", done=0) if state.is_busy else named


def _of_release(draft: Draft, release: Release) -> None:
    rows = (
        ReleasedDocument.objects.filter(release=release)
        .select_related("text")
        .order_by("source_id", "pk")
    )
    told = {source["id"]: source for source in configuration_of(release)["sources"]}
    made = {
        source_id: _source(draft, told[source_id], list(group))
        for source_id, group in groupby(rows, key=lambda row: row.source_id)
    }
    failed = {key: _unread(each) for key, each in told.items() if each["status"] == FAILED}
    states.put_all(draft.id, made | failed)


def _unread(told: Mapping[str, Any]) -> State:
    """The state of a source that could not be read when the release was made."""
    size, mime_type = told.get("size") or 0, told.get("mime_type") or ""
    return State(status=FAILED, error=told["error"] or "", size=size, mime_type=mime_type)


def _source(draft: Draft, told: Mapping[str, Any], rows: Sequence[ReleasedDocument]) -> State:
    """Write the pages of a source as the release has them; gives the source's state. There is
    always room for them: without a draft, nothing could be taken out of a live base."""
    held = [page for row in rows for page in row.text.pages]
    read = files.from_data(
        {name: value for name, value in page.items() if name != "approved"} for page in held
    )
    source_id: str = told["id"]
    name = files.keep_pages(draft.id, source_id, read, files.new_name(files.LIVE))
    size = told.get("size") or 0
    state = State(status=READY, mime_type=rows[0].mime_type, text=name, size=size)
    unwanted = [page for page, row in zip(read, held, strict=True) if not row.get("approved", True)]
    pages.leave_out(Place(draft.workspace_id, draft.id, source_id), unwanted)
    return pages.with_counts(state, pages.approved(draft.id, source_id, state))
