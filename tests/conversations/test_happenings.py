"""What happened is written with what it tells of, where somebody follows, and costs no more."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from django.db import transaction

from conversations import happenings
from conversations.handoff import Passed, answer_as_person, pass_on
from conversations.happenings import Following, Happening
from conversations.leads import record_lead
from conversations.models import Conversation, Handoff, Lead, Message
from conversations.outcome import Outcome
from conversations.recording import Recorder
from conversations.turn import Introduced, Turn
from tests.conversations.conftest import deployed
from tests.support.at_once import at_once
from tests.support.pausing import done_or_waiting
from tests.support.round_trips import round_trips

if TYPE_CHECKING:
    from uuid import UUID

    from drafts.models import Entity
    from workspaces.access import Actor
    from workspaces.models import Workspace

ASKS = {"lead_capture": {"enabled": True, "timing": "end_of_chat"}}


@pytest.fixture
def bot(acme: Workspace) -> Entity:
    return deployed(acme, **ASKS)


def said(bot: Entity, session: str = "s-1", **more: Any) -> UUID:
    """One turn; the conversation's id."""
    found = Conversation.objects.filter(session_id=session).first()
    replaces = more.pop("replaces", None)
    recorder = Recorder(
        *(bot.workspace_id, bot.pk, "api", 1),
        conversation_id=found.pk if found else None,
        replaces=replaces,
    )
    recorder.record(Outcome(Turn("Hi"), session, parts=["Hello"], status="whole", **more))
    return Conversation.objects.get(session_id=session).pk


def kinds() -> list[str]:
    return list(Happening.objects.order_by("pk").values_list("kind", flat=True))


def test_nothing_is_written_where_nobody_follows(bot: Entity) -> None:
    conversation_id = said(bot, handoff="Help")
    pass_on(conversation_id, Passed(Handoff.objects.get().pk, "Hm", {}, {}))
    record_lead(bot, "s-2", {"email": "ana@example.com"}, channel="api")
    assert kinds() == []


def test_a_turn_is_one_statement_whoever_follows(bot: Entity, acme: Workspace) -> None:
    said(bot)
    recorder = Recorder(acme.pk, bot.pk, "api", 1, conversation_id=Conversation.objects.get().pk)
    outcome = Outcome(Turn("Hi"), "s-1", parts=["Hello"], status="whole")
    with round_trips() as before:
        recorder.record(outcome)
    happenings.follow(acme.pk)
    outcome = Outcome(Turn("Hi"), "s-1", parts=["Hello"], status="whole")
    with round_trips() as after:
        recorder.record(outcome)
    assert (before.database, after.database) == (1, 1)
    assert kinds() == ["message.created", "message.created"]


def test_a_first_turn_tells_of_the_conversation_its_messages_and_the_handoff(
    bot: Entity, acme: Workspace
) -> None:
    happenings.follow(acme.pk)
    conversation_id = said(bot, handoff="Help")
    told = {each.kind: each.subject_id for each in Happening.objects.all()}
    assert kinds() == [
        *("conversation.created", "message.created", "message.created", "handoff.requested")
    ]
    assert told["conversation.created"] == conversation_id
    assert told["handoff.requested"] == Handoff.objects.get().pk
    assert told["message.created"] == Message.objects.get(role="assistant").pk
    said(bot, handoff="Still")
    assert kinds()[4:] == ["message.created", "message.created"]


def test_a_session_that_two_began_is_told_once(bot: Entity, acme: Workspace) -> None:
    happenings.follow(acme.pk)
    for _ in range(2):  # neither has seen the other's conversation
        recorder = Recorder(acme.pk, bot.pk, "api", 1)
        recorder.record(Outcome(Turn("Hi"), "s-1", parts=["Hello"], status="whole"))
    assert kinds().count("conversation.created") == 1


def test_an_answer_in_place_of_a_replaced_one_is_told_and_one_that_came_too_late_is_not(
    bot: Entity, acme: Workspace
) -> None:
    said(bot)
    first = Message.objects.get(role="assistant").pk
    happenings.follow(acme.pk)
    said(bot, regenerates=True, replaces=first)
    assert kinds() == ["message.created"]
    said(bot, regenerates=True, replaces=first)
    assert kinds() == ["message.created"]


def test_what_people_and_visitors_say_in_a_handoff_is_told(
    bot: Entity, acme: Workspace, bob: Actor
) -> None:
    conversation_id = said(bot, handoff="Help")
    happenings.follow(acme.pk)
    answered = answer_as_person(bob, conversation_id, "Yes?")
    assert Happening.objects.get().subject_id == answered.pk
    pass_on(conversation_id, Passed(Handoff.objects.get().pk, "Hm", {}, {}))
    assert kinds() == ["message.created", "message.created"]


def test_a_lead_is_told_once_however_often_it_is_corrected(bot: Entity, acme: Workspace) -> None:
    happenings.follow(acme.pk)
    for email in ("ana@example.com", "ana@example.org"):
        record_lead(bot, "s-1", {"email": email}, channel="api")
    assert kinds() == ["conversation.created", "lead.created"]


def test_a_correction_leaves_a_lead_where_it_was(bot: Entity) -> None:
    first = record_lead(bot, "s-1", {"email": "ana@example.com"}, channel="api")
    record_lead(bot, "s-1", {"email": "ana@example.org"}, channel="api")
    lead = Lead.objects.get()
    assert (lead.email, lead.created_at) == ("ana@example.org", first.created_at)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("connections_returned")
def test_who_waits_for_the_conversation_sees_who_follows_by_then(
    bot: Entity, acme: Workspace, bob: Actor
) -> None:
    conversation_id = said(bot, handoff="Help")
    with ThreadPoolExecutor(1) as threads:
        with transaction.atomic():
            Conversation.objects.select_for_update().get(pk=conversation_id)
            answered = threads.submit(
                at_once, lambda: answer_as_person(bob, conversation_id, "Yes?")
            )
            done_or_waiting(answered)
            happenings.follow(acme.pk)
        answered.result()
    assert kinds() == ["message.created"]


def test_a_lead_that_a_turn_made_is_told_before_its_handoff_and_once(
    bot: Entity, acme: Workspace
) -> None:
    happenings.follow(acme.pk)
    said(bot, introduced=Introduced({"name": "Ana"}, ""), handoff="Help")
    assert kinds()[3:] == ["lead.created", "handoff.requested"]
    assert Happening.objects.get(kind="lead.created").subject_id == Lead.objects.get().pk
    said(bot, introduced=Introduced({"email": "ana@example.com"}, ""))
    record_lead(bot, "s-1", {"email": "ana@example.org"}, channel="api")
    assert kinds()[5:] == ["message.created", "message.created"]


def test_a_turn_that_completes_a_lead_of_the_form_makes_none(bot: Entity, acme: Workspace) -> None:
    record_lead(bot, "s-1", {"email": "ana@example.com"}, channel="api")
    happenings.follow(acme.pk)
    said(bot, introduced=Introduced({"name": "Ana"}, ""))
    assert kinds() == ["message.created", "message.created"]


def test_what_is_rolled_back_is_told_to_nobody(bot: Entity, acme: Workspace) -> None:
    happenings.follow(acme.pk)
    with transaction.atomic():
        said(bot)
        assert kinds() != []
        transaction.set_rollback(True)
    assert kinds() == []


def test_those_who_wake_are_called_after_the_commit(
    bot: Entity, acme: Workspace, django_capture_on_commit_callbacks: Any
) -> None:
    called: list[str] = []
    happenings.follow(acme.pk)
    with (
        happenings.wakers.temporarily("test", lambda: called.append("woken")),
        django_capture_on_commit_callbacks(execute=True),
    ):
        said(bot)
        assert called == []
    assert called == ["woken"]


def test_taking_gives_the_oldest_first_and_each_once(bot: Entity, acme: Workspace) -> None:
    happenings.follow(acme.pk)
    said(bot)
    first = happenings.take(2)
    assert [each.kind for each in first] == ["conversation.created", "message.created"]
    assert [each.kind for each in happenings.take(10)] == ["message.created"]
    assert happenings.take(10) == []


def test_following_ends_only_where_nobody_wants_it(acme: Workspace) -> None:
    happenings.follow(acme.pk)
    happenings.follow(acme.pk)
    happenings.unfollow_unless(acme.pk, lambda: True)
    assert Following.objects.count() == 1
    happenings.unfollow_unless(acme.pk, lambda: False)
    assert not Following.objects.exists()
