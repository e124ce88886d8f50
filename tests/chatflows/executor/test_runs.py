"""Which nodes a run comes to, and what is said."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from chatflows.executor.events import Broken
from chatflows.executor.ports import LiveFlow
from conversations.turn import LONGEST_ANSWER
from tests.chatflows.executor.flows import NOWHERE, conversation, flow, ran

START: tuple[str, dict[str, Any]] = ("trigger", {})


def say(message: str) -> tuple[str, dict[str, str]]:
    return ("response", {"message": message})


def set_(variable: str, value: str) -> tuple[str, dict[str, str]]:
    return ("variable", {"variable": variable, "value": value})


def test_a_message_is_answered() -> None:
    made = flow({"start": START, "end": say("You said {{input}}.")}, "start->end")
    turn = ran(made, "hello")
    assert turn.text == "You said hello."
    assert turn.ran == ["start", "end"]
    assert not turn.waits


def branching() -> dict[str, tuple[str, dict[str, str]]]:
    return {
        "start": START,
        "which": ("condition", {"condition": "{{input}} === 'billing'"}),
        "look": ("template", {"template": "the prices"}),
        "end": say("About {{look.text ?? 'everything'}}."),
    }


def test_a_branch_that_is_not_taken_holds_up_nobody() -> None:
    edges = "start->which which.true->look which.false->end look->end"
    made = flow(branching(), edges)
    billing, other = ran(made, "billing"), ran(made, "hello")
    assert (billing.text, billing.ran) == (
        "About the prices.",
        ["start", "which", "look", "end"],
    )
    assert (other.text, other.ran) == ("About everything.", ["start", "which", "end"])


def test_where_branches_meet_all_that_come_are_waited_for() -> None:
    nodes = {
        "start": START,
        "slow": ("delay", {"seconds": 0.05}),
        "fast": set_("found", "fast"),
        "late": set_("late", "late"),
        "end": say("{{found}} {{late}}"),
    }
    made = flow(nodes, "start->slow start->fast slow->late late->end fast->end")
    turn = ran(made)
    assert turn.text == "fast late"
    assert turn.ran.count("end") == 1


def test_the_log_stands_in_the_order_of_the_graph() -> None:
    nodes = {"start": START, "end": say("x")}
    nodes |= {f"n{number}": ("delay", {"seconds": 0.02 * (3 - number)}) for number in range(4)}
    edges = "start->n0 start->n1 start->n2 start->n3 n0->end n1->end n2->end n3->end"
    made = flow(nodes, edges)
    assert ran(made).ran == ran(made).ran == ["start", "n0", "n1", "n2", "n3", "end"]


def test_several_answers_are_paragraphs() -> None:
    nodes = {"start": START, "one": say("One."), "two": say("Two.")}
    assert ran(flow(nodes, "start->one one->two")).text == "One.\n\nTwo."


def test_a_node_alone_is_the_main_thing_that_it_gives() -> None:
    nodes = {
        "start": START,
        "text": ("template", {"template": "words", "fields": [{"name": "n", "value": "{{2}}"}]}),
        "end": say("{{text}} {{text.n + 1}} {{start}}"),
    }
    assert ran(flow(nodes, "start->text text->end"), "Hi").text == "words 3 Hi"


def test_an_expression_that_fails_names_node_setting_and_column() -> None:
    made = flow({"start": START, "end": say("Costs {{ input * 2 }}")}, "start->end")
    end = ran(made, "much").end
    assert isinstance(end, Broken)
    assert (end.node_id, end.field, end.column) == ("end", "message", 16)
    assert "the text 'much'" in end.message


def test_a_circle_without_a_loop_is_refused() -> None:
    made = flow({"start": START, "a": say("a"), "b": say("b")}, "start->a a->b b->a")
    end = ran(made).end
    assert isinstance(end, Broken)
    assert (end.node_id, end.message) == (
        "a",
        "The flow goes in a circle. Repeat nodes with a loop.",
    )


def test_a_run_has_an_end() -> None:
    nodes = {"start": START, "wait": ("delay", {"seconds": 30}), "end": say("x")}
    late = ran(flow(nodes, "start->wait wait->end", seconds=0.1))
    assert isinstance(late.end, Broken)
    assert late.end.message == "The flow took longer than its time limit of 0.1 s."
    assert [step.status for step in late.steps] == ["ok", "stopped"]
    nodes = {"start": START} | {f"n{number}": say("x") for number in range(10)}
    edges = " ".join(["start->n0", *(f"n{n}->n{n + 1}" for n in range(9))])
    end = ran(flow(nodes, edges, steps=5)).end
    assert isinstance(end, Broken)
    assert (end.node_id, "5 steps" in end.message) == ("n4", True)


def test_work_that_waits_for_nothing_has_an_end_too() -> None:
    """And holds up nobody else meanwhile."""
    nodes = {
        "start": START,
        "loop": ("loop", {"mode": "while", "condition": "true", "max_iterations": 100}),
        "body": ("template", {"template": "{{unique(sort(range(0, 10000)))}}"}),
    }
    turn = ran(flow(nodes, "start->loop loop.body->body", rounds=100, seconds=0.2))
    assert isinstance(turn.end, Broken)
    assert turn.end.code == "run-timeout"


def test_of_nodes_that_fail_at_once_the_first_is_told_of() -> None:
    bad = {f"n{number}": set_("x", "{{1 / 0}}") for number in range(10)}
    edges = " ".join(f"start->n{number}" for number in range(10))
    for _again in range(5):
        end = ran(flow({"start": START, **bad}, edges)).end
        assert isinstance(end, Broken)
        assert end.node_id == "n0"


def test_a_question_that_was_called_off_leaves_others_to_ask() -> None:
    """It waited for its turn to speak when a node beside it failed, and the flow with it."""
    inner = {
        "start": START,
        "hold": ("hold", {}),
        "ask": ("collect_input", {"question": "Inner?"}),
        "wait": ("delay", {"seconds": 0.05}),
        "bad": set_("x", "{{1 / 0}}"),
    }
    within = flow(inner, "start->hold start->ask start->wait wait->bad")
    nodes = {
        "start": START,
        "sub": ("subflow", {"chatflow_id": "inner", "on_error": "continue"}),
        "ask": ("collect_input", {"question": "Outer?"}),
    }
    ports = replace(NOWHERE, flows={"inner": LiveFlow("Inner", within, "start")})
    turn = ran(flow(nodes, "start->sub sub->ask"), ports=ports)
    assert turn.text.endswith("Outer?")
    assert turn.waits


def test_an_answer_is_no_longer_than_pages_show() -> None:
    nodes = {
        "start": START,
        "first": ("response", {"message": "{{input}}"}),
        "second": ("response", {"message": "{{input}}"}),
    }
    made = flow(nodes, "start->first first->second")
    half = "a" * (LONGEST_ANSWER // 2 - 1)
    assert ran(made, half).text == f"{half}\n\n{half}"
    turn = ran(made, half + "a")
    assert isinstance(turn.end, Broken)
    assert (turn.end.node_id, turn.end.code) == ("second", "run-limit")
    assert turn.end.message == "A flow says at most 16,000 characters in answer to one message."


def test_variables_last_from_message_to_message() -> None:
    nodes = {
        "start": START,
        "count": ("variable", {"variable": "n", "operation": "increment"}),
        "ask": ("collect_input", {"question": "Who?", "variable": "who"}),
        "end": say("{{who}} {{n}}"),
    }
    made = flow(nodes, "start->count count->ask ask->end", variables={"n": 1})
    first, second = conversation(made, "Hi", "Ana")
    assert (first.text, second.text) == ("Who?", "Ana 2")
    assert (first.waits, second.waits) == (True, False)
    assert second.ran == ["ask", "end"]
    assert second.kept == {"variables": {"n": 2, "who": "Ana"}}
    assert ran(made, kept=second.kept).kept["variables"]["n"] == 3
