"""Runs in which several nodes wait for an answer, and answers to what has changed meanwhile."""

from __future__ import annotations

from tests.chatflows.executor.flows import conversation, flow, ran


def test_of_two_that_ask_the_second_waits_for_the_first() -> None:
    nodes = {
        "start": ("trigger", {}),
        "a": ("collect_input", {"question": "A?"}),
        "b": ("collect_input", {"question": "B?"}),
        "end": ("response", {"message": "{{a}} {{b}}"}),
    }
    made = flow(nodes, "start->a start->b a->end b->end")
    turns = conversation(made, "Hi", "one", "two")
    assert [turn.text for turn in turns] == ["A?", "B?", "one two"]


def test_a_question_beside_a_loop_that_asks() -> None:
    nodes = {
        "start": ("trigger", {}),
        "loop": ("loop", {"items": "{{[1,2]}}", "result": "{{a}}"}),
        "a": ("collect_input", {"question": "A{{loop.item}}?"}),
        "b": ("collect_input", {"question": "B?"}),
        "end": ("response", {"message": "{{loop.results | join('')}}{{b}}"}),
    }
    made = flow(nodes, "start->b start->loop loop.body->a a->loop loop->end b->end")
    turns = conversation(made, "Hi", "x", "y", "z")
    asked = [turn.text for turn in turns[:3]]
    assert sorted(asked) == ["A1?", "A2?", "B?"]
    answers = dict(zip(asked, "xyz", strict=True))
    assert turns[3].text == answers["A1?"] + answers["A2?"] + answers["B?"]


def test_a_flow_that_changed_meanwhile_begins_anew() -> None:
    asking = {"start": ("trigger", {}), "ask": ("collect_input", {"question": "A?"})}
    waiting = ran(flow(asking, "start->ask"))
    nodes = {"start": ("trigger", {}), "end": ("response", {"message": "New"})}
    turn = ran(flow(nodes, "start->end"), kept=waiting.kept)
    assert (turn.text, turn.waits) == ("New", False)
