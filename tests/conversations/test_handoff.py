"""A conversation that a flow hands to people: passed on, answered in the inbox, given back."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.test import Client

from channels_deploy import connecting
from conversations import handoff, live, releases
from conversations.models import Conversation, Handoff, Message
from drafts import creating
from drafts.types import draft_types
from tests.channels_deploy.conftest import DOMAINS, Website
from tests.conversations.conftest import Api, Panel, events
from tests.conversations.flow_chat import DESK, DESK_EDGES, Chat, desk_flow, live_flow
from tests.support.at_once import at_once
from tests.support.people import signed_in
from workspaces import keys

if TYPE_CHECKING:
    from drafts.models import Entity
    from workspaces.access import Actor
    from workspaces.models import Workspace

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("redis_clean", "connections_returned"),
]

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)> [x](javascript:alert(1))"


@pytest.fixture
def desk(acme: Workspace) -> Entity:
    return desk_flow(acme)


@pytest.fixture
def chat(desk: Entity) -> Chat:
    return Chat(desk)


def said(conversation: Conversation) -> list[tuple[str, str]]:
    return list(conversation.messages.order_by("created_at").values_list("role", "content"))


def test_the_whole_way_there_and_back(chat: Chat, bob: Actor) -> None:
    first = chat.say("My parcel?")
    assert (first["message"], first["handoff"]) == ("A colleague comes.", True)
    opened = Handoff.objects.get()
    assert (opened.note, opened.ended_at, opened.taken_by) == ("Wants: My parcel?", None, None)

    passed = chat.say("It is late")
    assert (passed["message"], passed["handoff"]) == ("", True)
    assert Message.objects.get(pk=passed["message_id"]).content == "It is late"
    handoff.answer_as_person(bob, chat.row.pk, "It is in **Graz**.")
    handoff.answer_as_person(bob, chat.row.pk, "Tomorrow.")
    read = chat.read()
    assert read["handoff"]
    assert [each["content"] for each in read["messages"]] == ["It is in **Graz**.", "Tomorrow."]
    assert "Bob" not in json.dumps(read)
    assert "bob@" not in json.dumps(read)
    newer = chat.read(after=read["messages"][0]["id"])["messages"]
    assert [each["content"] for each in newer] == ["Tomorrow."]
    assert chat.read(after="nonsense")["messages"] == read["messages"]

    handoff.give_back(bob, chat.row.pk)
    assert not chat.read()["handoff"]
    releases._kept.clear()  # another process goes on
    last = chat.say("Thanks")
    assert last["message"] == "Team said: It is in **Graz**.\n\nTomorrow."
    assert not last["handoff"]
    assert said(chat.row) == [
        ("user", "My parcel?"),
        ("assistant", "A colleague comes."),
        ("user", "It is late"),
        ("person", "It is in **Graz**."),
        ("person", "Tomorrow."),
        ("user", "Thanks"),
        ("assistant", last["message"]),
    ]
    assert chat.row.message_count == 7


def test_while_a_person_has_it_no_model_is_asked_and_nothing_is_answered_again(
    chat: Chat, bob: Actor
) -> None:
    chat.say("Hi")
    for number in range(3):
        chat.say(f"Still here {number}")
    assert [role for role, _ in said(chat.row)][2:] == ["user"] * 3
    assert chat.row.state["frame"]["waiting"] == {"handoff1": {}}


def test_where_nothing_follows_the_flow_begins_anew(acme: Workspace, bob: Actor) -> None:
    chat = Chat(desk_flow(acme, follows=False))
    chat.say("One")
    handoff.answer_as_person(bob, chat.row.pk, "Yes?")
    handoff.give_back(bob, chat.row.pk)
    again = chat.say("Two")
    assert (again["message"], again["handoff"]) == ("A colleague comes.", True)
    found = [(each.note, each.ended_at is None) for each in Handoff.objects.order_by("since")]
    assert found == [("Wants: One", False), ("Wants: Two", True)]


def test_a_visitors_message_and_a_give_back_at_once(chat: Chat, bob: Actor) -> None:
    """Whoever comes first, the message is kept once, and answered where the bot has it again."""
    chat.say("Hi")
    conversation_id = chat.row.pk
    at_once(
        lambda: chat.say("Now?"),
        lambda: handoff.give_back(bob, conversation_id),
    )
    assert [content for _, content in said(chat.row)].count("Now?") == 1


def test_members_who_answer_at_once_lose_nothing(chat: Chat, alice: Actor, bob: Actor) -> None:
    chat.say("Hi")
    conversation_id = chat.row.pk
    texts = [f"{actor.label} {number}" for actor in (alice, bob) for number in range(3)]
    authors = {"Alice": alice, "Bob": bob}
    at_once(
        *(
            lambda text=text: handoff.answer_as_person(
                authors[text.split()[0]], conversation_id, text
            )
            for text in texts
        )
    )
    assert sorted(content for role, content in said(chat.row) if role == "person") == texts
    moments = list(chat.row.messages.values_list("created_at", flat=True))
    assert len(set(moments)) == len(moments)
    assert chat.row.message_count == 2 + len(texts)


def test_openais_clients_are_told(chat: Chat, desk: Entity) -> None:
    api = Api(chat.key)
    body: dict[str, Any] = {
        "model": str(desk.pk),
        "messages": [{"role": "user", "content": "Hi"}],
        "metadata": {"session_id": "s-1"},
    }
    first = async_to_sync(api.post)("/v1/chat/completions", body).json()
    assert first["choices"][0]["message"]["content"] == "A colleague comes."
    second = async_to_sync(api.post)("/v1/chat/completions", body).json()
    assert "passed on" in second["choices"][0]["message"]["content"]
    assert second["metadata"] == {"session_id": "s-1", "handoff": True}

    async def streamed() -> str:
        answer = await api.post("/v1/chat/completions", body | {"stream": True})
        return b"".join([chunk async for chunk in answer.streaming_content]).decode()

    assert "passed on" in async_to_sync(streamed)()


def test_a_stream_ends_at_once_with_who_has_it(chat: Chat) -> None:
    chat.say("Hi")
    body = {"message": "Hello?", "session_id": chat.session_id}
    ((name, data),) = async_to_sync(Api(chat.key).stream)(chat.url, body)
    assert (name, data["handoff"], data["message"]) == ("done", True, "")


def test_reading_needs_the_key_and_the_session(chat: Chat, evil: Workspace) -> None:
    chat.say("Hi")
    chat.read(404, session_id="unknown")
    chat.read(422, session_id="no good")
    chat.read(422, strange="x")
    chat.key = keys.issue(evil, "mallory", "manage")[1]
    chat.read(404)
    chat.key = "nonsense"
    chat.read(401)


def test_another_answer_is_not_made_while_a_person_has_it(chat: Chat) -> None:
    first = chat.say("Hi")
    chat.say("Hello?")

    cited = {
        "number": 1,
        "title": "Manual",
        "url": "",
        "text": "Parcels go out at noon.",
        "document_id": "d1",
        "chunk_id": "c1",
    }
    last = Message.objects.filter(role="assistant").latest("created_at")
    last.citations, last.sources = [cited], ["Manual"]
    last.save()

    async def again() -> list[Any]:
        asked = live.Asked(session_id=chat.session_id, regenerate=True)
        return [frame async for frame in await live.answer_stream(chat.entity, asked)]

    (frame,) = async_to_sync(again)()
    assert (frame.data["citations"], frame.data["sources"]) == ([cited], ["Manual"])
    told = {name: frame.data[name] for name in ("message", "message_id", "handoff")}
    assert told == {"message": first["message"], "message_id": first["message_id"], "handoff": True}
    assert len(said(chat.row)) == 3


def test_what_only_a_person_was_asked_is_answered_by_the_bot_when_it_has_it_again(
    chat: Chat, bob: Actor
) -> None:
    chat.say("Hi")
    chat.say("Where is it?")
    handoff.answer_as_person(bob, chat.row.pk, "In Graz.")
    handoff.give_back(bob, chat.row.pk)

    async def again() -> list[str]:
        asked = live.Asked(session_id=chat.session_id, regenerate=True)
        frames = await live.answer_stream(chat.entity, asked)
        return [frame.event async for frame in frames]

    assert async_to_sync(again)()[-1] == "done"
    assert [(role, content) for role, content in said(chat.row)][-2:] == [
        ("person", "In Graz."),
        ("assistant", "Team said: In Graz."),
    ]
    assert not Message.objects.filter(status="replaced").exists()


# The inbox


@pytest.fixture
def open_id(chat: Chat) -> str:
    """The conversation that waits for a person."""
    chat.say("My parcel?")
    return str(chat.row.pk)


def inbox(actor: Actor, path: str = "") -> Any:
    return signed_in(Client(), actor).get(f"/w/acme/inbox/{path}")


def test_every_page_says_how_many_wait(open_id: str, bob: Actor, vera: Actor) -> None:
    words = '<span class="visually-hidden">1 waiting for a person</span>'
    for path in ("", "leads/", "chatflows/"):
        page = signed_in(Client(), vera).get(f"/w/acme/{path}").content.decode()
        assert (path, words in page) == (path, True)
        assert ("1 conversation waits for a person" in page) is (path == "")
    signed_in(Client(), bob).post(f"/w/acme/inbox/{open_id}/answer/", {"text": "I am here."})
    assert "for a person" not in signed_in(Client(), vera).get("/w/acme/").content.decode()


def test_the_inbox_shows_who_waits_and_why(open_id: str, bob: Actor, vera: Actor) -> None:
    listed = inbox(bob, "?handoff=waiting").content.decode()
    assert "1 waiting for a person" in listed
    assert "Bot: A colleague comes." in listed
    page = inbox(bob, f"{open_id}/").content.decode()
    assert "Wants: My parcel?" in page
    assert "Give back to the bot" in page
    assert f"/w/acme/inbox/{open_id}/answer/" in page
    read_only = inbox(vera, f"{open_id}/").content.decode()
    assert "Wants: My parcel?" in read_only
    assert "Give back to the bot" not in read_only
    assert "/answer/" not in read_only


def test_a_member_answers_and_gives_back(open_id: str, bob: Actor, alice: Actor) -> None:
    editor, base = signed_in(Client(), bob), f"/w/acme/inbox/{open_id}"
    shown = editor.post(f"{base}/answer/", {"text": "In **Graz** " + HOSTILE}, follow=True)
    html = shown.content.decode()
    assert "<strong>Graz</strong>" in html
    assert "Bob has this conversation" in html
    assert "<script>alert" not in html
    assert "onerror=alert(1)>" not in html.replace("&gt;", "")
    assert 'href="javascript:' not in html
    assert "With a person" in inbox(alice).content.decode()
    back = editor.post(f"{base}/give-back/", follow=True).content.decode()
    assert "The bot goes on with the visitor&#x27;s next message." in back
    assert "Give back to the bot" not in back
    assert signed_in(Client(), alice).post(f"{base}/give-back/").status_code == 302
    late = editor.post(f"{base}/answer/", {"text": "Too late"}, follow=True).content.decode()
    assert "Nothing was sent." in late
    assert not Message.objects.filter(content="Too late").exists()


def test_the_page_reads_on(open_id: str, chat: Chat, bob: Actor) -> None:
    base, htmx = f"{open_id}/news/?after=", {"HX-Request": "true"}
    last = chat.row.messages.order_by("-created_at").values_list("pk", flat=True).first()
    has = f"&handoff={Handoff.objects.get().pk}"
    assert inbox(bob, f"{base}{last}{has}").status_code == 204
    chat.say("Hello? " + HOSTILE)
    found = inbox(bob, f"{base}{last}").content.decode()
    assert "Hello? " in found
    assert "<script>alert" not in found
    newest = chat.row.messages.order_by("-created_at").values_list("pk", flat=True).first()
    assert f"after={newest}" in found
    editor = signed_in(Client(), bob)
    sent = editor.post(f"/w/acme/inbox/{open_id}/answer/", {"text": "Yes"}, headers=htmx)
    assert (sent.status_code, sent.headers["HX-Trigger"]) == (200, "said")
    empty = editor.post(f"/w/acme/inbox/{open_id}/answer/", {"text": "  "}, headers=htmx)
    assert empty.status_code == 422
    assert "This field is required." in empty.content.decode()
    handoff.give_back(bob, chat.row.pk)
    ended = inbox(bob, f"{base}{newest}{has}").content.decode()
    assert "The bot goes on" in ended
    assert ended.count("The bot has the conversation again.") == 1
    newest = chat.row.messages.order_by("-created_at").values_list("pk", flat=True).first()
    assert inbox(bob, f"{base}{newest}").status_code == 204
    chat.say("Thanks")
    read_on = inbox(bob, f"{base}{newest}").content.decode()
    assert "Team said: Yes" in read_on
    assert 'id="composer"' not in read_on
    kept = editor.post(f"/w/acme/inbox/{open_id}/answer/", {"text": "Mine"}, headers=htmx)
    assert kept.status_code == 409
    assert "Mine</textarea>" in kept.content.decode()


@pytest.mark.parametrize("path", ["answer/", "give-back/"])
def test_who_may_not(open_id: str, vera: Actor, mallory: Actor, path: str) -> None:
    url = f"/w/acme/inbox/{open_id}/{path}"
    assert signed_in(Client(), vera).post(url, {"text": "x"}).status_code == 403
    assert signed_in(Client(), mallory).post(url, {"text": "x"}).status_code == 404
    own = url.replace("acme", "evil")
    assert signed_in(Client(), mallory).post(own).status_code == 404
    assert signed_in(Client(), mallory).post(own, {"text": "x"}).status_code == 404
    assert signed_in(Client(), mallory).get(f"/w/evil/inbox/{open_id}/news/").status_code == 404
    assert Client().post(url, {"text": "x"}).status_code == 302
    assert signed_in(Client(), vera).get(url).status_code == 405
    assert Handoff.objects.get().ended_at is None


def test_the_records_api_tells_of_it(open_id: str, chat: Chat, bob: Actor) -> None:
    def get(path: str) -> Any:
        answer = Client().get(path, headers={"Authorization": f"Bearer {chat.key}"})
        assert answer.status_code == 200, answer.content
        return answer.json()

    handoff.answer_as_person(bob, chat.row.pk, "Hello")
    assert get("/api/v1/conversations?handoff=waiting")["results"] == []
    (row,) = get("/api/v1/conversations?handoff=taken")["results"]
    assert row["handoff"]["note"] == "Wants: My parcel?"
    assert row["handoff"]["taken_by"] == "Bob"
    whole = get(f"/api/v1/conversations/{open_id}")
    assert [(m["role"], m["author"]) for m in whole["messages"]][-1] == ("person", "Bob")
    handoff.give_back(bob, chat.row.pk)
    assert get("/api/v1/conversations?handoff=taken")["results"] == []
    assert get(f"/api/v1/conversations/{open_id}")["handoff"] is None


def test_what_the_flow_asked_for_stands_beside_the_visitor(acme: Workspace, bob: Actor) -> None:
    asks = {"question": "Your e-mail?", "variable": "email", "answer_type": "email"}
    nodes: list[dict[str, Any]] = [
        *DESK,
        {"id": "collect1", "type": "collect_input", "data": asks},
        {
            "id": "collect2",
            "type": "collect_input",
            "data": {"question": "Which order?", "label": "Order"},
        },
        {
            "id": "set1",
            "type": "variable",
            "data": {"variable": "inner", "value": "not told"},
        },
    ]
    ways = ("start", "set1", "collect1", "collect2", "handoff1", "end")
    edges = [
        {"id": f"{source}-{target}", "source": source, "target": target}
        for source, target in pairwise(ways)
    ]
    chat = Chat(live_flow(acme, nodes, edges))
    for message in ("Hi", "ana@example.com"):
        chat.say(message)
    assert chat.say("4711-B")["handoff"]
    html = inbox(bob, f"{chat.row.pk}/").content.decode()
    aside = html[html.index("inbox-visitor") : html.rindex("</aside>")]
    assert "ana@example.com" in aside
    assert "<dt>Order</dt><dd>4711-B</dd>" in aside
    assert "not told" not in aside
    assert "ana@example.com</span>" in inbox(bob).content.decode()


def test_whoever_looks_sees_that_another_conversation_was_handed_over(
    chat: Chat, bob: Actor
) -> None:
    """The page reads on while the bot has it too."""
    chat.say("Hi")
    handoff.give_back(bob, chat.row.pk)
    chat.say("Thanks")
    newest = chat.row.messages.order_by("-created_at").values_list("pk", flat=True).first()
    base = f"{chat.row.pk}/news/?after={newest}"
    assert inbox(bob, base).status_code == 204
    chat.say("One more thing")
    found = inbox(bob, base).content.decode()
    assert "Wants: One more thing" in found
    assert "Send answer" in found
    # Whether Enter sends is known where the script is.
    assert "data-says-keys hidden" in found


def test_the_transcript_says_when_the_bot_had_it_again(chat: Chat, bob: Actor) -> None:
    chat.say("Hi")
    handoff.answer_as_person(bob, chat.row.pk, "Yes?")
    handoff.give_back(bob, chat.row.pk)
    chat.say("Thanks")
    html = inbox(bob, f"{chat.row.pk}/").content.decode()
    parts = ["Yes?", "The bot has the conversation again.", "Thanks", "Team said: Yes?"]
    places = [html.index(each, html.index('class="transcript"')) for each in parts]
    assert places == sorted(places)


# The widget


async def test_a_visitor_reads_what_people_write(desk: Entity, bob: Actor) -> None:
    config = {"widget_position": "bottom-right", "allowed_domains": DOMAINS}
    await sync_to_async(connecting.sync)(desk, {"website": config})
    shop = Website(desk, await desk.connections.aget(channel="website"))
    assert not (await shop.open())["handoff"]
    news = (await shop.call("news", {})).json()
    assert news == {"messages": [], "handoff": False, "wait": 0}
    assert (await shop.ask("Hi"))[-1][1]["handoff"]
    conversation = await Conversation.objects.aget()
    await sync_to_async(handoff.answer_as_person)(bob, conversation.pk, "Hello")
    found = (await shop.call("news", {})).json()
    assert found["wait"] == 3
    (message,) = found["messages"]
    assert (message["role"], message["content"]) == ("person", "Hello")
    assert "bob" not in json.dumps(found).lower()
    assert (await shop.call("news", {"after": message["id"]})).json()["messages"] == []
    opened = await shop.open(token=shop.token)
    assert opened["handoff"]
    assert [each["role"] for each in opened["messages"]] == ["user", "assistant", "person"]
    rated = await shop.call("feedback", {"message_id": message["id"], "value": "up"})
    assert rated.status_code == 404
    await sync_to_async(handoff.give_back)(bob, conversation.pk)
    ended = (await shop.call("news", {"after": message["id"]})).json()
    told = [(each["role"], each["content"], each["id"]) for each in ended["messages"]]
    words = "You are talking to the assistant again."
    notice = message["id"] + handoff.GIVEN_BACK
    assert (ended["handoff"], told) == (False, [("notice", words, notice)])
    assert (await shop.call("news", {"after": notice})).json()["messages"] == []
    kept = (await shop.open(token=shop.token))["messages"]
    assert [each["role"] for each in kept] == ["user", "assistant", "person", "notice"]
    assert kept[-1]["id"] == notice
    # Whom the bot has answered meanwhile has noticed.
    await shop.ask("Thanks")
    assert (await shop.call("news", {"after": message["id"]})).json()["messages"] == []
    roles = [each["role"] for each in (await shop.open(token=shop.token))["messages"]]
    assert roles == ["user", "assistant", "person", "notice", "user", "assistant"]
    stranger = Website(desk, shop.connection)
    assert (await stranger.call("news", {})).status_code == 401


def test_a_preview_says_that_it_waits_and_goes_on(bob: Actor) -> None:
    document = {"name": "Desk", "nodes": DESK, "edges": DESK_EDGES}
    draft = creating.create(bob, draft_types.get("chatflow"), document)
    base = f"/w/acme/chatflows/draft/{draft.id}/preview"
    panel = Panel(signed_in(Client(), bob), base)
    session_id = panel.post("session", {}).json()["session_id"]

    def ask(message: str) -> dict[str, Any]:
        answer = panel.post("messages", {"message": message, "session_id": session_id})
        done: dict[str, Any] = async_to_sync(events)(answer)[-1][1]
        return done

    assert ask("Hi")["handoff"]
    news = panel.post("news", {"session_id": session_id}).json()
    assert news["wait"] == 0
    assert "waits for a person" in news["messages"][0]["content"]
    assert panel.post("news", {"after": 1}).status_code == 422
    second = ask("Go on")
    assert (second["message"], second["handoff"]) == ("Team said: ", False)
    assert not Handoff.objects.exists()
