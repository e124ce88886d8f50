"""From what happened to a call that arrives: once, signed, and again where it was not taken."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from common.turns import Turns
from conversations.erasing import erase_conversation, erase_lead
from conversations.happenings import Following, Happening
from conversations.leads import record_lead
from conversations.models import Message
from tests.conversations.conftest import deployed
from webhooks import by_hand, ending, forgetting, switching, tasks
from webhooks.fan_out import LONGEST_WRITE, LOT, fan_out
from webhooks.models import EventDelivery, Subscription
from webhooks.sealed import fill
from webhooks.sending import attempt, delivering, handing_out, schedule

if TYPE_CHECKING:
    from tests.webhooks.conftest import Desk
    from workspaces.access import Actor

STARTED = "conversation.created"


def test_a_turn_arrives_signed_and_whole(desk: Desk) -> None:
    desk.webhook()
    found = desk.say(text="Where is it?", handoff="Wants a parcel")
    desk.work()
    arrived = desk.hook.taken
    assert sorted(each.json["type"] for each in arrived) == [
        *("conversation.created", "handoff.requested", "message.created", "message.created")
    ]
    assert len(desk.hook.received) == 4
    assert all(each.id == each.json["id"] for each in arrived)
    assert {each.headers["content-type"] for each in arrived} == {"application/json"}
    said = {e["data"]["message"]["role"]: e["data"] for e in desk.told if "message" in e["data"]}
    assert said["user"]["message"]["content"] == "Where is it?"
    assert said["assistant"]["assistant"]["id"] == str(desk.bot.pk)
    assert said["user"]["conversation"]["id"] == str(found.pk)
    assert said["user"]["conversation"]["url"].endswith(f"/w/acme/inbox/{found.pk}/")
    assert set(EventDelivery.objects.values_list("status", flat=True)) == {"sent"}


def test_each_bot_and_event_goes_to_those_who_want_it(desk: Desk) -> None:
    other = deployed(desk.alice.workspace)
    desk.webhook(STARTED, entity_id=other.pk)
    desk.hook = desk.receiver.hook("")
    desk.webhook(STARTED)
    desk.say()
    desk.work()
    assert len(desk.told) == 1
    desk.say("s-2", bot=other)
    desk.work()
    assert len(desk.told) == 3
    assert len({each["id"] for each in desk.told}) == 2


def test_another_workspace_is_told_nothing(desk: Desk, mallory: Actor) -> None:
    desk.webhook(by=mallory)
    desk.say()
    desk.sweep()
    assert desk.told == []
    assert not Happening.objects.exists()


def test_an_event_that_is_passed_on_twice_is_sent_once(desk: Desk) -> None:
    desk.webhook(STARTED)
    desk.say()
    kept = list(Happening.objects.all())
    desk.work()
    Happening.objects.bulk_create(kept)
    desk.sweep()
    assert len(desk.told) == 1


def test_what_many_are_told_is_written_a_little_at_a_time(desk: Desk) -> None:
    for _ in range(20):
        desk.webhook("message.created")
    for number in range(10):
        desk.say(f"s-{number}", text="字" * 16_000)
    with CaptureQueriesContext(connection) as queries:
        fan_out()
    assert EventDelivery.objects.count() == 20 * 20
    assert max(len(each["sql"]) for each in queries) < 2 * LONGEST_WRITE


def test_nobody_waits_for_all_that_happened_elsewhere(desk: Desk, mallory: Actor) -> None:
    theirs = desk.webhook("message.created", by=mallory)
    crowded = deployed(mallory.workspace)
    for number in range(LOT):
        desk.say(f"m-{number}", bot=crowded)
    own = desk.webhook("message.created")
    desk.say()
    fan_out()
    assert theirs.deliveries.count() == 2 * LOT
    assert own.deliveries.count() == 2
    last = theirs.deliveries.latest("created_at")
    assert own.deliveries.latest("created_at").created_at < last.created_at


def test_what_happened_is_passed_on_by_few_threads(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.webhook(STARTED)
    desk.say()
    desk.asked.clear()
    with monkeypatch.context() as busy:
        busy.setattr(tasks, "_writers", Turns(0, 0))
        tasks.pass_on()
    assert not EventDelivery.objects.exists()
    assert [name for name, _ in desk.asked] == [tasks.pass_on.name]
    desk.work()
    assert len(desk.told) == 1


def test_nothing_is_read_that_is_told_to_nobody(desk: Desk) -> None:
    """What a flow keeps, and what went on inside, may have a megabyte each."""
    desk.webhook()
    conversation = desk.say(handoff="Wants a parcel")
    record_lead(desk.bot, "s-1", {"email": "ana@example.com"}, channel=conversation.channel)
    with CaptureQueriesContext(connection) as queries:
        fan_out()
    assert EventDelivery.objects.count() == 5
    for each in queries:
        assert not re.search(r'"(state|state_before|trace|sources|extras)"', each["sql"])


def test_a_task_that_comes_twice_sends_once(desk: Desk) -> None:
    desk.webhook(STARTED)
    desk.say()
    tasks.pass_on()
    task = next(args for name, args in desk.asked if name == handing_out.TASK)
    for _ in range(3):
        tasks.deliver(*task)
    assert len(desk.told) == 1


@pytest.mark.parametrize(
    ("fault", "how", "error"),
    [
        pytest.param("status", {"status": 500}, "The receiver answered 500.", id="a fault"),
        pytest.param("status", {"status": 404}, "The receiver answered 404.", id="not there"),
        pytest.param(
            "status",
            {"status": 302, "headers": {"Location": "http://169.254.169.254/"}},
            "The receiver answered 302.",
            id="a redirect",
        ),
        pytest.param(
            "status",
            {"status": 302, "headers": {"Location": "https://xn--.example/"}},
            "The connection to the server was lost",
            id="a redirect to what is no name",
        ),
        pytest.param("reset", {}, "The connection to the server was lost", id="a reset"),
        pytest.param("hang", {}, "did not answer within", id="silence"),
    ],
)
def test_what_is_not_taken_is_sent_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, fault: Any, how: dict[str, Any], error: str
) -> None:
    monkeypatch.setattr(attempt, "PATIENCE", 0.5)
    desk.webhook(STARTED)
    desk.receiver.rule(desk.hook.path, fault, nth=1, **how)
    desk.say()
    desk.work()
    failed = desk.delivery
    assert (failed.status, failed.attempts) == ("pending", 1)
    assert error in failed.error
    assert failed.next_attempt_at
    assert failed.next_attempt_at > timezone.now()
    desk.sweep()
    assert len(desk.told) == 1
    desk.later()
    first, second = desk.receiver.calls
    assert (first.body, first.headers["webhook-id"]) == (second.body, second.headers["webhook-id"])
    assert len(desk.hook.taken) == 1
    found = desk.delivery
    assert (found.status, found.attempts, found.error) == ("sent", 2, "")
    assert (desk.row.failures, desk.row.failing_since) == (0, None)


def test_an_answer_that_never_ends_is_taken_all_the_same(desk: Desk) -> None:
    desk.webhook(STARTED)
    desk.receiver.rule(desk.hook.path, "huge")
    desk.say()
    desk.work()
    assert desk.delivery.status == "sent"
    assert len(desk.delivery.excerpt) == 1000


def test_a_receiver_that_wants_to_be_left_alone_is(desk: Desk) -> None:
    soon = timezone.now() + timedelta(minutes=14)
    desk.webhook("message.created")
    desk.receiver.busy(desk.hook, 900)
    desk.say()
    desk.work()
    assert 1 <= len(desk.told) <= handing_out.MOST_OF_ONE
    assert desk.row.held_until
    assert desk.row.held_until > soon
    tried = EventDelivery.objects.filter(attempts=1).values_list("next_attempt_at", flat=True)
    assert all(each and each > soon for each in tried)
    desk.receiver.calls.clear()
    EventDelivery.objects.update(next_attempt_at=timezone.now())
    desk.sweep()
    assert desk.told == []


def test_a_receiver_that_is_down_is_not_asked_by_each_event(desk: Desk) -> None:
    desk.webhook("message.created")
    desk.answers(503)
    for number in range(10):
        desk.say(f"s-{number}")
    desk.work()
    assert len(desk.told) <= handing_out.MOST_OF_ONE
    desk.answers(200)
    desk.later()
    assert len(desk.hook.taken) == 20


def test_an_address_that_is_gone_switches_its_webhook_off(desk: Desk) -> None:
    desk.webhook("message.created")
    desk.hook.gone = True
    desk.say()
    desk.work()
    assert (desk.row.status, desk.row.reason) == ("disabled", "gone")
    assert set(EventDelivery.objects.values_list("status", flat=True)) == {"failed"}
    told = len(desk.told)
    desk.say("s-2")
    desk.sweep()
    assert len(desk.told) == told
    assert not Following.objects.exists()
    resumed = switching.resume(desk.alice, desk.row.pk)
    assert (resumed.status, resumed.reason) == ("active", "")
    desk.hook.gone = False
    desk.say("s-3")
    desk.work()
    assert len(desk.hook.taken) == 2


def test_what_fails_for_days_is_switched_off(desk: Desk) -> None:
    desk.webhook(STARTED)
    desk.answers(500)
    desk.say()
    desk.work()
    Subscription.objects.update(failing_since=timezone.now() - schedule.GIVEN_UP_AFTER)
    desk.later()
    assert (desk.row.status, desk.row.reason) == ("disabled", "failing")
    assert desk.delivery.status == "failed"


def test_the_last_attempt_is_the_last(desk: Desk) -> None:
    desk.webhook(STARTED)
    desk.answers(500)
    desk.say()
    for _ in range(schedule.MOST_ATTEMPTS + 2):
        desk.later()
    assert len(desk.told) == schedule.MOST_ATTEMPTS
    assert desk.delivery.status == "failed"
    assert desk.row.status == "active"


def test_a_worker_that_dies_is_followed_by_another(desk: Desk) -> None:
    desk.webhook(STARTED)
    desk.say()
    tasks.pass_on()
    desk.asked.clear()  # the message is lost with the worker, which had begun
    EventDelivery.objects.update(attempts=1)
    desk.sweep()
    assert desk.told == []
    EventDelivery.objects.update(lease_until=timezone.now())
    desk.sweep()
    assert (desk.delivery.status, desk.delivery.attempts, len(desk.told)) == ("sent", 2, 1)


def test_a_worker_that_died_at_the_last_attempt_leaves_a_failure(desk: Desk) -> None:
    desk.webhook(STARTED)
    desk.say()
    tasks.pass_on()
    desk.asked.clear()
    past = timezone.now() - timedelta(seconds=1)
    EventDelivery.objects.update(attempts=schedule.MOST_ATTEMPTS, lease_until=past)
    desk.sweep()
    assert desk.delivery.error == "The last attempt was interrupted."
    assert desk.told == []


def test_a_worker_that_stood_still_keeps_nothing_over_another(desk: Desk) -> None:
    desk.webhook(STARTED)
    desk.say()
    desk.work()
    slow = desk.delivery
    slow.attempts = 7
    assert not delivering._kept(slow, attempt.Attempt(500, error="Late"))
    assert desk.delivery.status == "sent"


def test_few_are_sent_at_once_and_each_receiver_has_its_turn(desk: Desk) -> None:
    for _ in range(4):
        desk.webhook("message.created")
    for number in range(5):
        desk.say(f"s-{number}")
    desk.asked.clear()
    tasks.pass_on()
    tasks.sweep()
    handed = [args for name, args in desk.asked if name == handing_out.TASK]
    assert len(handed) == handing_out.MOST_AT_ONCE
    leased = EventDelivery.objects.exclude(lease_until=None)
    assert len({each.subscription_id for each in leased}) == 4


def test_new_receivers_of_one_workspace_come_after_those_of_another(
    desk: Desk, mallory: Actor
) -> None:
    """Even where nothing of either is on its way just now."""
    served = timezone.now() - timedelta(minutes=1)
    own = desk.webhook(STARTED)
    Subscription.objects.update(last_attempt_at=served)
    for _ in range(2):
        desk.webhook(STARTED, by=mallory)
    asked = desk.webhook("lead.created", by=mallory)
    Subscription.objects.filter(pk=asked.pk).update(last_attempt_at=timezone.now())
    desk.say(bot=deployed(mallory.workspace))
    desk.say("s-2")
    fan_out()
    first, *_ = handing_out._ready(timezone.now())
    assert first == own


def test_one_workspace_s_many_receivers_leave_others_their_turn(desk: Desk, mallory: Actor) -> None:
    for _ in range(handing_out.MOST_AT_ONCE):
        desk.webhook(STARTED, by=mallory)
    desk.say(bot=deployed(mallory.workspace))
    own = desk.webhook(STARTED)
    desk.say("s-2")
    Subscription.objects.filter(pk=own.pk).update(last_attempt_at=timezone.now())
    tasks.pass_on()
    tasks.sweep()
    leased = EventDelivery.objects.exclude(lease_until=None)
    assert (leased.count(), leased.filter(subscription=own).count()) == (4, 1)


def test_what_was_deleted_meanwhile_is_told_to_nobody(desk: Desk) -> None:
    desk.webhook()
    found = desk.say()
    lead = record_lead(desk.bot, "s-1", {"email": "ana@example.com"}, channel="website")
    erase_lead(desk.alice, lead.pk)
    tasks.pass_on()
    kinds = set(EventDelivery.objects.values_list("event_type", flat=True))
    assert kinds == {"conversation.created", "message.created"}
    erase_conversation(desk.alice, found.pk)
    assert not EventDelivery.objects.exists()


def test_the_log_of_a_lead_goes_with_it(desk: Desk) -> None:
    desk.webhook("lead.created")
    lead = record_lead(desk.bot, "s-1", {"email": "ana@example.com"}, channel="website")
    desk.work()
    assert desk.told[0]["data"]["lead"]["email"] == "ana@example.com"
    erase_lead(desk.alice, lead.pk)
    assert not EventDelivery.objects.exists()


@pytest.mark.parametrize(
    "target",
    ["http://169.254.169.254/x", "http://localhost:6379/", "http://[::1]/", "http://10.0.0.1/"],
)
def test_nothing_is_sent_inside_the_network(desk: Desk, settings: Any, target: str) -> None:
    """Also where the address came to lead there after it was looked at."""
    made = desk.webhook(STARTED)
    fill(made, target, "whsec_eA==")
    made.save()
    settings.OUTBOUND_ALLOWED_HOSTS = []
    desk.say()
    desk.work()
    found = desk.delivery
    assert (found.status, found.attempts, found.response_status) == ("failed", 1, None)
    assert "private network" in found.error or "not allowed" in found.error


def test_what_a_receiver_quotes_of_its_address_is_not_kept(desk: Desk) -> None:
    desk.webhook(STARTED)
    quoted = f"<pre>Cannot POST {desk.hook.path} at {desk.hook.url}</pre>".encode()
    desk.answers(500, body=quoted + b"\0\xff" + b"x" * 100_000)
    desk.say()
    desk.work()
    found = desk.delivery
    assert desk.hook.path not in found.excerpt
    assert found.excerpt.startswith("<pre>Cannot POST … at …</pre>")
    assert len(found.excerpt) == 1000


def test_a_paused_webhook_keeps_what_waits(desk: Desk) -> None:
    made = desk.webhook(STARTED)
    desk.say()
    fan_out()
    switching.pause(desk.alice, made.pk)
    desk.say("s-2")
    desk.sweep()
    assert desk.told == []
    assert desk.delivery.status == "pending"
    switching.resume(desk.alice, made.pk)
    desk.say("s-3")
    desk.sweep()
    assert len(desk.told) == 2


def test_the_log_is_kept_for_some_days(desk: Desk) -> None:
    desk.webhook("message.created")
    desk.say()
    desk.work()
    old = EventDelivery.objects.latest("pk")
    EventDelivery.objects.filter(pk=old.pk).update(created_at=timezone.now() - forgetting.KEPT)
    desk.sweep()
    assert EventDelivery.objects.count() == 1


def test_the_log_is_forgotten_in_batches_the_oldest_first(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forgetting, "BATCH", 2)
    monkeypatch.setattr(forgetting, "MOST", 4)
    desk.webhook("conversation.created")
    for number in range(5):
        desk.say(f"s-{number}")
    desk.work()
    for days, row in enumerate(EventDelivery.objects.order_by("created_at")):
        old = timezone.now() - forgetting.KEPT - timedelta(days=10 - days)
        EventDelivery.objects.filter(pk=row.pk).update(created_at=old)
    newest = EventDelivery.objects.latest("created_at")
    forgetting.forget_old()
    assert EventDelivery.objects.get() == newest
    forgetting.forget_old()
    assert not EventDelivery.objects.exists()


def test_a_test_event_says_so_and_is_sent_once(desk: Desk) -> None:
    made = desk.webhook("lead.created")
    desk.answers(500, nth=2)
    for _ in range(2):
        by_hand.send_test(desk.alice, made.pk)
        desk.work()
    assert [(each["type"], each["test"]) for each in desk.told] == [("lead.created", True)] * 2
    assert len(desk.hook.taken) == 1
    assert EventDelivery.objects.filter(status="failed", is_test=True).count() == 1
    assert desk.row.failures == 0


def test_what_was_sent_is_sent_again_by_hand_as_it_was(desk: Desk) -> None:
    made = desk.webhook("message.created")
    desk.say()
    desk.work()
    Message.objects.update(content="changed")
    row = EventDelivery.objects.latest("pk")
    desk.receiver.calls.clear()
    by_hand.redeliver(desk.alice, made.pk, row.pk)
    desk.work()
    (call,) = desk.receiver.calls
    assert (call.body.decode(), call.headers["webhook-id"]) == (row.payload, row.event_id)
    assert len(desk.hook.taken) == 3


def test_ending_twice_changes_nothing(desk: Desk) -> None:
    made = desk.webhook()
    for reason in (Subscription.Reason.GONE, Subscription.Reason.FAILING):
        ending.end(made.pk, reason)
    assert (desk.row.status, desk.row.reason) == ("disabled", "gone")


def test_the_secret_and_the_address_are_encrypted(desk: Desk) -> None:
    made = desk.webhook()
    row = " ".join(map(str, Subscription.objects.values_list()[0]))
    assert desk.hook.url not in row
    assert desk.hook.secret not in row
    assert made.shown_url.startswith(f"{desk.receiver.url}/…")
    assert desk.hook.path not in made.shown_url
