"""How long conversations are kept, and all that is kept of one person: shown, exported, deleted."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from conversations import people, person_export, retention
from conversations.models import Conversation, Feedback, Lead, Message
from conversations.tasks import sweep
from tests.conversations.conftest import Api, deployed
from tests.conversations.flow_chat import Chat, live_flow
from tests.conversations.recorded import known, say, talk
from tests.support.people import signed_in
from workspaces.models import AuditEntry

if TYPE_CHECKING:
    from drafts.models import Entity
    from workspaces.access import Actor
    from workspaces.models import Workspace

pytestmark = pytest.mark.django_db
ANA = "ana@example.com"
ASKING: list[dict[str, Any]] = [
    {"id": "start", "type": "trigger"},
    {
        "id": "ask",
        "type": "collect_input",
        "data": {"question": "Your e-mail?", "variable": "mail"},
    },
    {"id": "end", "type": "response", "data": {"message": "Thank you."}},
]
ASKING_EDGES = [
    {"id": "1", "source": "start", "target": "ask"},
    {"id": "2", "source": "ask", "target": "end"},
]


@pytest.fixture
def bot(acme: Workspace) -> Entity:
    return deployed(acme)


@pytest.fixture
def admin(alice: Actor) -> Client:
    return signed_in(Client(), alice)


def openings() -> list[str]:
    return sorted(Conversation.objects.values_list("opening", flat=True))


def entry(action: str) -> AuditEntry:
    return AuditEntry.objects.get(action=action)


# How long


def test_without_a_choice_everything_is_kept(bot: Entity) -> None:
    talk(bot, "old", days_ago=3000)
    sweep()
    assert openings() == ["old"]


def test_what_is_over_is_deleted_with_all_that_hangs_on_it(
    bot: Entity, alice: Actor, evil: Workspace
) -> None:
    old = talk(bot, "old", days_ago=31, feedback="up")
    known(old, name="Ana", email=ANA)
    talk(bot, "young", days_ago=29)
    talk(deployed(evil), "of others", days_ago=31)
    retention.keep_for(alice, 30)
    sweep()
    sweep()
    assert openings() == ["of others", "young"]
    assert not Feedback.objects.exists()
    assert Message.objects.count() == 4
    assert Lead.objects.get().conversation is None
    deleted = entry("retention.deleted")
    assert (deleted.by, deleted.details) == ("PrivexBot", {"conversations": 1})
    changed = entry("retention.changed")
    assert (changed.by, changed.details) == (
        alice.identity,
        {"days_before": "∞", "days_now": 30},
    )


def test_batches_go_on_until_nothing_is_left(
    bot: Entity, alice: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    monkeypatch.setattr(retention, "MOST", 4)
    for number in range(5):
        talk(bot, str(number), days_ago=10 + number)
    retention.keep_for(alice, 7)
    sweep()
    assert openings() == ["0"]  # the oldest went first, as many as one go may
    sweep()
    assert openings() == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("connections_returned")
def test_what_somebody_writes_into_is_left_alone(bot: Entity, alice: Actor) -> None:
    busy = talk(bot, "busy", days_ago=10)
    talk(bot, "idle", days_ago=9)
    retention.keep_for(alice, 7)
    other = connections.create_connection("default")
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute(
                "SELECT 1 FROM conversations_conversation WHERE id = %s FOR UPDATE", [busy.pk]
            )
            sweep()
        assert openings() == ["busy"]
    finally:
        other.rollback()
        other.close()


def test_the_page_says_what_a_choice_would_delete_before_it_does(
    bot: Entity, admin: Client, acme: Workspace
) -> None:
    talk(bot, "old", days_ago=31)
    path = "/w/acme/settings/privacy/keep/"
    asked = admin.post(path, {"days": "30"})
    html = asked.content.decode()
    assert "This deletes 1 conversation for good" in html
    assert retention.days_of(acme.pk) is None
    # Another number than the one that was agreed to is asked about again.
    assert "This deletes" in admin.post(path, {"days": "20", "agreed": "30"}).content.decode()
    assert admin.post(path, {"days": "30", "agreed": "30"}).status_code == 302
    assert retention.days_of(acme.pk) == 30
    page = admin.get("/w/acme/settings/privacy/").content.decode()
    assert "once nothing was said in it for 30 days" in page
    assert admin.post(path, {"days": ""}).status_code == 302
    assert retention.days_of(acme.pk) is None


@pytest.mark.parametrize("days", ["0", "-1", "3651", "x", "1e9", "99999999999999999999"])
def test_a_wrong_number_of_days_changes_nothing(admin: Client, acme: Workspace, days: str) -> None:
    answer = admin.post("/w/acme/settings/privacy/keep/", {"days": days})
    assert answer.status_code == 422
    assert retention.days_of(acme.pk) is None


def test_a_program_says_how_long(bot: Entity, api: Api) -> None:
    talk(bot, "old", days_ago=31)
    headers = {"Authorization": f"Bearer {api.key}"}

    def put(body: Any) -> Any:
        return Client().put(
            "/api/v1/retention", json.dumps(body), content_type="application/json", headers=headers
        )

    assert Client().get("/api/v1/retention", headers=headers).json() == {"days": None, "over": 0}
    assert put({"days": 30}).json() == {"days": 30, "over": 1}
    assert put({"days": 0}).status_code == 422
    assert put({}).status_code == 422
    assert put({"days": None}).json() == {"days": None, "over": 0}


# One person


@pytest.fixture
def ana(bot: Entity) -> list[Conversation]:
    """Whatever Ana left, in the ways there are, and others who are alike."""
    mine = [
        talk(bot, "by lead"),
        talk(bot, "by website", visitor={"email": "Ana@Example.com", "user_id": "u-1"}),
        talk(bot, "by form", variables={"email": ANA}),
    ]
    known(mine[0], name="Ana", email=ANA)
    known(talk(bot, "another"), name="Ann", email="bana@example.com")
    talk(bot, "alike", visitor={"email": "ana@example.com.au"})
    talk(bot, ANA)  # whoever wrote that may want to reach her
    talk(bot, f"Mail {ANA} about it")
    return mine


@pytest.mark.usefixtures("ana")
def test_a_person_is_found_wherever_they_are_known(alice: Actor) -> None:
    found = people.find(alice, f" {ANA.upper()} ")
    assert sorted(each.opening for each in found.conversations) == [
        "by form",
        "by lead",
        "by website",
    ]
    assert [lead.name for lead in found.leads] == ["Ana"]
    assert found.mentions == 3


@pytest.mark.parametrize(
    ("identifier", "count"), [("u-1", 1), ("Ana", 1), ("u", 0), ("example.com", 0), ("nobody", 0)]
)
@pytest.mark.usefixtures("ana")
def test_only_a_whole_name_is_a_person(alice: Actor, identifier: str, count: int) -> None:
    assert len(people.find(alice, identifier).conversations) == count


@pytest.mark.parametrize("name", ["İlker Öz", "ΣΑΣ", "STRAẞE 5", 'Ana "Bo" 100%_\\'])
def test_a_name_in_any_script_is_a_person(bot: Entity, alice: Actor, name: str) -> None:
    talk(bot, "told by the website", visitor={"name": name})
    known(talk(bot, "left in a form"), name=name)
    assert len(people.find(alice, name).conversations) == 2
    assert len(people.erase(alice, name, name).leads) == 1
    assert openings() == []


def test_a_session_names_a_person(bot: Entity, alice: Actor) -> None:
    conversation = talk(bot, "Hi")
    assert people.find(alice, conversation.session_id).conversations == [conversation]


def test_a_number_names_a_person(bot: Entity, alice: Actor) -> None:
    mine = talk(bot, "by number", variables={"customer": 42})
    talk(bot, "alike", variables={"customer": 420}, visitor={"name": "a, 42, b"})
    assert people.find(alice, "42").conversations == [mine]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("redis_clean", "connections_returned")
def test_who_answers_a_question_of_a_flow_with_it_is_known_by_it(
    acme: Workspace, alice: Actor
) -> None:
    chat = Chat(live_flow(acme, ASKING, ASKING_EDGES))
    for text in ("Hi", "Ana@Example.com"):
        chat.say(text)
    other = Chat(chat.entity)
    for text in (ANA, "Nobody"):
        other.say(text)
    found = people.find(alice, ANA)
    assert (found.conversations, found.mentions) == ([chat.row], 1)


def test_a_person_is_exported_whole(
    ana: list[Conversation], bot: Entity, bob: Actor, admin: Client
) -> None:
    Message.objects.create(
        conversation=ana[0],
        role="person",
        author=bob.user,
        content="Here.",
        created_at=timezone.now() + timedelta(minutes=1),
    )
    answer = admin.post("/w/acme/settings/privacy/export/", {"identifier": ANA})
    assert answer["Content-Disposition"] == 'attachment; filename="person.json"'
    told = read(answer)
    assert len(told["conversations"]) == 3
    assert [lead["fields"]["email"] for lead in told["leads"]] == [ANA]
    said = {each["first_message"]: each["messages"] for each in told["conversations"]}
    assert [each["role"] for each in said["by lead"]] == ["user", "assistant", "person"]
    assert "Bob" not in str(told)
    exported = entry("person.exported")
    assert exported.details == {"conversations": 3, "leads": 1, "arrivals": 0}
    assert "ana" not in f"{exported.target}{exported.details}".lower()


def read(answer: Any) -> Any:
    """What was exported: it streams, since it may be more than fits into a process's memory."""
    assert answer.streaming
    return json.loads(b"".join(answer.streaming_content))


def test_what_is_long_is_exported_a_little_at_a_time(
    ana: list[Conversation], alice: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(person_export, "LOT", 3)
    say(ana[1], *((f"Question {n}", f"Answer {n}") for n in range(4)))
    person = people.find(alice, ANA)
    last = person.conversations[-1]
    pieces = people.exported(alice, person)
    begun = next(pieces)
    last.delete()
    told = json.loads(begun + "".join(pieces))
    assert str(last.pk) not in [each["id"] for each in told["conversations"]]
    assert len(told["conversations"]) == 2
    long = next(each for each in told["conversations"] if each["id"] == str(ana[1].pk))
    said = [each["content"] for each in long["messages"]]
    asked_first = [text for n in range(4) for text in (f"Question {n}", f"Answer {n}")]
    assert [text for text in said if text in asked_first] == asked_first
    assert len(said) == 10


@pytest.mark.usefixtures("ana")
def test_a_person_is_deleted_once_it_is_typed_again(admin: Client) -> None:
    path = "/w/acme/settings/privacy/erase/"
    refused = admin.post(path, {"identifier": ANA, "confirmation": "ana"})
    assert refused.status_code == 422
    assert "This is not what you searched for. Nothing was deleted." in refused.content.decode()
    assert Conversation.objects.count() == 7
    assert admin.post(path, {"identifier": ANA, "confirmation": ANA}).status_code == 302
    assert openings() == [f"Mail {ANA} about it", "alike", ANA, "another"]
    assert [lead.name for lead in Lead.objects.all()] == ["Ann"]
    erased = entry("person.erased")
    assert (erased.target, erased.details) == ("", {"conversations": 3, "leads": 1, "arrivals": 0})
    again = admin.post(path, {"identifier": ANA, "confirmation": ANA})
    assert "Nobody is known as" in again.content.decode()


@pytest.mark.usefixtures("ana")
def test_the_page_shows_what_is_kept_of_a_person(admin: Client) -> None:
    html = admin.post("/w/acme/settings/privacy/find/", {"identifier": ANA}).content.decode()
    for words in ("3 conversations", "1 lead", "by website", "3 other conversations", "Ana"):
        assert words in html
    nobody = admin.post("/w/acme/settings/privacy/find/", {"identifier": "<b>"}).content.decode()
    assert "Nobody is known as &lt;b&gt;." in nobody
    blank = admin.post("/w/acme/settings/privacy/find/", {"identifier": "!!"})
    assert blank.status_code == 422


@pytest.mark.usefixtures("ana")
def test_others_see_and_delete_nothing(
    bob: Actor, mallory: Actor, evil_api: Api, acme: Workspace
) -> None:
    body = {"identifier": ANA, "confirmation": ANA}
    for page in ("", "keep/", "find/", "export/", "erase/"):
        path = f"/w/acme/settings/privacy/{page}"
        ask = Client.post if page else Client.get
        assert ask(signed_in(Client(), bob), path, body).status_code == 403, page
        assert ask(signed_in(Client(), mallory), path, body).status_code == 404, page
    headers = {"Authorization": f"Bearer {evil_api.key}"}
    other = Client().post(
        "/api/v1/people/find",
        json.dumps({"identifier": ANA}),
        content_type="application/json",
        headers=headers,
    )
    assert other.json() == {
        "conversations": [],
        "leads": [],
        "arrivals": [],
        "mentions": 0,
        "has_more": False,
    }
    assert Conversation.objects.count() == 7


def test_it_stands_among_the_settings_of_admins(admin: Client, bob: Actor) -> None:
    base, path = "/w/acme/settings/general/", "/w/acme/settings/privacy/"
    link = f'<a class="rail-link" href="{path}"'
    assert link in admin.get(base).content.decode()
    asked = admin.post(f"{path}find/", {"identifier": ANA}).content.decode()
    assert f'{link} aria-current="page"' in asked
    assert link not in signed_in(Client(), bob).get(base).content.decode()


@pytest.mark.usefixtures("ana")
def test_a_program_finds_exports_and_deletes_a_person(api: Api) -> None:
    headers = {"Authorization": f"Bearer {api.key}"}

    def post(path: str, **body: str) -> Any:
        return Client().post(
            f"/api/v1/people/{path}",
            json.dumps(body),
            content_type="application/json",
            headers=headers,
        )

    assert len(post("find", identifier=ANA).json()["conversations"]) == 3
    assert len(read(post("export", identifier=ANA))["conversations"]) == 3
    refused = post("erase", identifier=ANA, confirmation="x")
    assert (refused.status_code, refused.json()["errors"][0]["path"]) == (422, "confirmation")
    erased = post("erase", identifier=ANA, confirmation=ANA)
    assert erased.json() == {"conversations": 3, "leads": 1, "arrivals": 0}
    assert post("erase", identifier=ANA, confirmation=ANA).status_code == 422
