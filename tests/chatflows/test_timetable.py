"""When something happens again: cron's five fields, and clocks that are put forward and back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import islice

import pytest

from chatflows.nodes.trigger import TriggerSettings
from chatflows.summary import starts_with
from chatflows.timetable import Timetable, TimetableError


def times(cron: str, zone: str, after: str, count: int = 3) -> list[str]:
    moments = Timetable(cron, zone).times(datetime.fromisoformat(after).replace(tzinfo=UTC))
    return [f"{each:%d %H:%M}" for each in islice(moments, count)]


def test_it_keeps_the_clocks_of_its_zone() -> None:
    assert times("0 9 * * *", "Europe/Berlin", "2026-03-27T12:00") == [
        *("28 08:00", "29 07:00", "30 07:00")
    ]
    assert times("0 9 * * mon-fri", "America/New_York", "2026-11-27T20:00") == [
        *("30 14:00", "01 14:00", "02 14:00")
    ]


def test_what_falls_into_the_hour_that_is_skipped_comes_right_after_it() -> None:
    assert times("30 2 * * *", "Europe/Berlin", "2026-03-28T12:00", 2) == ["29 01:00", "30 00:30"]


def test_a_set_hour_that_comes_twice_counts_once_and_every_hour_twice() -> None:
    assert times("30 2 * * *", "Europe/Berlin", "2026-10-24T12:00", 2) == ["25 00:30", "26 01:30"]
    assert times("0 * * * *", "Europe/Berlin", "2026-10-24T23:30") == [
        *("25 00:00", "25 01:00", "25 02:00")
    ]


@pytest.mark.parametrize("cron", ["30 2 * * *", "0 2 * * *", "0 3 * * *", "30 1-3 * * *"])
@pytest.mark.parametrize("day", ["2027-03-28", "2026-10-25", "2027-10-31"])
def test_each_moment_around_a_change_of_clocks_is_between_two_times(cron: str, day: str) -> None:
    """Whenever it is asked: neither the next time is over nor the newest one forgotten."""
    noon = datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=UTC)
    berlin = Timetable(cron, "Europe/Berlin")
    known = list(islice(berlin.times(noon - timedelta(days=3)), 20))
    for minutes in range(-16 * 60, 0):
        moment = noon + timedelta(minutes=minutes)
        assert berlin.after(moment) == min(each for each in known if each > moment)
        assert berlin.last(moment) == max(each for each in known if each <= moment)


def test_any_of_the_minutes_of_a_set_hour_keeps_to_the_clocks() -> None:
    assert times("*/30 2 * * *", "Europe/Berlin", "2027-03-27T12:00", 2) == ["29 00:00", "29 00:30"]
    assert times("*/30 2 * * *", "Europe/Berlin", "2026-10-24T12:00", 4) == [
        *("25 00:00", "25 00:30", "25 01:00", "25 01:30")
    ]


@pytest.mark.parametrize(
    ("now", "last"),
    [
        ("2026-05-01T09:00:00", "01 09:00"),
        ("2026-05-01T09:00:59", "01 09:00"),
        ("2026-05-01T08:59:59", "30 09:00"),
    ],
)
def test_the_newest_time_before(now: str, last: str) -> None:
    found = Timetable("0 9 * * *").last(datetime.fromisoformat(now).replace(tzinfo=UTC))
    assert f"{found:%d %H:%M}" == last


@pytest.mark.parametrize(
    ("cron", "words"),
    [
        ("", "five fields"),
        ("* * * *", "five fields"),
        ("* * * * * *", "five fields"),
        ("61 * * * *", "The minute"),
        ("* 24 * * *", "The hour"),
        ("0 0 30 2 *", "The day of the month"),
        ("0 0 * 13 *", "The month"),
        ("0 0 * * someday", "The day of the week"),
        ("*/0 * * * *", "The minute"),
        ("9" * 150 + " * * * *", "The minute"),
        ("٣ * * * *", "The minute"),
        ("@daily * * * *", "The minute"),
    ],
)
def test_what_cannot_be_read_is_told(cron: str, words: str) -> None:
    with pytest.raises(TimetableError, match=words):
        Timetable(cron)


def test_there_is_no_zone_on_the_moon() -> None:
    for zone in ("Moon/Crater", "", "../etc/passwd", "europe"):
        with pytest.raises(TimetableError, match="no time zone"):
            Timetable("0 9 * * *", zone)


@pytest.mark.parametrize(
    ("every", "cron"),
    [
        ("hour", "15 * * * *"),
        ("day", "15 08 * * *"),
        ("week", "15 08 * * fri"),
        ("cron", "1 2 3 4 5"),
    ],
)
def test_simple_choices_are_timetables_too(every: str, cron: str) -> None:
    given = {"every": every, "at": "08:15", "weekday": "fri", "cron": "1 2 3 4 5"}
    settings = TriggerSettings.model_validate({"trigger_type": "schedule", **given})
    assert settings.timetable == Timetable(cron)


def test_a_schedule_without_a_cron_expression_is_told_in_words() -> None:
    settings = TriggerSettings.model_construct(trigger_type="schedule", every="cron")
    assert starts_with(settings) == "By a cron expression (UTC)"
