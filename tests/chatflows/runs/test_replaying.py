"""A run that is done again takes over what came before, and gives the same."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from hypothesis import given, settings

from chatflows.executor.events import Broken, Ended
from chatflows.executor.passages import Passages
from chatflows.executor.run import Run
from chatflows.runs.given import effects_of, given_in, pinned
from chatflows.runs.replaying import ReplayError, taken_over
from chatflows.tracing import recorded
from conversations.turn import LONGEST_ANSWER, Passage, Turn
from tests.chatflows.executor.flows import NOWHERE, Told, flow, ran, told
from tests.chatflows.executor.test_random_graphs import Drawn, as_flow, drawn
from tests.chatflows.nodes.test_subflow import B, reaching

if TYPE_CHECKING:
    from chatflows.executor.flow import Flow
    from chatflows.executor.ports import Ports

ORDERS: dict[str, tuple[str, dict[str, Any]]] = {
    "start": ("trigger", {}),
    "each": ("loop", {"items": "{{ [1, 2] }}", "result": "{{ double }}"}),
    "double": ("template", {"template": "{{ each.item * 2 }}"}),
    "note": ("variable", {"variable": "last", "value": "{{ double }}"}),
    "say": ("response", {"message": "Doubled: {{ each.results }}"}),
    "end": ("response", {"message": "The last is {{ last }}.", "choices": ["Thanks"]}),
}
WAYS = "start->each each.body->double double->note each->say say->end"


def record(turn: Told) -> Any:
    """What the store would give back."""
    return orjson.loads(orjson.dumps([recorded(step) for step in finished(turn)]))


def finished(turn: Told) -> list[Any]:
    return [each for each in turn.events if hasattr(each, "status")]


def again(
    made: Flow,
    steps: Any,
    node_id: str,
    *,
    start: str = "start",
    kept: Any = None,
    ports: Ports = NOWHERE,
) -> Told:
    taken = given_in(taken_over(steps, made, start, node_id))
    return asyncio.run(told(Run(made, start, Turn("Hi"), ports, kept, given=taken)))


@given(drawn())
@settings(max_examples=150, deadline=None)
def test_an_unchanged_flow_gives_the_same_from_wherever_it_is_done_again(graph: Drawn) -> None:
    made = as_flow(graph)
    first = ran(made, start="n0")
    steps = record(first)
    for node_id in first.ran:
        second = again(made, steps, node_id, start="n0")
        assert [(s.node_id, s.output, s.handle) for s in second.steps] == [
            (s.node_id, s.output, s.handle) for s in first.steps
        ]
        assert {s.node_id for s in second.steps if s.status == "reused"} == {
            node for node in first.ran if node not in after(made, node_id)
        }


def after(made: Flow, node_id: str) -> set[str]:
    found = {node_id}
    while news := {e.target for e in made.edges if e.source in found} - found:
        found |= news
    return found


def test_what_a_reused_node_said_and_remembered_is_there_again() -> None:
    made = flow(ORDERS, WAYS)
    first = ran(made)
    second = again(made, record(first), "end")
    assert second.text == first.text == 'Doubled: ["2","4"]\n\nThe last is 4.'
    assert [(s.node_id, s.status) for s in second.steps] == [
        ("start", "reused"),
        ("each", "reused"),
        ("say", "reused"),
        ("end", "ok"),
    ]
    # A run that was done again can be done again.
    third = again(made, record(second), "end")
    assert third.text == first.text


def test_a_node_in_a_loop_is_done_again_with_its_loop() -> None:
    made = flow(ORDERS, WAYS)
    second = again(made, record(ran(made)), "double")
    assert [s.node_id for s in second.steps if s.status == "reused"] == ["start"]
    assert second.outputs("double") == [{"text": "2"}, {"text": "4"}]


def test_a_changed_node_is_asked_with_what_came_before() -> None:
    steps = record(ran(flow(ORDERS, WAYS)))
    changed = ORDERS | {"end": ("response", {"message": "It was {{ last }}, of {{ each.count }}."})}
    second = again(flow(changed, WAYS), steps, "end")
    assert second.text.endswith("It was 4, of 2.")


def test_what_is_new_before_the_node_runs_too() -> None:
    steps = record(ran(flow(ORDERS, WAYS)))
    more = ORDERS | {"new": ("template", {"template": "new"})}
    ways = WAYS.replace("say->end", "say->new new->end")
    second = again(flow(more, ways), steps, "end")
    assert [(s.node_id, s.status) for s in second.steps][-2:] == [("new", "ok"), ("end", "ok")]


def test_an_answer_that_was_waited_for_is_taken_over() -> None:
    made = flow(
        {
            "start": ("trigger", {}),
            "ask": ("collect_input", {"question": "Your name?", "variable": "name"}),
            "say": ("response", {"message": "Hello {{ name }}"}),
        },
        "start->ask ask->say",
    )
    first = ran(made)
    second = ran(made, "Ada", kept=first.kept)
    steps = record(second)
    third = again(made, steps, "say", kept=orjson.loads(orjson.dumps(first.kept)))
    assert third.text == second.text == "Hello Ada"
    assert [(s.node_id, s.status) for s in third.steps] == [("ask", "reused"), ("say", "ok")]


def test_a_node_that_no_run_comes_to_cannot_be_done_again() -> None:
    made = flow(ORDERS, WAYS)
    steps = record(ran(made))
    with pytest.raises(ReplayError, match="No run comes"):
        taken_over(steps, made, "start", "nowhere")


def test_what_was_recorded_too_large_cannot_be_taken_over() -> None:
    made = flow(ORDERS, WAYS)
    steps = record(ran(made))
    large = [{**step, "shortened": True} if step["node_id"] == "say" else step for step in steps]
    with pytest.raises(ReplayError, match="say gave more than is kept"):
        taken_over(large, made, "start", "end")
    assert "say" not in taken_over(large, made, "start", "say")


def failing(**settings: Any) -> Flow:
    """A loop that fails in its second round, with a way on after that."""
    loop = {"items": "{{ [1, 0, 2] }}", "result": "{{ bad }}", **settings}
    nodes: dict[str, tuple[str, dict[str, Any]]] = {
        "start": ("trigger", {}),
        "each": ("loop", loop),
        "note": ("variable", {"variable": "last", "value": "{{ each.index }}"}),
        "bad": ("template", {"template": "{{ 6 / each.item }}"}),
        "end": ("response", {"message": "All {{ each.results }}, {{ last }}"}),
        "sorry": ("response", {"message": "Sorry, {{ last }}: {{ each.error }}"}),
    }
    ways = "start->each each.body->note note->bad each->end each.error->sorry"
    return flow(nodes, ways)


def test_a_way_that_was_taken_after_a_fault_is_taken_again() -> None:
    made = failing(on_error="branch")
    first = ran(made)
    second = again(made, record(first), "sorry")
    assert second.text == first.text
    assert first.text.startswith("Sorry, 1: bad: Text")
    assert [(s.node_id, s.status) for s in second.steps] == [
        ("start", "reused"),
        ("each", "reused"),
        ("sorry", "ok"),
    ]
    told_again = record(second)[1]
    assert (told_again["handle"], told_again["way"]) == ("error", "Error")
    assert told_again["error"] == next(s["error"] for s in record(first) if s["node_id"] == "each")
    # Where it has no such way any more, it runs again.
    stopped = again(failing(), record(first), "sorry")
    assert [s.node_id for s in stopped.steps if s.status == "reused"] == ["start"]
    assert isinstance(stopped.end, Broken)


def test_why_a_branch_was_taken_is_told_again() -> None:
    nodes: dict[str, tuple[str, dict[str, Any]]] = {
        "start": ("trigger", {}),
        "fits": ("condition", {"condition": "input == 'Hi'"}),
        "end": ("response", {"message": "Yes"}),
    }
    made = flow(nodes, "start->fits fits.true->end")
    steps = record(again(made, record(ran(made)), "end"))
    assert (steps[1]["way"], steps[1]["read"]) == ("True", {"input": "Hi"})


@pytest.mark.parametrize("on_error", ["stop", "branch", "continue"])
def test_from_what_failed_in_a_loop_all_of_the_loop_is_done_again(on_error: str) -> None:
    steps = record(ran(failing(on_error=on_error)))
    mended = failing(on_error=on_error, items="{{ [1, 2] }}")
    second = again(mended, steps, "bad")
    assert [s.node_id for s in second.steps if s.status == "reused"] == ["start"]
    assert second.text == 'All ["6","3"], 1'


def test_what_leads_elsewhere_now_runs_anew() -> None:
    made = flow(ORDERS, WAYS)
    steps = record(ran(made))
    other = [{**step, "handle": "gone"} if step["node_id"] == "say" else step for step in steps]
    assert "say" not in taken_over(other, made, "start", "end")


def test_what_a_loop_ran_is_known_after_it() -> None:
    made = flow(ORDERS | {"end": ("response", {"message": "{{ double }}, {{ last }}"})}, WAYS)
    first = ran(made)
    assert again(made, record(first), "end").text == first.text
    assert first.text.endswith("4, 4")


def test_a_question_after_a_loop_that_asked_is_asked_again() -> None:
    made = flow(
        {
            "start": ("trigger", {}),
            "each": ("loop", {"items": "{{ [1] }}"}),
            "ask": ("collect_input", {"question": "First?"}),
            "then": ("collect_input", {"question": "Second?"}),
        },
        "start->each each.body->ask each->then",
    )
    first = ran(made)
    second = ran(made, "one", kept=first.kept)
    kept = orjson.loads(orjson.dumps(first.kept))
    third = again(made, record(second), "then", kept=kept)
    assert (second.text, third.text) == ("Second?", "Second?")
    assert third.kept["frame"]["waiting"].keys() == {"then"}


def test_a_pinned_question_asks_nobody_and_holds_up_nobody() -> None:
    made = flow(
        {
            "start": ("trigger", {}),
            "one": ("collect_input", {"question": "One?"}),
            "two": ("collect_input", {"question": "Two?"}),
        },
        "start->one start->two",
    )
    pins = given_in({"one": pinned({"value": "x"})})
    turn = asyncio.run(told(Run(made, "start", Turn("Hi"), NOWHERE, given=pins)))
    assert turn.text == "Two?"
    assert turn.kept["frame"]["waiting"].keys() == {"two"}


@pytest.mark.parametrize("speaks", [True, False])
def test_a_reused_flow_within_does_no_more_than_it_had_done(speaks: bool) -> None:
    other = flow(
        {
            "start": ("trigger", {}),
            "set": ("variable", {"variable": "plan", "value": "gold"}),
            "say": ("response", {"message": "Aside"}),
        },
        "start->set set->say",
    )
    made = flow(
        {
            "start": ("trigger", {}),
            "sub1": ("subflow", {"chatflow_id": B, "speaks": speaks}),
            "end": ("response", {"message": "{{ sub1 }}, {{ plan }}"}),
        },
        "start->sub1 sub1->end",
        variables={"plan": "none"},
    )
    ports = reaching(B=other)
    first = ran(made, ports=ports)
    assert first.text == ("Aside\n\n" if speaks else "") + "Aside, none"
    steps = record(first)
    assert again(made, steps, "end", ports=ports).text == first.text
    step = next(each for each in steps if each["node_id"] == "sub1")
    pins = given_in({"sub1": pinned(step["output"], step["handle"], effects_of(step, steps))})
    turn = asyncio.run(told(Run(made, "start", Turn("Hi"), ports, given=pins)))
    assert turn.text == first.text


def test_a_reused_flow_within_passes_on_what_was_not_for_it_alone() -> None:
    nodes = {"start": ("trigger", {}), "person": ("handoff", {"message": "One moment."})}
    ports = reaching(B=flow(nodes, "start->person"))
    made = flow(
        {
            "start": ("trigger", {}),
            "sub1": ("subflow", {"chatflow_id": B}),
            "note": ("variable", {"variable": "seen", "value": "yes"}),
        },
        "start->sub1 sub1->note",
    )
    first = ran(made, ports=ports)
    second = ran(made, "And now?", kept=first.kept, ports=ports)
    kept = orjson.loads(orjson.dumps(first.kept))
    third = again(made, record(second), "note", kept=kept, ports=ports)
    for turn in (second, third):
        assert isinstance(turn.end, Ended)
        assert turn.end.is_unheard


def test_what_a_flow_within_is_left_by_is_told_in_words() -> None:
    nodes = {"start": ("trigger", {}), "if1": ("condition", {"condition": "1 == 1"})}
    ports = reaching(B=flow(nodes, "start->if1"))
    made = flow({"start": ("trigger", {}), "sub1": ("subflow", {"chatflow_id": B})}, "start->sub1")
    ways = {step["node_id"]: step["way"] for step in record(ran(made, ports=ports))}
    assert ways["sub1/if1"] == "True"


def test_rounds_are_told_apart_by_their_numbers() -> None:
    steps = record(ran(flow(ORDERS, WAYS)))
    labels = [step["label"] for step in steps if step["node_id"] == "double"]
    assert labels == ["double · round 1", "double · round 2"]


def labels_in(made: Flow, ports: Ports = NOWHERE) -> list[str]:
    """Those of the steps that are not of the flow itself, in the order of the log."""
    steps = sorted(record(ran(made, ports=ports)), key=lambda step: step["place"])
    return [step["label"] for step in steps if step["label"] != step["node_id"]]


def test_what_a_flow_within_does_is_told_with_the_round_that_runs_it() -> None:
    listed = {"items": "{{split('a,b', ',')}}"}
    inner = flow(
        {
            "start": ("trigger", {}),
            "all": ("loop", listed),
            "note": ("template", {"template": "x"}),
        },
        "start->all all.body->note",
    )
    outer = flow(
        {
            "start": ("trigger", {}),
            "each": ("parallel", listed),
            "sub1": ("subflow", {"chatflow_id": B, "label": "Sub"}),
        },
        "start->each each.body->sub1",
    )
    assert labels_in(outer, reaching(B=inner)) == [
        name
        for item in ("Sub · item 1", "Sub · item 2")
        for name in (
            item,
            f"{item} · start",
            f"{item} · all",
            f"{item} · note · round 1",
            f"{item} · note · round 2",
        )
    ]


def test_what_repeats_within_another_tells_both_times() -> None:
    listed = {"items": "{{split('a,b', ',')}}"}
    nested = flow(
        {
            "start": ("trigger", {}),
            "outer": ("loop", listed),
            "inner": ("parallel", {**listed, "at_once": 1}),
            "note": ("template", {"template": "x"}),
        },
        "start->outer outer.body->inner inner.body->note",
    )
    assert [each for each in labels_in(nested) if each.startswith("note")] == [
        f"note · round {number} · item {item}" for number in (1, 2) for item in (1, 2)
    ]


def test_passages_stay_citable_by_their_numbers() -> None:
    found = (Passage(1, "Nine euro.", "Prices", chunk_id="a"), Passage(2, "b", "B", chunk_id="b"))
    passages = Passages()
    passages.numbered(found)
    mark = (0, frozenset[int]())
    passages.quoted(found[1:])
    listed, citable = passages.since(mark)
    other = Passages()
    other.restore((*listed, *listed), citable)
    assert [each.number for each in other.cited_in("As [2] says, not [1].")] == [2]
    other.restore(listed, citable)
    assert [each["number"] for each in other.as_json()] == [1, 2]
    assert other.numbered([Passage(1, "New", "C", chunk_id="c")])[0].number == 3


def test_a_pinned_node_is_not_asked_also_in_a_loop() -> None:
    made = flow(ORDERS, WAYS)
    pins = given_in({"double": pinned({"text": "seven"})})
    turn = asyncio.run(told(Run(made, "start", Turn("Hi"), NOWHERE, given=pins)))
    assert turn.text.startswith('Doubled: ["seven","seven"]')
    assert {s.status for s in turn.steps if s.node_id == "double"} == {"pinned"}


def test_what_is_said_without_asking_is_bounded_too() -> None:
    nodes = {"start": ORDERS["start"], "one": ORDERS["end"], "other": ORDERS["end"]}
    made = flow(nodes, "start->one one->other")
    effects = {"said": ["x" * (LONGEST_ANSWER - 10)]}
    pins = given_in({name: pinned({}, effects=effects) for name in ("one", "other")})
    turn = asyncio.run(told(Run(made, "start", Turn("Hi"), NOWHERE, given=pins)))
    assert isinstance(turn.end, Broken)
    assert (turn.end.node_id, turn.end.code) == ("other", "run-limit")
