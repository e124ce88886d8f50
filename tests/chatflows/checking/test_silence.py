"""Paths on which somebody waits for an answer and hears none."""

from __future__ import annotations

from typing import Any

import pytest

from chatflows.advice import advice
from chatflows.checking import problems
from chatflows.drawn import drawing_of
from chatflows.executor.graph import MOST_NODES
from tests.support.processor import takes_at_most

SETTINGS: dict[str, dict[str, Any]] = {
    "llm": {"prompt": "{{input}}", "provider": "local"},
    "response": {"message": "Hello"},
    "condition": {"condition": "input == 'a'"},
    "template": {"template": "x"},
    "parallel": {"items": "{{ [1] }}"},
    "loop": {"items": "{{ [1] }}"},
    "http": {"url": "https://example.com", "on_error": "branch"},
    "collect_input": {"question": "Who?"},
    "buttons": {"message": "Which?", "buttons": [{"id": "a", "label": "A"}]},
    "subflow": {"chatflow_id": "00000000-0000-0000-0000-000000000001"},
}
WEBHOOK = {"trigger_type": "webhook"}
ENDS = "The flow ends here and nothing has been said: "
IN_CHAT = f"{ENDS}who comes to it hears no answer. "
CALLED = f"{ENDS}the caller of the webhook gets an empty answer. "
RESPOND, AT_ONCE = "Add a response after it.", "Or let the webhook answer at once."


def flow(edges: str, start: dict[str, Any] | None = None, **settings: Any) -> dict[str, Any]:
    """Of nodes that are called by their kind and a letter, as ``template_a``; ``edges`` are pairs
    with a ``>`` between them, and the handle behind a dot: ``start>http_a http_a.error>llm_a``."""
    pairs = [pair.split(">") for pair in edges.split()]
    found = [(*source.partition(".")[::2], target) for source, target in pairs]
    ids = {name for source, _handle, target in found for name in (source, target)} - {"start"}
    kinds = {name: name.rpartition("_")[0] for name in ids}
    nodes = [{"id": "start", "type": "trigger", "data": start or {}}]
    nodes += [
        {
            "id": id_,
            "type": kinds[id_],
            "data": SETTINGS.get(kinds[id_], {}) | settings.get(id_, {}),
        }
        for id_ in sorted(ids)
    ]
    return {
        "name": "Silent",
        "nodes": nodes,
        "edges": [
            {"id": f"e{n}", "source": source, "sourceHandle": handle, "target": target}
            for n, (source, handle, target) in enumerate(found)
        ],
        "variables": [],
    }


def told(document: dict[str, Any]) -> list[tuple[str, str]]:
    """Severity and message of what is told of silence, with its node."""
    return [
        (str(each.node_id), each.message)
        for each in problems(drawing_of(document))
        if each.message.startswith(ENDS) and each.severity == "warning"
    ]


def silent(document: dict[str, Any]) -> list[str]:
    return [node_id for node_id, _words in told(document)]


BILLING = "start>condition_a condition_a.true>llm_a condition_a.false>response_a"


def test_a_model_whose_answer_nobody_says() -> None:
    remedy = "Add a response after it, or turn on “Say the answer as it comes”."
    assert told(flow(BILLING)) == [("llm_a", IN_CHAT + remedy)]
    assert told(flow(BILLING, llm_a={"streams": True})) == []
    assert told(flow(f"{BILLING} llm_a>response_b")) == []
    words = f"{IN_CHAT}{RESPOND}"
    shaped = flow(BILLING, llm_a={"output": [{"name": "intent"}], "streams": True})
    assert told(shaped) == [("llm_a", words)]


def test_a_model_whose_answer_nobody_says_knows_nothing_of_yours_either() -> None:
    words = "The model answers without a knowledge base: it knows nothing of yours"
    assert ("nodes.llm_a", words) in list(advice(flow(BILLING)))


@pytest.mark.parametrize(
    ("edges", "where"),
    [
        # Something was said before, or is said beside it, or after.
        ("start>response_a response_a>template_a", []),
        ("start>response_a start>template_a", []),
        ("start>template_a template_a>response_a template_a>http_a http_a.error>llm_a", []),
        ("start>subflow_a subflow_a>template_a", []),
        ("start>handoff_a handoff_a>template_a", []),
        # One of the ways is silent: that is told where it ends, once.
        ("start>http_a http_a>response_a http_a.error>template_a", ["template_a"]),
        (
            (
                "start>condition_a condition_a.true>template_a condition_a.false>response_a "
                "template_a>template_b"
            ),
            ["template_b"],
        ),
        (
            (
                "start>condition_a condition_a.true>template_a condition_a.false>template_b "
                "template_a>template_c template_b>template_c start>condition_b "
                "condition_b.true>response_a condition_b.false>template_d"
            ),
            ["template_c", "template_d"],
        ),
        # What runs beside the silent way speaks in any case.
        (
            (
                "start>condition_a condition_a.true>template_a condition_a.false>response_a "
                "start>response_b"
            ),
            [],
        ),
        # After an answer there is somebody who waits again.
        ("start>collect_input_a collect_input_a>template_a", ["template_a"]),
        ("start>collect_input_a collect_input_a>template_a collect_input_a>response_a", []),
        ("start>buttons_a buttons_a.a>template_a buttons_a.other>response_a", ["template_a"]),
        ("start>collect_input_a", []),
        # What is repeated may not be run, and where its rounds ask, the last answer gets none.
        ("start>loop_a loop_a.body>response_a", ["loop_a"]),
        ("start>loop_a loop_a.body>collect_input_a loop_a>template_a", ["template_a"]),
        ("start>response_a response_a>loop_a loop_a.body>collect_input_a", ["loop_a"]),
        (
            (
                "start>response_a response_a>loop_a loop_a.body>loop_b loop_b.body>collect_input_a "
                "loop_a>response_b"
            ),
            [],
        ),
        ("start>loop_a loop_a.body>template_a template_a>loop_a loop_a>response_a", []),
        # Other problems tell of these.
        ("start>condition_a condition_a.true>response_a", []),
        ("start>template_a", []),
        ("start>template_a template_a>template_b template_b>template_a start>response_a", []),
    ],
)
def test_where_a_chat_ends_in_silence(edges: str, where: list[str]) -> None:
    assert silent(flow(edges)) == where


ROUNDS = "start>parallel_a parallel_a.body>response_a parallel_a.body>template_a"


def test_the_caller_of_a_webhook_gets_what_was_said() -> None:
    empty = "What it repeats may run no time at all. Add a response after it."
    assert told(flow(ROUNDS, WEBHOOK)) == [("parallel_a", f"{CALLED}{empty} {AT_ONCE}")]
    assert told(flow(f"{ROUNDS} parallel_a>response_b", WEBHOOK)) == []
    edges = "start>condition_a condition_a.true>response_a condition_a.false>template_a"
    words = f"{CALLED}{RESPOND} {AT_ONCE}"
    assert told(flow(edges, WEBHOOK)) == [("template_a", words)]
    assert told(flow(edges, WEBHOOK | {"respond": "at_once"})) == []
    assert told(flow(edges, {"trigger_type": "schedule"})) == []


def test_what_a_webhook_does_may_be_all_that_it_is_for() -> None:
    assert told(flow("start>template_a", WEBHOOK)) == []


def test_of_a_node_that_both_come_to_it_is_told_once() -> None:
    document = flow(
        "start>template_a start>condition_a condition_a.true>response_a "
        "condition_a.false>template_a"
    )
    document["nodes"].append({"id": "hook", "type": "trigger", "data": WEBHOOK})
    document["edges"].append({"id": "h", "source": "hook", "target": "condition_a"})
    assert told(document) == [("template_a", f"{IN_CHAT}{RESPOND}")]


def test_however_many_ways_there_are_each_node_is_looked_at_once() -> None:
    """Of so many conditions in a row there are more ways than anybody can count."""
    rows = (MOST_NODES - 6) // 3
    edges = ["start>response_z", "start>condition_0"]
    for n in range(rows):
        both = (f"condition_{n}.{way}>template_{way}{n}" for way in ("true", "false"))
        joined = (f"template_{way}{n}>condition_{n + 1}" for way in ("true", "false"))
        edges += [*both, *joined]
    last = f"condition_{rows}.true>template_z condition_{rows}.false>response_y"
    with takes_at_most(3):
        assert silent(flow(" ".join([*edges[1:], last]))) == ["template_z"]
        assert silent(flow(" ".join([*edges, last]))) == []


def test_a_round_does_not_read_what_all_rounds_come_to() -> None:
    document = flow(ROUNDS, WEBHOOK, response_a={"message": "{{join(parallel_a.results)}}"})
    words = (
        "Message, column 8: parallel_a gives results once this is done. Here it gives: item, index."
    )
    assert words in [each.message for each in problems(drawing_of(document))]
    fine = flow(ROUNDS, WEBHOOK, response_a={"message": "{{parallel_a.item.x}} {{parallel_a}}"})
    assert [each for each in problems(drawing_of(fine)) if each.severity == "error"] == []
