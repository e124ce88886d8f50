"""When something happens again and again: five fields as cron has them, in a time zone. Pure.

Where clocks are put forward, what falls into the hour that is skipped happens right after it; where
they are put back, what has a set hour happens once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from itertools import dropwhile, takewhile
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, available_timezones

from cronsim import CronSim, CronSimError

if TYPE_CHECKING:
    from collections.abc import Iterator

REGIONS = frozenset(
    {
        *("Africa", "America", "Antarctica", "Arctic", "Asia"),
        *("Atlantic", "Australia", "Europe", "Indian", "Pacific"),
    }
)
FIELDS = ("minute", "hour", "day of the month", "month", "day of the week")
# What the library calls them in its errors.
_SHORT = {"day-of-month": "day of the month", "day-of-week": "day of the week"}
_HOW = (
    "Give five fields, such as 0 9 * * MON-FRI: minute, hour, day of the month, month, day of the "
    "week."
)


class TimetableError(ValueError):
    """No timetable; the message says what is wrong with it."""


@dataclass(frozen=True)
class Timetable:
    """``cron`` has five fields, read in the zone of that name, such as ``Europe/Berlin``. Raises
    ``TimetableError`` where it is none, or where it never comes."""

    cron: str
    zone: str = "UTC"

    def __post_init__(self) -> None:
        if self.zone not in zones():
            raise TimetableError(f"There is no time zone {self.zone}.")
        if len(self.cron.split()) != len(FIELDS):
            raise TimetableError(_HOW)
        try:
            never = next(self._from(datetime.now(UTC)), None) is None
        except CronSimError as error:
            raise TimetableError(_told(str(error))) from None
        if never:
            raise TimetableError("There is no such day: it never comes.")

    def after(self, moment: datetime) -> datetime:
        """The first time after ``moment``, in UTC."""
        return next(self.times(moment))

    def times(self, moment: datetime) -> Iterator[datetime]:
        """All times after ``moment``, in UTC, the next one first."""
        found = (each.astimezone(UTC) for each in self._from(moment))
        # Between the two of an hour that comes twice, the library begins with one that is over.
        return dropwhile(lambda each: each <= moment, found)

    def last(self, moment: datetime) -> datetime:
        """The newest time that is not after ``moment``, in UTC."""
        before = next(self._from(moment, reverse=True)).astimezone(UTC)
        # Backwards the library leaves out the first of an hour that comes twice, and ``moment``.
        return max(takewhile(lambda each: each <= moment, self.times(before)), default=before)

    def local(self, moment: datetime) -> datetime:
        """``moment`` as the clocks of the zone show it."""
        return moment.astimezone(ZoneInfo(self.zone))

    def _from(self, moment: datetime, *, reverse: bool = False) -> CronSim:
        return CronSim(self.cron.upper(), moment.astimezone(ZoneInfo(self.zone)), reverse)


@cache
def zones() -> frozenset[str]:
    """The names of all time zones of the time zone database."""
    return frozenset(available_timezones())


def places() -> list[str]:
    """The zones that people look for: those of cities, and UTC. The others are aliases, or for
    machines."""
    return ["UTC", *sorted(name for name in zones() if name.partition("/")[0] in REGIONS)]


def _told(error: str) -> str:
    name = error.removeprefix("Bad ")
    name = _SHORT.get(name, name)
    return f"The {name} cannot be read." if name in FIELDS else _HOW
