"""Conversations found by words that were said, and by what the inbox's filter asks for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from conversations.matches import with_matches
from conversations.models import Conversation, Feedback, Handoff, Message
from conversations.search import holding
from tests.conversations.conftest import deployed
from tests.conversations.recorded import known, talk
from tests.support.people import signed_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from drafts.models import Entity
    from workspaces.access import Actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def bot(acme: Any) -> Entity:
    return deployed(acme)


@pytest.fixture
def reader(vera: Actor) -> Client:
    return signed_in(Client(), vera)


def found(bot: Entity, text: str) -> list[str]:
    rows = holding(Conversation.objects.filter(entity=bot), bot.workspace_id, text)
    return sorted(rows.values_list("opening", flat=True))


def excerpt_of(bot: Entity, text: str) -> list[tuple[str, bool]]:
    (row,) = with_matches(list(Conversation.objects.filter(entity=bot)), text)
    assert row.match
    return [(part.text, part.is_found) for part in row.match.parts]


def test_what_was_found_is_shown_without_its_marks(bot: Entity) -> None:
    talk(bot, "**Hi**", "# Returns\n\n> Print the [**label**](https://shop.example/label) first")
    shown = [("Returns: Print the ", False), ("label", True), (" first", False)]
    assert excerpt_of(bot, "label") == shown
    # A visitor writes no Markdown.
    assert excerpt_of(bot, "hi") == [("**", False), ("Hi", True), ("**", False)]
    Message.objects.filter(role="assistant").update(
        content="*word* " * 300 + "the `end` is **near**"
    )
    assert "".join(text for text, _found in excerpt_of(bot, "near")).endswith("the end is near")


def test_what_was_found_says_who_of_the_team_said_it(bot: Entity, vera: Actor, bob: Actor) -> None:
    conversation = talk(bot, "Hi")
    Message.objects.create(
        conversation=conversation,
        role="person",
        author=bob.user,
        content="In **Graz**",
        created_at=timezone.now(),
    )
    for actor, name in ((bob, "You"), (vera, "Bob")):
        html = signed_in(Client(), actor).get("/w/acme/inbox/?q=graz").content.decode()
        assert f"{name}: In <mark>Graz</mark>" in html


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("Where is my Parcel?", "parcel"),
        ("Where is my parcel?", "PARC"),
        ("Where is my parcel?", "parcel where"),
        ("See https://shop.example.com/returns/form?id=7", "shop.example.com returns"),
        ("Order_number is A-1207", "1207"),
        ("Don't send it", "don't"),
        ("Straße nach Graz", "strasse graz".replace("ss", "ß")),
        ("東京タワーはどこですか", "タワー"),
        ("ต้องการคืนสินค้า", "คืนสินค้า"),
        ("Cost is 100 % of it", "100 %"),
    ],
)
def test_words_are_found_by_their_beginnings_in_any_script(
    bot: Entity, said: str, words: str
) -> None:
    talk(bot, said)
    talk(bot, "Something else")
    assert found(bot, words) == [said]


@pytest.mark.parametrize(
    "words", ["arcel", "parcel refund", "p", "!!!", "京東", "'", "& | !", "parcel:*", "\\", ":*"]
)
def test_what_was_not_said_is_not_found(bot: Entity, words: str) -> None:
    talk(bot, "Where is the goods?")
    talk(bot, "東京")
    assert found(bot, words) == []


@pytest.mark.parametrize("words", ["' | 'a", "a & !b <-> c", "(" * 150, "a " * 100, "%s %(x)s"])
def test_no_words_are_read_as_a_query(bot: Entity, reader: Client, words: str) -> None:
    talk(bot, "Where is it?")
    assert reader.get("/w/acme/inbox/", {"q": words}).status_code == 200


@pytest.mark.parametrize("words", ["ana exam", "ana@example.com", "u-77", "Gold plan"])
def test_people_are_found_by_what_is_known_of_them(bot: Entity, words: str) -> None:
    known(talk(bot, "first"), name="Ana", email="ana@example.com")
    talk(bot, "second", visitor={"user_id": "u-77"}, variables={"tier": "gold plan"})
    talk(bot, "third")
    assert len(found(bot, words)) == 1


def test_the_inbox_marks_the_words_where_they_stand(bot: Entity, reader: Client) -> None:
    talk(bot, "Where is it?", f"{'Well. ' * 30}The parcels <b>left</b> on Monday. {'Bye. ' * 60}")
    html = reader.get("/w/acme/inbox/?q=parcel").content.decode()
    assert "Bot: … " in html
    assert "<mark>parcels</mark> &lt;b&gt;left&lt;/b&gt; on Monday." in html


def test_an_excerpt_is_cut_around_the_first_word(bot: Entity) -> None:
    talk(bot, "Hi", "x" * 100 + " red order " + "y" * 300)
    assert excerpt_of(bot, "order re") == [
        ("… ", False),
        ("red", True),
        (" ", False),
        ("order", True),
        (f" {'y' * 190}", False),
        ("…", False),
    ]


def test_words_filter_and_pages_go_together(bot: Entity, reader: Client) -> None:
    for number in range(52):
        talk(bot, f"refund {number}", channel="telegram", days_ago=number)
    talk(bot, "refund elsewhere", channel="website")
    talk(bot, "other", channel="telegram")
    path = "/w/acme/inbox/?q=refund&channel=telegram"
    first = reader.get(path)
    assert len(first.context["rows"]) == 50
    second = reader.get(f"/w/acme/inbox/{first.context['next']}")
    assert [row.opening for row in second.context["rows"]] == ["refund 50", "refund 51"]
    exported = reader.get("/w/acme/inbox.csv?q=refund&channel=telegram")
    lines = b"".join(exported.streaming_content).decode().splitlines()  # type: ignore[attr-defined]
    assert len(lines) == 53


def test_nothing_is_found_in_another_workspace(bot: Entity, evil: Any, mallory: Actor) -> None:
    known(talk(bot, "secret parcel", visitor={"name": "parcel"}), name="parcel")
    html = signed_in(Client(), mallory).get("/w/evil/inbox/?q=parcel").content.decode()
    assert "Nothing found" in html


@pytest.mark.parametrize(
    ("query", "openings"),
    [
        ("answers=answered", ["fine", "known", "liked", "waits"]),
        ("answers=unanswered", ["broke", "unknown"]),
        ("answers=failed", ["broke"]),
        ("lead=yes", ["known"]),
        ("lead=no&answers=failed", ["broke"]),
        ("feedback=down", ["unknown"]),
        ("handoff=waiting", ["waits"]),
        ("answers=unanswered&q=unk", ["unknown"]),
    ],
)
def test_the_inbox_is_narrowed_by_what_became_of_it(
    bot: Entity, reader: Client, query: str, openings: list[str]
) -> None:
    talk(bot, "fine")
    talk(bot, "liked", feedback="up")
    known(talk(bot, "known"), name="Ana")
    waits = talk(bot, "waits")
    Handoff.objects.create(conversation=waits, since=waits.created_at)
    Message.objects.filter(conversation=talk(bot, "broke"), role="assistant").update(
        unanswered="failed", status="failed"
    )
    unknown = Message.objects.filter(conversation=talk(bot, "unknown"), role="assistant")
    unknown.update(unanswered="not_found")
    Feedback.objects.create(message=unknown.get(), value="down")
    rows = reader.get(f"/w/acme/inbox/?{query}").context["rows"]
    assert sorted(row.opening for row in rows) == openings


def test_an_answer_that_was_replaced_leaves_no_gap(bot: Entity, reader: Client) -> None:
    gap = Message.objects.filter(conversation=talk(bot, "again"), role="assistant")
    gap.update(unanswered="failed", status="replaced")
    assert not reader.get("/w/acme/inbox/?answers=unanswered").context["rows"]


def many(bot: Entity, count: int, *said: str) -> None:
    """So many conversations, in each of which all of this was said."""
    now = timezone.now()
    rows = [
        Conversation(
            workspace=bot.workspace,
            entity=bot,
            session_id=uuid4().hex,
            message_count=len(said),
            created_at=now,
            last_message_at=now,
        )
        for _ in range(count)
    ]
    Conversation.objects.bulk_create(rows)
    messages = [
        Message(conversation=row, role="user", content=content, created_at=now)
        for row in rows
        for content in said
    ]
    Message.objects.bulk_create(messages)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE conversations_conversation, conversations_message")


def test_words_are_looked_up_in_an_index(bot: Entity) -> None:
    many(bot, 100, *["Something else"] * 10)
    plan = holding(Conversation.objects.filter(entity=bot), bot.workspace_id, "where").explain()
    assert "words_said" in plan


def test_what_others_say_often_is_not_gone_through(bot: Entity, evil: Any) -> None:
    talk(bot, "Where is my parcel?")
    many(deployed(evil), 1000, "Where is my parcel?")
    rows = holding(Conversation.objects.filter(entity=bot), bot.workspace_id, "parcel where")
    (plan,) = json.loads(rows.explain(analyze=True, format="json"))
    assert max(each["Actual Rows"] for each in nodes_of(plan["Plan"])) < 10


def nodes_of(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for each in plan.get("Plans", ()):
        yield from nodes_of(each)
