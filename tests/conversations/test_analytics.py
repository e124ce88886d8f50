"""What was counted: by channel and model, what models cost, and what was not answered."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from asgiref.sync import async_to_sync
from django.test import Client

from chatbots.assistant import ChatbotAssistant
from conversations.charts import bars, lines
from conversations.models import Message
from conversations.pricing import prices_of, set_price
from conversations.runtime import ModelChoice, Ports, answer
from conversations.turn import Done, Passage, Turn
from inference.client import Delta, Finished
from inference.prices import Price, list_price
from tests.conversations.conftest import PLAIN, Api, deployed
from tests.conversations.flow_chat import Chat, live_flow
from tests.conversations.recorded import talk
from tests.support.people import signed_in
from workspaces.models import AuditEntry

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from drafts.models import Entity
    from workspaces.access import Actor
    from workspaces.models import Workspace

DAYS = [date(2026, 11, day) for day in (1, 2, 3)]


@pytest.fixture
def bot(acme: Any) -> Entity:
    return deployed(acme)


def answered_by(bot: Entity, model: str, read: int, written: int, **more: Any) -> None:
    answers = Message.objects.filter(conversation=talk(bot, "Hi", **more), role="assistant")
    answers.update(model=model, prompt_tokens=read, completion_tokens=written)


def counts(api: Api, query: str = "") -> Any:
    headers = {"Authorization": f"Bearer {api.key}"}
    response = Client().get(f"/api/v1/analytics?{query}", headers=headers)
    assert response.status_code == 200, response.content
    return response.json()


# Prices


@pytest.mark.parametrize(
    ("model", "read"),
    [
        ("gpt-4o-mini", "0.15"),
        ("gpt-4o-mini-2024-07-18", "0.15"),
        ("claude-sonnet-4-20250514", "3"),
        ("claude-3-5-haiku-latest", "0.80"),
        ("extractive", "0"),
    ],
)
def test_list_prices_are_those_of_every_edition(model: str, read: str) -> None:
    price = list_price(model)
    assert price
    assert price.read == Decimal(read)


@pytest.mark.parametrize("model", ["small-1", "my-gpt-4o", "gpt-4o-mini-tuned", ""])
def test_no_price_is_invented(model: str) -> None:
    assert list_price(model) is None


def test_a_price_is_written_as_people_write_it() -> None:
    assert Price(Decimal(10), Decimal("0.6")).as_text == ("10.00", "0.60")
    assert Price(Decimal("0.0750"), Decimal(0)).as_text == ("0.075", "0.00")


@pytest.mark.django_db
def test_costs_go_by_own_prices_then_by_the_list(bot: Entity, alice: Actor, api: Api) -> None:
    answered_by(bot, "gpt-4o-mini", 1_000_000, 500_000)
    answered_by(bot, "small-1", 2_000_000, 0)
    listed, unknown = sorted(counts(api)["models"], key=lambda each: each["model"])
    assert (listed["cost_usd"], listed["usd_per_million_in"]) == ("0.45", "0.15")
    assert (unknown["cost_usd"], unknown["usd_per_million_in"]) == (None, None)
    set_price(alice, "small-1", Price(Decimal("1.5"), Decimal(3)))
    set_price(alice, "gpt-4o-mini", Price(Decimal(0), Decimal(0)))
    own = {each["model"]: Decimal(each["cost_usd"]) for each in counts(api)["models"]}
    assert own == {"gpt-4o-mini": 0, "small-1": 3}
    set_price(alice, "gpt-4o-mini", None)
    assert prices_of(alice.workspace_id).of("gpt-4o-mini") == list_price("gpt-4o-mini")


@pytest.mark.django_db
def test_admins_set_prices_on_a_page(
    bot: Entity, alice: Actor, bob: Actor, evil: Workspace
) -> None:
    answered_by(bot, "small 1/x", 1_000_000, 0)
    path = "/w/acme/analytics/price/?model=small%201%2Fx"
    admin = signed_in(Client(), alice)
    page = admin.get("/w/acme/analytics/").content.decode()
    assert "Price unknown" in page
    assert "analytics/price/?model=small%201%2Fx" in page
    assert admin.post(path, {"read": "2", "written": ""}).status_code == 422
    assert admin.post(path, {"read": "-1", "written": "1"}).status_code == 422
    assert admin.post(path, {"read": "NaN", "written": "1"}).status_code == 422
    assert admin.post(path, {"read": "2", "written": "4"}).status_code == 302
    page = admin.get("/w/acme/analytics/").content.decode()
    assert "$2.00 in, $4.00 out for a million tokens" in page
    assert "Price unknown" not in page
    entry = AuditEntry.objects.get(action="price.set")
    assert (entry.target, entry.details) == ("small 1/x", {"now": "2.00 / 4.00"})
    assert signed_in(Client(), bob).get(path).status_code == 403
    assert admin.get("/w/acme/analytics/price/").status_code == 404
    assert not prices_of(evil.pk).own


# Channels, days


@pytest.mark.django_db
def test_channels_are_counted_the_busiest_first(bot: Entity, api: Api) -> None:
    talk(bot, "a", channel="api")
    talk(bot, "b", channel="telegram")
    talk(bot, "c", channel="telegram")
    talk(bot, "long ago", channel="discord", days_ago=60)
    assert counts(api)["channels"] == [
        {"channel": "telegram", "conversations": 2, "messages": 2},
        {"channel": "api", "conversations": 1, "messages": 1},
    ]


@pytest.mark.django_db
def test_each_day_has_its_latency_and_what_was_not_answered(bot: Entity, api: Api) -> None:
    talk(bot, "fine", days_ago=1)
    gap = Message.objects.filter(conversation=talk(bot, "what?"), role="assistant")
    gap.update(unanswered="not_found", latency_ms=1000)
    found = counts(api)
    days = {day["date"]: day for day in found["days"] if day["messages"]}
    yesterday, today = (days[each] for each in sorted(days))
    assert (yesterday["unanswered"], yesterday["latency_p50_ms"]) == (0, 200)
    assert (today["unanswered"], today["latency_p50_ms"]) == (1, 1000)
    assert found["totals"]["unanswered"] == 1


def test_bars_stand_on_one_another() -> None:
    chart = bars(DAYS, [1, 0, 3], [1, 2, 0])
    assert (chart.most, chart.top) == (3, 5)
    first, second, third, _last = chart.bars
    assert (third.date, third.value) == (DAYS[1], 2)
    assert (first.series, first.y + first.height) == (1, chart.height)
    assert (second.series, second.y + second.height) == (2, first.y)


def test_a_line_is_broken_off_where_nothing_is_known() -> None:
    chart = lines(DAYS, [100.0, None, 50.0], [None, None, None])
    assert [line.series for line in chart.lines] == [1, 1]
    assert chart.top == 100
    assert all(" " in line.points for line in chart.lines)


# What was not answered


@pytest.mark.django_db
def test_unanswered_questions_are_listed_with_their_conversation(
    bot: Entity, vera: Actor, mallory: Actor, api: Api
) -> None:
    conversation = talk(bot, "Do you ship <b>there</b>?", "I do not know.")
    Message.objects.filter(conversation=conversation, role="assistant").update(
        unanswered="not_found"
    )
    talk(bot, "fine")
    reader = signed_in(Client(), vera)
    for path in ("analytics/", "analytics/unanswered/"):
        html = reader.get(f"/w/acme/{path}").content.decode()
        assert "Do you ship &lt;b&gt;there&lt;/b&gt;?" in html
        assert "Nothing was found" in html
        assert f"/w/acme/inbox/{conversation.pk}/" in html
    exported = reader.get("/w/acme/analytics/unanswered.csv")
    csv = b"".join(exported.streaming_content).decode()  # type: ignore[attr-defined]
    assert f"Do you ship <b>there</b>?,not_found,I do not know.,{conversation.pk}" in csv
    headers = {"Authorization": f"Bearer {api.key}"}
    (row,) = Client().get("/api/v1/analytics/unanswered", headers=headers).json()["results"]
    assert (row["question"], row["reason"]) == ("Do you ship <b>there</b>?", "not_found")
    other = signed_in(Client(), mallory)
    assert other.get("/w/acme/analytics/unanswered/").status_code == 404
    assert "Do you ship" not in other.get("/w/evil/analytics/unanswered/").content.decode()


class Says:
    """A model that always says the same."""

    generates = True

    def __init__(self, text: str) -> None:
        self.text = text

    async def stream(self, completion: Any) -> AsyncIterator[Any]:
        yield Delta(self.text)
        yield Finished(model="small-1")


class Finds:
    def __init__(self, *passages: Passage) -> None:
        self.passages = passages

    async def retrieve(self, question: str, bases: Any) -> tuple[Passage, ...]:
        return self.passages


PASSAGE = Passage(1, "We ship to Graz.", "Shipping")
BASE = {"kb_id": "7e2a3c57-4a5a-4f7c-9f0a-1d0d4a7a4c11", "enabled": True}


def gap_of(says: str, *found: Passage, **data: Any) -> str:
    document = PLAIN | {"knowledge_bases": [BASE]} | data
    assistant = ChatbotAssistant(document)
    ports = Ports({ModelChoice(None, "small-1"): Says(says)}, Finds(*found))

    async def last() -> Any:
        turn = Turn("Where do you ship?")
        return [event async for event in answer(assistant, turn, ports)][-1]

    done = async_to_sync(last)()
    assert isinstance(done, Done)
    return done.unanswered


def test_an_answer_that_rests_on_something_is_one() -> None:
    assert gap_of("To Graz [1].", PASSAGE) == ""


def test_an_answer_that_rests_on_nothing_that_was_found_is_none() -> None:
    assert gap_of("I do not know.", PASSAGE) == "not_used"


def test_nobody_can_tell_without_citations() -> None:
    features = PLAIN["features"] | {"enable_citations": False}
    assert gap_of("To Graz.", PASSAGE, features=features) == ""


@pytest.mark.parametrize("behaviour", ["message", "say_so"])
def test_where_nothing_is_found_there_is_no_answer(behaviour: str) -> None:
    no_answer = {"behaviour": behaviour, "message": "Ask my colleagues."}
    assert gap_of("I do not know.", no_answer=no_answer) == "not_found"


def test_a_bot_without_knowledge_answers_from_what_it_knows() -> None:
    assert gap_of("To Graz.", knowledge_bases=[]) == ""


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("redis_clean", "connections_returned")
def test_a_failed_answer_is_kept_as_none(acme: Workspace) -> None:
    nodes: list[dict[str, Any]] = [
        {"id": "start", "type": "trigger"},
        {"id": "end", "type": "response", "data": {"message": "{{ 1 / 0 }}"}},
    ]
    chat = Chat(live_flow(acme, nodes, [{"id": "1", "source": "start", "target": "end"}]))
    chat.say("Hi", status=502)
    kept = Message.objects.get(role="assistant")
    assert (kept.status, kept.unanswered) == ("failed", "failed")
