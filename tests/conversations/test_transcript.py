"""A conversation on a page: by pages, and at a bounded price whatever was said in it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from conversations.models import Conversation, Message
from conversations.preview import open_door
from conversations.preview_store import append
from conversations.sharing import share
from conversations.transcript import MOST_MARKDOWN
from conversations.turn import LONGEST_ANSWER
from drafts.types import draft_types
from tests.conversations.conftest import deployed, draft_of
from tests.conversations.recorded import begun, say
from tests.support.people import signed_in

if TYPE_CHECKING:
    from workspaces.access import Actor
    from workspaces.models import Workspace

pytestmark = pytest.mark.django_db
# Opening brackets are what Markdown takes the longest for; the first word tells whether it did.
COSTLY = "**a** " + "[" * 7_990


@pytest.fixture
def conversation(acme: Workspace) -> Conversation:
    return begun(deployed(acme))


def shown(client: Client, conversation: Conversation, query: str = "", **headers: str) -> str:
    answer = client.get(f"/w/acme/inbox/{conversation.pk}/{query}", headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


def earlier(html: str) -> str | None:
    found = re.search(r'hx-get="(\?[^"]*before=[^"]*)"', html)
    return found and found[1].replace("&amp;", "&")


def test_what_a_visitor_typed_is_shown_as_it_was_typed(
    conversation: Conversation, vera: Actor
) -> None:
    say(conversation, ("**one**\ntwo <b>", "**three**"))
    html = shown(signed_in(Client(), vera), conversation)
    assert "<p>**one**<br>two &lt;b&gt;</p>" in html
    assert "<strong>three</strong>" in html


def test_hostile_messages_cost_no_more_than_a_page_may(
    conversation: Conversation, vera: Actor
) -> None:
    say(conversation, *[(COSTLY, COSTLY)] * 25)
    html = shown(signed_in(Client(), vera), conversation)
    assert html.count("**a**") + html.count("<strong>a</strong>") == 50
    assert 0 < html.count("<strong>a</strong>") * len(COSTLY) <= MOST_MARKDOWN
    newest = html.rindex("<strong>a</strong>")
    assert html[newest:].count('data-role="assistant"') == 0


def test_a_shared_preview_costs_no_more_either(bob: Actor, redis_clean: None) -> None:
    draft = draft_of(bob)
    door = open_door(bob, draft_types.get("chatbot"), draft.id)
    messages = [_previewed(n, role) for n in range(100) for role in ("user", "assistant")]
    append(door.session("s1"), messages, replaces=None, expires_at=door.expires_at)
    address = share(door, "s1")["url"].removeprefix("http://testserver")
    html = Client().get(address).content.decode()
    assert html.count('class="said"') == 200
    assert 0 < html.count("<strong>a</strong>") * len(COSTLY) <= MOST_MARKDOWN


def _previewed(turn: int, role: str) -> dict[str, Any]:
    said = {"id": uuid4().hex, "role": role, "content": COSTLY, "status": "whole", "citations": []}
    return said | {"at": timezone.now().timestamp() + 2 * turn + (role == "assistant")}


def test_an_endless_answer_is_cut_visibly(conversation: Conversation, vera: Actor) -> None:
    say(conversation, ("Go on", "b" * 2 * LONGEST_ANSWER))
    html = shown(signed_in(Client(), vera), conversation)
    assert html.count("b" * (LONGEST_ANSWER - 1) + "…") == 1


def test_a_long_conversation_comes_page_by_page(conversation: Conversation, vera: Actor) -> None:
    say(conversation, *[(f"question {n}.", f"answer {n}.") for n in range(60)])
    reader = signed_in(Client(), vera)
    pages = [shown(reader, conversation, "?channel=website")]
    while query := earlier(pages[-1]):
        assert "channel=website" in query
        pages.append(shown(reader, conversation, query, **{"HX-Request": "true"}))
    newest, before, oldest = pages
    assert newest.index("question 35.") < newest.index("answer 59.")
    assert "answer 34." not in newest
    assert before.index("question 10.") < before.index("answer 34.")
    assert oldest.index("question 0.") < oldest.index("answer 9.")
    for part in (before, oldest):
        assert "<main" not in part
        assert part.lstrip().startswith("<li")
    assert [page.count('class="said"') for page in pages] == [50, 50, 20]


def test_earlier_messages_can_be_read_without_a_script(
    conversation: Conversation, vera: Actor
) -> None:
    say(conversation, *[(f"question {n}.", f"answer {n}.") for n in range(30)])
    reader = signed_in(Client(), vera)
    query = earlier(shown(reader, conversation))
    assert query
    html = shown(reader, conversation, query)
    assert "<main" in html
    assert "question 0." in html
    assert "before=" not in html
    assert reader.get(f"/w/acme/inbox/{conversation.pk}/?before=x").status_code == 400


def test_an_answer_that_was_stopped_says_so_whether_or_not_it_had_begun(
    conversation: Conversation, vera: Actor
) -> None:
    say(conversation, ("Where is it?", ""), ("When?", "Tomor"))
    Message.objects.filter(role="assistant").update(status="stopped")
    html = shown(signed_in(Client(), vera), conversation)
    answers = html.split('data-role="assistant"')[1:]
    assert [answer.count("Stopped") for answer in answers] == [1, 1]
    assert html.count("Stopped") == 2


def traced(name: str, place: list[int], **more: Any) -> dict[str, Any]:
    step = {"event": "node_finished", "node_id": name, "label": "", "place": place, "status": "ok"}
    return step | {"duration_ms": 1234.5, "input": {}, "output": {}, "handle": ""} | more


def test_what_the_flow_did_stands_under_its_answer(conversation: Conversation, vera: Actor) -> None:
    say(conversation, ("Hi", "Yes"))
    trace = [
        traced("llm1", [2], status="failed", error="no <b>model</b>"),
        traced("if1", [1], label="Is it so?", handle="true", way="True", output={"result": True}),
        traced("start", [0], input={"text": "x" * 9_000}),
        traced("handoff1", [3], status="waiting", type="handoff"),
        {"event": "other"},
        "nonsense",
        {"event": "node_finished", "place": "x", "duration_ms": None, "input": 5},
    ]
    Message.objects.filter(conversation=conversation, role="assistant").update(trace=trace)
    html = shown(signed_in(Client(), vera), conversation)
    assert html.count("What the flow did") == 1
    assert (
        html.index("<strong>start") < html.index("<strong>Is it so?") < html.index("<strong>llm1")
    )
    assert "no &lt;b&gt;model&lt;/b&gt;" in html
    assert "<span>1.2 s</span>" in html
    assert "Left by True" in html
    assert "With your team" in html
    assert "&quot;result&quot;: true" in html
    assert "x" * 5_000 not in html


def test_a_page_shows_so_much_of_traces_and_no_more(
    conversation: Conversation, vera: Actor
) -> None:
    say(conversation, *[("Hi", "Yes")] * 30)
    big = [traced(f"n{n}", [n], input={"text": "y" * 2_000}) for n in range(10)]
    Message.objects.filter(conversation=conversation, role="assistant").update(trace=big)
    html = shown(signed_in(Client(), vera), conversation)
    assert html.count("yyyy") * 4 < 80_000
    assert html.count("<strong>n9") == 25


def test_answers_without_a_trace_have_no_steps(conversation: Conversation, vera: Actor) -> None:
    say(conversation, ("Hi", "Yes"))
    assert "What the flow did" not in shown(signed_in(Client(), vera), conversation)
