"""The start: what it gives by what it begins with, and what is wrong with several of them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from chatflows import occasions
from chatflows.assistant import ChatflowAssistant
from chatflows.checking import problems
from chatflows.drawn import drawing_of
from chatflows.nodes.trigger import TriggerSettings
from chatflows.normalising import normalised
from conversations.ports import NoKnowledge
from conversations.runtime import Ports, answer
from conversations.turn import Done, Failed, Turn

if TYPE_CHECKING:
    from conversations.turn import Event, Occasion

THREE: dict[str, Any] = {
    "nodes": [
        {"id": "chat", "type": "trigger"},
        {"id": "hook", "type": "trigger", "data": {"trigger_type": "webhook"}},
        {"id": "clock", "type": "trigger", "data": {"trigger_type": "schedule"}},
        {
            "id": "say",
            "type": "response",
            "data": {"message": "{{channel}}|{{input}}|{{hook.body.a}}|{{clock.weekday}}"},
        },
    ],
    "edges": [
        {"id": "e1", "source": "chat", "target": "say"},
        {"id": "e2", "source": "hook", "target": "say"},
        {"id": "e3", "source": "clock", "target": "say"},
    ],
}


async def started(occasion: Occasion | None, message: str = "") -> Event:
    turn = Turn(message, channel="x", occasion=occasion)
    assistant = ChatflowAssistant(THREE)
    return [each async for each in answer(assistant, turn, Ports({}, NoKnowledge()))][-1]


async def test_a_flow_is_begun_by_the_start_of_what_happened() -> None:
    moment = datetime(2026, 11, 29, 23, 30, tzinfo=UTC)
    occasion = occasions.of_schedule(moment, ZoneInfo("Asia/Tokyo"))
    for each, said in (
        (await started(None, "Hi"), "x|Hi||"),
        (await started(occasions.of_webhook({"a": 1}, {}, {})), "x||1|"),
        (await started(occasion), "x|||mon"),
    ):
        assert isinstance(each, Done)
        assert each.message == said
    assert occasion.payload == {
        "scheduled_at": "2026-11-29T23:30:00.000Z",
        "date": "2026-11-30",
        "time": "08:30",
        "weekday": "mon",
    }


async def test_a_flow_without_such_a_start_says_so() -> None:
    assistant = ChatflowAssistant({"nodes": THREE["nodes"][:1], "edges": []})
    turn = Turn("", occasion=occasions.of_webhook(None, {}, {}))
    (end,) = [each async for each in answer(assistant, turn, Ports({}, NoKnowledge()))]
    assert isinstance(end, Failed)
    assert (end.code, "webhook" in end.message) == ("not-configured", True)


def told(*changes: dict[str, Any], edges: list[dict[str, str]] | None = None) -> list[str]:
    document = {"nodes": list(changes), "edges": edges or []}
    return [f"{p.severity} {p.path}: {p.message}" for p in problems(drawing_of(document))]


HOOK, CLOCK = THREE["nodes"][1:3]
ASK = {"id": "ask", "type": "collect_input", "data": {"question": "Who?"}}


def test_what_nobody_hears_may_say_nothing() -> None:
    act = {"id": "act", "type": "http", "data": {"url": "https://example.com"}}
    edge = {"id": "e", "source": "hook", "target": "act"}
    assert told(HOOK, act, edges=[edge]) == []
    assert told(CLOCK, act, edges=[{**edge, "source": "clock"}]) == []
    (words,) = told(HOOK, act, THREE["nodes"][0], edges=[edge])
    assert "Add a response" in words


def test_a_response_that_only_a_webhook_leads_to_is_none_for_the_chat() -> None:
    document = {**THREE, "edges": THREE["edges"][1:]}
    found = [p for p in problems(drawing_of(document)) if p.severity == "error"]
    assert [p.node_id for p in found] == ["chat"]


def test_after_a_schedule_nobody_answers() -> None:
    edges = [{"id": "e", "source": "clock", "target": "ask"}]
    (words,) = told(CLOCK, ASK, edges=edges)
    assert words.startswith("warning nodes.ask: ")
    assert told(HOOK, ASK, edges=[{**edges[0], "source": "hook"}]) == []


def test_a_start_that_does_nothing_is_warned_about() -> None:
    for start in (HOOK, CLOCK):
        (words,) = told(start)
        assert words.startswith(f"warning nodes.{start['id']}: This start leads nowhere")


def test_two_starts_of_a_kind_are_one_too_many() -> None:
    words = told(HOOK, {**HOOK, "id": "other"})
    assert ["two starts of this kind" in each for each in words] == [True, False, False]


def test_expressions_know_what_each_start_gives() -> None:
    say = {"id": "say", "type": "response", "data": {"message": "{{hook.date}}{{clock.date}}"}}
    found = told(HOOK, CLOCK, say, edges=THREE["edges"][1:])
    assert len(found) == 1
    assert "hook gives no date. It gives: body, headers, query, message." in found[0]


@pytest.mark.parametrize(
    ("data", "setting"),
    [
        ({"every": "cron"}, "cron"),
        ({"every": "cron", "cron": "61 * * * *"}, "cron"),
        ({"every": "cron", "cron": "x" * 201}, "cron"),
        ({"timezone": "Moon/Crater"}, "timezone"),
        ({"at": "24:00"}, "at"),
        ({"at": "9:00"}, "at"),
        ({"weekday": "someday"}, "weekday"),
    ],
)
def test_a_time_that_cannot_be_read_is_told_at_its_box(data: dict[str, str], setting: str) -> None:
    with pytest.raises(ValidationError) as refused:
        TriggerSettings.model_validate({"trigger_type": "schedule", **data})
    assert [error["loc"] for error in refused.value.errors()] == [(setting,)]


def test_what_plays_no_part_is_not_judged() -> None:
    TriggerSettings.model_validate({"trigger_type": "webhook", "every": "cron", "cron": "x"})


def test_a_start_beside_others_begins_with_what_none_of_them_does() -> None:
    document: dict[str, Any] = {"nodes": [{"id": "start", "type": "trigger", "data": {}}]}
    patch = normalised({"nodes": {"trigger1": {"type": "trigger"}}}, document)
    assert patch["nodes"]["trigger1"]["data"] == {"trigger_type": "webhook"}
    moved = normalised({"nodes": {"start": {"type": "trigger", "position": {}}}}, document)
    assert "data" not in moved["nodes"]["start"]
    first = normalised({"nodes": {"start": {"type": "trigger"}}}, {})
    assert "trigger_type" not in first["nodes"]["start"].get("data", {})
