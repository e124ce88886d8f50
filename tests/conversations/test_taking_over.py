"""A member who steps into a conversation that no flow handed over, and gives it back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.test import Client

from channels_deploy import connecting
from common.problems import Problem
from conversations import delivery, handoff, live, recording
from conversations.models import Conversation, Handoff, Message
from conversations.outcome import Outcome
from conversations.turn import Done, Turn
from tests.channels_deploy.conftest import DOMAINS, Website
from tests.conversations.conftest import deployed
from tests.conversations.flow_chat import Chat, desk_flow, live_flow
from tests.conversations.recorded import talk
from tests.support.at_once import at_once
from tests.support.people import signed_in
from workspaces.models import AuditEntry

if TYPE_CHECKING:
    from conversations.answering import Frame
    from workspaces.access import Actor
    from workspaces.models import Workspace

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("redis_clean", "connections_returned"),
]
ASKING: list[dict[str, Any]] = [
    {"id": "start", "type": "trigger"},
    {"id": "ask", "type": "collect_input", "data": {"question": "Which order?"}},
    {"id": "end", "type": "response", "data": {"message": "Order {{ask}}."}},
]
ASKING_EDGES = [
    {"id": "1", "source": "start", "target": "ask"},
    {"id": "2", "source": "ask", "target": "end"},
]


def test_a_flow_that_waits_for_an_answer_waits_for_it_afterwards(
    acme: Workspace, bob: Actor
) -> None:
    chat = Chat(live_flow(acme, ASKING, ASKING_EDGES))
    assert chat.say("Hi")["message"] == "Which order?"
    waiting = chat.row.state
    handoff.take_over(bob, chat.row.pk)
    passed = chat.say("Is anybody there?")
    assert (passed["message"], passed["handoff"]) == ("", True)
    handoff.answer_as_person(bob, chat.row.pk, "I am. Which order is it?")
    assert chat.row.state == waiting
    handoff.give_back(bob, chat.row.pk)
    assert chat.say("1207")["message"] == "Order 1207."


def test_the_inbox_takes_a_conversation_over_and_gives_it_back(acme: Workspace, bob: Actor) -> None:
    conversation = talk(deployed(acme), "Where is it?")
    client, path = signed_in(Client(), bob), f"/w/acme/inbox/{conversation.pk}/"
    before = client.get(path).content.decode()
    assert "Take over" in before
    assert "Your answer" not in before
    client.post(f"{path}take-over/")
    taken = client.get(path).content.decode()
    assert "Bob has this conversation" in taken
    assert "Your answer" in taken
    assert (Handoff.objects.open().get().holder, Handoff.objects.get().by_flow) == (bob.user, False)
    client.post(f"{path}answer/", {"text": "In Graz."})
    assert conversation.messages.get(role="person").content == "In Graz."
    client.post(f"{path}give-back/")
    assert "Take over" in client.get(path).content.decode()
    actions = AuditEntry.objects.order_by("at").values_list("action", flat=True)
    assert list(actions) == ["conversation.taken_over", "conversation.given_back"]


def test_the_list_beside_it_keeps_its_filter(acme: Workspace, bob: Actor) -> None:
    conversation = talk(deployed(acme), "Where is it?")
    client, path = signed_in(Client(), bob), f"/w/acme/inbox/{conversation.pk}/"
    chosen = "?handoff=waiting&channel=website"
    page = client.get(f"{path}{chosen}").content.decode()
    assert f'{path}take-over/{chosen.replace("&", "&amp;")}"' in page
    for step in ("take-over", "give-back", "answer"):
        assert client.post(f"{path}{step}/{chosen}").headers["Location"] == f"{path}{chosen}"
    # A page that reads on hears that another has it now, and keeps its filter too.
    news = page[page.index("news/?") :].partition('"')[0].replace("&amp;", "&")
    client.post(f"{path}take-over/")
    told = client.get(f"{path}{news}").content.decode()
    assert f'{path}give-back/{chosen.replace("&", "&amp;")}"' in told
    elsewhere = client.get(f"{path}news/?list=//evil.test/%22%3E").content.decode()
    assert "evil.test/&quot;" not in elsewhere
    assert f"{path}give-back/?" in elsewhere


def test_viewers_and_strangers_take_nothing_over(
    acme: Workspace, vera: Actor, mallory: Actor
) -> None:
    conversation = talk(deployed(acme), "Where is it?")
    path = f"/w/acme/inbox/{conversation.pk}/"
    reader = signed_in(Client(), vera)
    assert "Take over" not in reader.get(path).content.decode()
    assert reader.post(f"{path}take-over/").status_code == 403
    assert signed_in(Client(), mallory).post(f"{path}take-over/").status_code == 404
    with pytest.raises(Problem) as refused:
        handoff.take_over(mallory, conversation.pk)
    assert refused.value.status == 404
    assert not Handoff.objects.exists()


def test_what_waits_for_a_person_is_taken_without_an_answer(acme: Workspace, bob: Actor) -> None:
    chat = Chat(desk_flow(acme))
    chat.say("My parcel?")
    handoff.take_over(bob, chat.row.pk)
    opened = Handoff.objects.open().get()
    assert (opened.holder, opened.note, opened.by_flow) == (bob.user, "Wants: My parcel?", True)


def test_only_one_of_two_members_has_it(acme: Workspace, alice: Actor, bob: Actor) -> None:
    conversation = talk(deployed(acme), "Where is it?")
    refused = []

    def take(actor: Actor) -> None:
        try:
            handoff.take_over(actor, conversation.pk)
        except Problem as problem:
            refused.append((problem.status, problem.detail))

    at_once(lambda: take(alice), lambda: take(bob))
    (holder,) = [each.holder for each in Handoff.objects.open()]
    assert refused == [(409, f"{holder} has this conversation.")]


def test_an_answer_on_its_way_is_kept_with_where_the_flow_is(acme: Workspace, bob: Actor) -> None:
    conversation = talk(deployed(acme), "Hi")
    outcome = Outcome(Turn("Again"), conversation.session_id)
    outcome.finish(Done("Which one?", state={"asks": 1}))
    handoff.take_over(bob, conversation.pk)
    recorder = recording.Recorder(
        acme.pk, conversation.entity_id, "website", 1, conversation_id=conversation.pk
    )
    recorder.record(outcome)
    conversation.refresh_from_db()
    assert conversation.state == {"asks": 1}
    assert conversation.messages.filter(content="Which one?").exists()


def test_nobody_answers_where_nobody_reads(acme: Workspace, bob: Actor) -> None:
    conversation = talk(deployed(acme), "Run at 9:00", channel="schedule")
    with pytest.raises(Problem) as refused:
        handoff.take_over(bob, conversation.pk)
    assert refused.value.status == 409
    client = signed_in(Client(), bob)
    assert "Take over" not in client.get(f"/w/acme/inbox/{conversation.pk}/").content.decode()


def test_a_channel_is_told_what_people_answer_and_may_refuse_it(
    acme: Workspace, bob: Actor
) -> None:
    conversation = talk(deployed(acme), "Hi", channel="telegram")
    told: list[tuple[Any, str]] = []
    handoff.take_over(bob, conversation.pk)

    def carry(of: Conversation, said: Message) -> None:
        told.append((of.pk, said.content))
        if said.content == "no":
            raise Problem(409, "Conflict", "The bot was blocked.")

    with delivery.carriers.temporarily("telegram", carry):
        handoff.answer_as_person(bob, conversation.pk, "Hello")
        with pytest.raises(Problem):
            handoff.answer_as_person(bob, conversation.pk, "no")
    assert told[0] == (conversation.pk, "Hello")
    said = conversation.messages.filter(role="person").values_list("content", flat=True)
    assert list(said) == ["Hello"]


def test_what_the_bot_answers_after_all_is_told_with_what_it_rests_on(
    acme: Workspace, bob: Actor
) -> None:
    """A channel reads the sources of an answer from its outcome."""
    chat = Chat(desk_flow(acme))
    chat.say("My parcel?")
    handoff.answer_as_person(bob, chat.row.pk, "In Graz.")
    asked = live.Asked(message="And now?", session_id=chat.session_id)
    prepared = live.prepare(chat.entity, asked)
    assert isinstance(prepared, live.PassedOn)
    handoff.give_back(bob, chat.row.pk)

    async def told() -> list[Frame]:
        return [frame async for frame in prepared.frames()]

    done = async_to_sync(told)()[-1].data
    outcome = prepared.outcome
    assert (outcome.status, outcome.text) == ("whole", done["message"])
    assert (str(outcome.id), done["message"]) == (done["message_id"], "Team said: In Graz.")


async def test_a_visitor_reads_a_member_who_steps_in(acme: Workspace, bob: Actor) -> None:
    flow = await sync_to_async(live_flow)(acme, ASKING, ASKING_EDGES)
    config = {"widget_position": "bottom-right", "allowed_domains": DOMAINS}
    await sync_to_async(connecting.sync)(flow, {"website": config})
    shop = Website(flow, await flow.connections.aget(channel="website"))
    await shop.open()
    done = (await shop.ask("Hi"))[-1][1]
    assert (done["handoff"], done["wait"]) == (False, 10)
    assert (await shop.call("news", {})).json() == {"messages": [], "handoff": False, "wait": 10}
    conversation = await Conversation.objects.aget()
    await sync_to_async(handoff.take_over)(bob, conversation.pk)
    await sync_to_async(handoff.answer_as_person)(bob, conversation.pk, "Hello")
    found = (await shop.call("news", {})).json()
    assert (found["handoff"], found["wait"]) == (True, 3)
    assert [each["content"] for each in found["messages"]] == ["Hello"]
