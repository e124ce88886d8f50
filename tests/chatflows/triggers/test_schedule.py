"""Flows that start at a set time: once for each, made up for within an hour, kept with releases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

import pytest
from celery import current_app
from django.test import Client
from django.utils import timezone

from chatflows import tasks
from chatflows.models import Schedule
from chatflows.triggers import schedules
from conversations.models import Conversation, Message
from drafts.deploying import rollback
from drafts.entities import remove
from tests.chatflows.triggers.conftest import CHAT, CLOCK, deployed_again, flow, live_flow
from tests.support.at_once import at_once
from tests.support.people import signed_in

if TYPE_CHECKING:
    from drafts.models import Entity
    from workspaces.access import Actor

pytestmark = pytest.mark.django_db(transaction=True)
SAYS = "It is {{clock.date}}, {{clock.time}}."


@pytest.fixture
def daily(bob: Actor) -> Entity:
    return live_flow(bob, flow(CLOCK, says=SAYS))


def due(minutes: float = 1) -> datetime:
    """Make the schedule due since so many minutes, every minute."""
    moment = timezone.now().replace(second=0, microsecond=0) - timedelta(minutes=minutes)
    Schedule.objects.update(next_run_at=moment)
    return moment


def test_a_release_writes_when_it_runs_next(daily: Entity) -> None:
    row = Schedule.objects.get()
    assert (row.entity_id, row.cron, row.timezone) == (daily.pk, "30 9 * * *", "UTC")
    assert row.next_run_at > timezone.now()
    assert f"{row.next_run_at:%H:%M}" == "09:30"


def test_what_is_due_runs_once_and_is_kept(daily: Entity) -> None:
    Schedule.objects.update(cron="* * * * *")
    due()
    row = Schedule.objects.get()
    at_once(*(lambda: schedules.run(row.pk) for _worker in range(2)))
    tasks.run_schedule(row.pk)
    conversation = Conversation.objects.get()
    assert (conversation.channel, conversation.entity_id) == ("schedule", daily.pk)
    said = Message.objects.get(role="assistant").content
    assert said.startswith("It is 20")
    assert Message.objects.get(role="user").content.startswith("At 20")
    row.refresh_from_db()
    assert row.next_run_at > timezone.now()
    assert (row.last_error, row.running_until) == ("", None)
    assert row.last_run_at is not None


def _row(cron: str, next_run_at: datetime, zone: str = "UTC") -> Schedule:
    Schedule.objects.update(cron=cron, timezone=zone, next_run_at=next_run_at)
    return Schedule.objects.get()


def test_only_the_newest_time_that_was_missed_is_made_up_for(daily: Entity) -> None:
    now = datetime(2026, 5, 1, 12, 0, 30, tzinfo=UTC)
    row = _row("*/10 * * * *", now - timedelta(days=3, seconds=30))
    assert schedules.claimed(row, now) == datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
    row.refresh_from_db()
    assert row.next_run_at == datetime(2026, 5, 1, 12, 10, tzinfo=UTC)


@pytest.mark.parametrize(("minutes", "runs"), [(59, True), (61, False)])
def test_what_is_more_than_an_hour_late_is_left_out(
    daily: Entity, minutes: int, *, runs: bool
) -> None:
    slot = datetime(2026, 5, 1, 9, 0, tzinfo=UTC)
    row = _row("0 9 * * *", slot)
    found = schedules.claimed(row, slot + timedelta(minutes=minutes))
    assert found == (slot if runs else None)
    row.refresh_from_db()
    assert row.next_run_at == slot + timedelta(days=1)
    assert ("was missed" in row.last_error) is not runs


def test_of_many_workers_that_saw_it_due_one_has_it(daily: Entity) -> None:
    slot = datetime(2026, 5, 1, 9, 0, tzinfo=UTC)
    rows = [_row("0 9 * * *", slot) for _worker in range(8)]
    found = at_once(*(partial(schedules.claimed, row, slot) for row in rows))
    assert [each for each in found if each] == [slot]


def test_late_in_an_hour_that_comes_twice_it_runs_once(daily: Entity) -> None:
    """Half past two, made up for after the clocks went back from three to two."""
    slot = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    row = _row("30 2 * * *", slot, "Europe/Berlin")
    late = slot + timedelta(minutes=40)
    assert schedules.claimed(row, late) == slot
    row.refresh_from_db()
    assert row.next_run_at == datetime(2026, 10, 26, 1, 30, tzinfo=UTC)
    assert schedules.claimed(row, late + timedelta(minutes=10)) is None


def test_what_was_due_is_not_run_for_a_flow_that_was_deleted_or_says_other_times(
    daily: Entity, bob: Actor
) -> None:
    """A worker read it, and somebody was faster than the worker."""
    due()
    row = Schedule.objects.get()
    deployed_again(bob, daily, flow({**CLOCK, "cron": "31 9 * * *"}, says=SAYS))
    assert schedules.claimed(row) is None
    due()
    row = Schedule.objects.get()
    remove(bob, type(daily).objects.get(pk=daily.pk))
    assert schedules.claimed(row) is None
    schedules.run(row.pk)
    assert not Conversation.objects.exists()


def test_a_release_just_before_the_time_is_the_one_that_runs(daily: Entity, bob: Actor) -> None:
    due()
    deployed_again(bob, daily, flow(CLOCK, says="Newer words"))
    schedules.run(Schedule.objects.get().pk)
    assert Message.objects.get(role="assistant").content == "Newer words"


def test_a_time_is_claimed_by_one_worker_and_not_by_an_older_timetable(daily: Entity) -> None:
    slot = datetime(2026, 5, 1, 9, 0, tzinfo=UTC)
    row = _row("0 9 * * *", slot)
    assert schedules.claimed(row, slot) == slot
    assert schedules.claimed(row, slot) is None
    row = _row("0 9 * * *", slot)
    Schedule.objects.update(cron="0 10 * * *")
    assert schedules.claimed(row, slot) is None


def test_the_sweep_asks_workers_and_tells_of_what_was_interrupted(
    daily: Entity, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    monkeypatch.setattr(current_app, "send_task", lambda *words, **_more: asked.append(words))
    tasks.sweep()
    assert asked == []
    due()
    Schedule.objects.update(running_until=timezone.now() - timedelta(seconds=1))
    tasks.sweep()
    row = Schedule.objects.get()
    assert asked == [(schedules.TASK, (row.pk,))]
    assert "interrupted" in row.last_error


def test_a_failure_is_kept_and_shown(bob: Actor) -> None:
    document = flow(CLOCK)
    document["nodes"][1] = {"id": "say", "type": "http", "data": {"url": "http://127.0.0.1:1/"}}
    entity = live_flow(bob, document)
    Schedule.objects.update(cron="* * * * *")
    due()
    schedules.run(Schedule.objects.get().pk)
    error = Schedule.objects.get().last_error
    assert "say" in error
    assert Message.objects.get(role="assistant").error == error
    page = signed_in(Client(), bob).get(f"/w/{bob.workspace.slug}/chatflows/{entity.pk}/")
    assert "The last run came to nothing" in page.content.decode()


def test_releases_change_it_and_take_it_away(daily: Entity, bob: Actor) -> None:
    moment = due()
    deployed_again(bob, daily, flow(CLOCK, says="Other words"))
    assert Schedule.objects.get().next_run_at == moment
    entity = deployed_again(bob, daily, flow({**CLOCK, "timezone": "Asia/Tokyo"}, says=SAYS))
    row = Schedule.objects.get()
    assert (row.timezone, row.next_run_at > timezone.now()) == ("Asia/Tokyo", True)
    entity = deployed_again(bob, entity, flow(CHAT, says="Hi"))
    assert not Schedule.objects.exists()
    rollback.rollback(bob, type(daily).objects.get(pk=daily.pk), 1)
    assert Schedule.objects.get().timezone == "UTC"
    remove(bob, type(daily).objects.get(pk=daily.pk))
    assert not Schedule.objects.exists()
