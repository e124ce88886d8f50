"""The node that hands the conversation to a person."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from chatflows.executor.events import Broken, Ended
from chatflows.executor.run import Run
from conversations.turn import Turn, Utterance
from tests.chatflows.executor.flows import NOWHERE, Told, flow, ran, through_json, told

SAID = (
    Utterance("user", "My parcel?"),
    Utterance("assistant", "It is in Graz."),
    Utterance("assistant", "It comes tomorrow."),
)
NOTE: dict[str, Any] = {"message": "Wait, {{input}}.", "note": "About {{input}}"}


def handing(*, then: str = "{{person}}", **settings: Any) -> Any:
    nodes = {
        "start": ("trigger", {}),
        "person": ("handoff", {**NOTE, **settings}),
        "end": ("response", {"message": then}),
    }
    return flow(nodes, "start->person person->end")


def given_back(made: Any, kept: Any, message: str, said: tuple[Utterance, ...]) -> Told:
    turn = Turn(message, with_person=said)
    return asyncio.run(told(Run(made, "start", turn, NOWHERE, through_json(kept))))


def test_it_says_its_message_and_waits_with_the_teams_note() -> None:
    run = Run(handing(), "start", Turn("Ana"), NOWHERE)
    first = asyncio.run(told(run))
    assert (first.text, first.waits) == ("Wait, Ana.", True)
    assert run.voice.handoff == "About Ana"


@pytest.mark.parametrize(
    ("then", "text"),
    [
        ("{{person}}", "It is in Graz.\n\nIt comes tomorrow."),
        (
            "{{person.transcript}}",
            "Visitor: My parcel?\nTeam: It is in Graz.\nTeam: It comes tomorrow.",
        ),
        ("{{input}}", "Thanks"),
    ],
)
def test_the_next_message_goes_on_with_what_was_said(then: str, text: str) -> None:
    made = handing(then=then)
    kept = ran(made, "Ana").kept
    second = given_back(made, kept, "Thanks", SAID)
    assert (second.text, second.waits) == (text, False)
    assert isinstance(second.end, Ended)
    assert not second.end.is_unheard


def test_nobody_need_have_said_anything() -> None:
    made = handing(then="Said: {{person.said}}")
    assert given_back(made, ran(made).kept, "Hello?", ()).text == "Said: "


def test_only_the_newest_of_a_long_talk_is_kept() -> None:
    made = handing(then="{{person.said | length}}")
    long = tuple(Utterance("assistant", "x" * 9_000) for _ in range(4))
    assert given_back(made, ran(made).kept, "Well?", long).text == "20000"


def test_where_nothing_follows_the_message_is_unheard() -> None:
    nodes = {"start": ("trigger", {}), "person": ("handoff", NOTE)}
    made = flow(nodes, "start->person")
    second = given_back(made, ran(made).kept, "And now?", SAID)
    assert isinstance(second.end, Ended)
    assert second.end.is_unheard


def test_nobody_can_take_over_while_nodes_run_side_by_side() -> None:
    nodes = {
        "start": ("trigger", {}),
        "each": ("parallel", {"items": "{{[1, 2]}}"}),
        "person": ("handoff", NOTE),
    }
    end = ran(flow(nodes, "start->each each.body->person")).end
    assert isinstance(end, Broken)
    assert "side by side" in end.message


def test_a_second_handoff_waits_for_the_first() -> None:
    nodes = {
        "start": ("trigger", {}),
        "a": ("handoff", {"message": "A"}),
        "b": ("handoff", {"message": "B"}),
        "end": ("response", {"message": "{{a}}/{{b}}"}),
    }
    made = flow(nodes, "start->a start->b a->end b->end")
    first = ran(made)
    assert (first.text, first.waits) == ("A", True)
    second = given_back(made, first.kept, "Thanks", SAID[:2])
    assert (second.text, second.waits) == ("B", True)
    third = given_back(made, second.kept, "Thanks", ())
    assert third.text == "It is in Graz./"
