"""The badge of a channel on the pages of what is deployed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.utils.translation import gettext_lazy as _

from channels_deploy.models import Connection

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise

    from channels_deploy.states import ChannelState


class Look(NamedTuple):
    """What a badge says, its colour and its icon."""

    words: str | _StrPromise
    tone: str
    icon: str


Status = Connection.Status
LOOKS: Mapping[str, Look] = {
    Status.SUCCESS: Look(Status.SUCCESS.label, "green", "circle-check"),
    Status.PENDING: Look(Status.PENDING.label, "blue", "loader-circle"),
    Status.ERROR: Look(Status.ERROR.label, "red", "circle-alert"),
    Status.DISABLED: Look(Status.DISABLED.label, "", "circle-pause"),
}
UNUSED = Look(_("Not deployed"), "", "circle-dashed")
ILL = Look(_("Needs attention"), "red", "circle-alert")

# One that is being connected waits for a worker, or for its service to be in a better state.
QUEUED = Look(_("Queued"), "blue", "clock")
AGAIN = Look(_("Tried again soon"), "amber", "clock")

# What is said of one that is being taken back, or could not be.
OFF = {Status.PENDING: _("Switching off"), Status.ERROR: _("Not withdrawn")}
LEAVING = {Status.PENDING: _("Being removed")}


def look(state: ChannelState) -> Look:
    """How ``state`` is shown."""
    if state.connection is None:
        return UNUSED
    if state.is_ill:
        return ILL
    if state.limit:
        return Look(state.limit.words, "amber", "triangle-alert")
    if not state.connection.enabled:
        return _going(state, state.connection)
    if state.is_pending and not state.is_being_done:
        return AGAIN if state.next_attempt_at else QUEUED
    return LOOKS[state.status]


def _going(state: ChannelState, row: Connection) -> Look:
    """Of one that is off, or on its way there."""
    words = OFF | (LEAVING if row.leaving else {})
    usual = LOOKS[state.status]
    return usual._replace(words=words.get(state.status, usual.words))
