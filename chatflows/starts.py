"""The starts of a flow: what begins it, and when it begins by itself."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from chatflows.drawn import drawing_of
from chatflows.nodes.trigger import CHAT, SCHEDULE, TriggerSettings
from chatflows.timetable import TimetableError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from chatflows.drawn import Drawing, DrawnNode
    from chatflows.schema import Chatflow
    from chatflows.timetable import Timetable

SHOWN = 3


def starts_in(data: Mapping[str, Any]) -> dict[str, TriggerSettings]:
    """The starts of a document by what they begin with, the first of each kind."""
    found: dict[str, TriggerSettings] = {}
    for each in drawing_of(data).of_kind("trigger"):
        settings = settings_of(each)
        found.setdefault(settings.trigger_type, settings)
    return found


def settings_of(trigger: DrawnNode) -> TriggerSettings:
    """Those of a start."""
    assert isinstance(trigger.settings, TriggerSettings)
    return trigger.settings


def begins_with(trigger: DrawnNode) -> str:
    """``chat_message``, ``webhook`` or ``schedule``."""
    return settings_of(trigger).trigger_type


def chat_starts(drawing: Drawing) -> list[DrawnNode]:
    """Those that begin with a message in the chat."""
    return [each for each in drawing.of_kind("trigger") if begins_with(each) == CHAT]


def starts_of(configuration: Chatflow) -> dict[str, TriggerSettings]:
    """Those of a whole configuration."""
    return starts_in(configuration.model_dump(mode="json", include={"nodes"}))


def next_runs(settings: TriggerSettings) -> str:
    """When a start begins the flow next, as a sentence; empty where it does not by itself, or where
    its timetable is wrong, as is told at the setting."""
    if settings.trigger_type != SCHEDULE:
        return ""
    try:
        timetable = settings.timetable
    except TimetableError:
        return ""
    times = islice(timetable.times(timezone.now()), SHOWN)
    shown = " · ".join(shown_in(timetable, moment) for moment in times)
    return _("Next: %(times)s") % {"times": shown}


def shown_in(timetable: Timetable, moment: datetime) -> str:
    """A moment as the clocks of a timetable's zone show it, for people."""
    return date_format(timetable.local(moment), "D, j M Y, H:i")
