"""What is wrong with a drawing, in words, each at its node."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from chatflows.advice import advice
from chatflows.checking import problems
from chatflows.checking.expressions import MOST_TOLD
from chatflows.drawn import drawing_of
from tests.support.processor import takes_at_most

# The billing example of the product's design.
BILLING: dict[str, Any] = {
    "nodes": [
        {"id": "start", "type": "trigger", "data": {"trigger_type": "chat_message"}},
        {"id": "llm1", "type": "llm", "data": {"prompt": "Classify user intent: {{input}}"}},
        {
            "id": "condition1",
            "type": "condition",
            "data": {"condition": "{{llm1.intent}} === 'billing'"},
        },
        {"id": "kb_search", "type": "knowledge_base", "data": {"kb_id": "1", "query": "{{input}}"}},
        {"id": "response", "type": "response", "data": {"message": "{{kb_search.response}}"}},
    ],
    "edges": [
        {"id": "e1", "source": "start", "target": "llm1"},
        {"id": "e2", "source": "llm1", "target": "condition1"},
        {"id": "e3", "source": "condition1", "target": "kb_search", "sourceHandle": "true"},
        {"id": "e4", "source": "condition1", "target": "response", "sourceHandle": "false"},
        {"id": "e5", "source": "kb_search", "target": "response"},
    ],
    "variables": [],
}


def found(document: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(p.severity, p.path, p.message) for p in problems(drawing_of(document))]


def drawn(**changes: Any) -> dict[str, Any]:
    """The example with other settings of its nodes, by their ids; None takes a node away."""
    document = deepcopy(BILLING)
    for node_id, data in changes.items():
        node = next(each for each in document["nodes"] if each["id"] == node_id)
        if data is None:
            document["nodes"].remove(node)
        else:
            node["data"] = data
    return document


def test_the_example_is_fine() -> None:
    assert found(BILLING) == []


def test_a_flow_begins_somewhere_and_says_something() -> None:
    assert ("error", "nodes", "Add a start: nothing begins the flow.") in found(drawn(start=None))
    told = found(drawn(response=None))
    assert ("error", "nodes", "Add a response: the flow says nothing.") in told
    assert found({}) == [
        ("error", "nodes", "Add a start: nothing begins the flow."),
    ]


def test_of_starts_there_is_one_of_a_kind() -> None:
    document = drawn()
    document["nodes"].append({"id": "again", "type": "trigger"})
    path = "nodes.again.data.trigger_type"
    assert ("error", path, "There are two starts of this kind. Remove one of them.") in found(
        document
    )


def test_a_response_that_no_run_comes_to() -> None:
    document = drawn()
    document["edges"] = document["edges"][:2]
    told = found(document)
    words = "No run comes to this response. Connect it with what comes before."
    assert ("error", "nodes.response", words) in told
    alone = "No run comes to this node. Connect it, or remove it."
    assert ("warning", "nodes.kb_search", alone) in told


@pytest.mark.parametrize(("handle", "name"), [("true", "True"), ("false", "False")])
def test_a_branch_that_leads_nowhere(handle: str, name: str) -> None:
    document = drawn()
    document["edges"] = [e for e in document["edges"] if e.get("sourceHandle") != handle]
    words = f"The branch “{name}” leads nowhere. Connect it."
    assert ("error", "nodes.condition1", words) in found(document)


def test_a_branch_that_is_gone() -> None:
    document = drawn()
    document["edges"].append(
        {"id": "e6", "source": "llm1", "target": "response", "sourceHandle": "maybe"}
    )
    words = "A connection of LLM llm1 begins at a branch that is gone. Remove it."
    assert ("error", "edges.e6", words) in found(document)


def asking(kind: str, data: dict[str, Any], *ways: str) -> dict[str, Any]:
    """A chat that comes to a node of ``kind``, of which only ``ways`` lead to a response."""
    nodes = [
        {"id": "start", "type": "trigger"},
        {"id": "ask", "type": kind, "data": data},
        {"id": "end", "type": "response", "data": {"message": "Yes"}},
    ]
    edges = [{"id": "e", "source": "start", "target": "ask"}]
    edges += [
        {"id": f"e{way}", "source": "ask", "target": "end", "sourceHandle": way} for way in ways
    ]
    return {"nodes": nodes, "edges": edges, "variables": []}


CASES = {"cases": [{"id": "a", "condition": "input"}]}
CLASSES = {"classes": [{"id": "a", "label": "A"}]}
BUTTONS = {"message": "Which?", "buttons": [{"id": "a", "label": "A"}]}
HTTP = {"url": "https://example.com"}


@pytest.mark.parametrize(
    ("kind", "data", "ways", "told"),
    [
        ("switch", CASES, ("a",), [("error", "Else")]),
        ("switch", CASES, ("a", "else"), []),
        ("classifier", CLASSES, ("a",), [("error", "Else")]),
        ("http", HTTP | {"on_error": "branch"}, ("",), [("error", "Error")]),
        ("http", HTTP, ("",), []),
        ("buttons", BUTTONS, ("a",), [("warning", "Anything else")]),
        ("collect_input", {"question": "Who?"}, ("",), []),
        ("collect_input", {"question": "Who?"}, ("invalid",), [("warning", "Then")]),
    ],
)
def test_ways_on_which_nobody_is_told_anything(
    kind: str, data: dict[str, Any], ways: tuple[str, ...], told: list[tuple[str, str]]
) -> None:
    branches = [e for e in found(asking(kind, data, *ways)) if "leads nowhere" in e[2]]
    assert [(severity, words.split("”")[0]) for severity, _path, words in branches] == [
        (severity, f"The branch “{name}") for severity, name in told
    ]
    assert {path for _severity, path, _words in branches} <= {"nodes.ask"}


def test_a_way_on_may_end_where_something_was_said_or_nobody_listens() -> None:
    document = asking("switch", CASES, "a")
    said = {"id": "hello", "type": "response", "data": {"message": "Hello"}}
    document["nodes"].append(said)
    document["edges"][0]["target"] = "hello"
    document["edges"].append({"id": "h", "source": "hello", "target": "ask"})
    assert [each[0] for each in found(document)] == ["warning"]
    document = asking("switch", CASES, "a")
    document["nodes"][0]["data"] = {"trigger_type": "webhook"}
    assert found(document) == []


def test_responses_and_circles_that_no_run_comes_to() -> None:
    document = drawn()
    document["nodes"] += [
        {"id": "other", "type": "response", "data": {"message": "Never"}},
        *({"id": name, "type": "template", "data": {}} for name in ("one", "two", "each", "in")),
    ]
    document["nodes"][-2] |= {"type": "loop", "data": {"items": "{{ [1] }}"}}
    pairs = [("one", "two", ""), ("two", "one", ""), ("each", "in", "body"), ("in", "each", "")]
    document["edges"] += [
        {"id": f"x{n}", "source": source, "target": target, "sourceHandle": handle}
        for n, (source, target, handle) in enumerate(pairs)
    ]
    blocking = [each for each in found(document) if each[0] == "error"]
    lost = "No run comes to this response. Connect it with what comes before."
    circle = "The flow goes in a circle. Repeat nodes with a loop."
    assert blocking == [("error", "nodes.one", circle), ("error", "nodes.other", lost)]


def test_what_a_node_sets_and_nobody_reads() -> None:
    document = drawn(response={"message": "{{read}}"})
    names = ("read", "unread")
    document["nodes"] += [
        {"id": f"set_{name}", "type": "variable", "data": {"variable": name, "value": "x"}}
        for name in names
    ]
    document["edges"] += [{"id": f"v{n}", "source": "llm1", "target": f"set_{n}"} for n in names]
    document["variables"] = [{"name": "unread"}]
    words = "No node reads the variable unread, which this one sets."
    assert found(document) == [("warning", "nodes.set_unread.data.variable", words)]


@pytest.mark.parametrize(
    ("reads", "result", "is_told"),
    [
        ("{{each}}", "", True),
        ("{{each.results[0]}}", "", True),
        ("{{each.count}}", "", False),
        ("{{each}}", "{{each.item}}", False),
    ],
)
def test_results_of_a_loop_that_keeps_none(reads: str, result: str, *, is_told: bool) -> None:
    document = drawn(response={"message": reads})
    loop = {"items": "{{[1, 2]}}", "result": result}
    document["nodes"] += [
        {"id": "each", "type": "loop", "data": loop},
        {"id": "inner", "type": "template", "data": {"template": "{{each}} {{each.item}}"}},
    ]
    document["edges"] = [
        {"id": "l1", "source": "start", "target": "each"},
        {"id": "l2", "source": "each", "target": "response"},
        {"id": "l3", "source": "each", "sourceHandle": "body", "target": "inner"},
    ]
    words = "{{each}} is read, and is an empty list: nothing is kept of the rounds."
    told = [("warning", "nodes.each.data.result", words)]
    assert [one for one in found(document) if ".each" in one[1]] == (told if is_told else [])


@pytest.mark.parametrize(
    ("kind", "data"),
    [("llm", {"prompt": "{{input}}", "provider": "local"}), ("agent", {"provider": "local"})],
)
def test_a_model_that_knows_nothing_is_told_at_its_node(kind: str, data: dict[str, Any]) -> None:
    document = asking(kind, data, "")
    told = ("nodes.ask", "The model answers without a knowledge base: it knows nothing of yours")
    assert told in list(advice(document))
    base = {"id": "kb", "type": "knowledge_base", "data": {"kb_id": "1"}}
    document["nodes"].append(base)
    assert told in list(advice(document))
    document["edges"].append({"id": "k", "source": "start", "target": "kb"})
    assert told not in list(advice(document))


def test_nothing_leads_to_a_start() -> None:
    document = drawn()
    document["edges"].append({"id": "e6", "source": "llm1", "target": "start"})
    told = found(document)
    assert ("error", "edges.e6", "Nothing can lead to Start. Remove the connection.") in told
    assert any("circle" in words for _severity, _path, words in told)


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("{{llm1.intent", "Message, column 1: {{ has no }} behind it."),
        ("Hi {{ 1 + }}", "Message, column 11: The expression ends too early."),
        ("{{llm2.text}}", "Message, column 3: There is no llm2. Is it llm1?"),
        ("{{nonsense}}", "Message, column 3: There is no node and no variable called nonsense."),
        ("a {{kb_search.text}}", "Message, column 5: kb_search gives no text. It gives: "),
        ("{{response}}", ""),
    ],
)
def test_expressions_are_told_with_their_column(written: str, words: str) -> None:
    told = found(drawn(response={"message": written}))
    at = [message for _severity, path, message in told if path == "nodes.response.data.message"]
    assert [message for message in at if message.startswith(words)] == at
    assert bool(at) is bool(words)


def test_what_runs_later_is_not_known_yet() -> None:
    told = found(drawn(llm1={"prompt": "{{kb_search.response}}"}))
    words = "Prompt, column 3: kb_search does not run before this node."
    assert ("error", "nodes.llm1.data.prompt", words) in told


def test_what_a_model_gives_is_known_where_it_is_said() -> None:
    output = [{"name": "intent"}]
    fits = drawn(llm1={"prompt": "x", "output": output})
    assert found(fits) == []
    told = found(drawn(llm1={"prompt": "x", "output": [{"name": "topic"}]}))
    words = "Condition, column 3: llm1 gives no intent. It gives: text, topic."
    assert ("error", "nodes.condition1.data.condition", words) in told


def test_a_name_means_one_thing_and_variables_are_used() -> None:
    document = drawn(response={"message": "{{customer}}"})
    document["variables"] = [{"name": "customer"}, {"name": "llm1"}, {"name": "unused"}]
    told = found(document)
    words = "A variable is called llm1 too. Rename it: a name means one thing."
    assert ("error", "variables.llm1.name", words) in told
    assert ("warning", "variables.unused", "No node uses the variable unused.") in told
    assert not [path for _severity, path, _words in told if "customer" in path]


def test_a_variable_that_a_node_sets_is_there_for_others() -> None:
    document = drawn(response={"message": "{{who}}"})
    document["nodes"].append(
        {"id": "ask", "type": "collect_input", "data": {"question": "?", "variable": "who"}}
    )
    document["edges"][0]["target"] = "ask"
    document["edges"].append({"id": "e0", "source": "ask", "target": "llm1"})
    assert found(document) == []


def test_a_loop_knows_its_item_and_its_nodes() -> None:
    document: dict[str, Any] = {
        "nodes": [
            {"id": "start", "type": "trigger"},
            {
                "id": "loop",
                "type": "loop",
                "data": {"items": "{{input | split}}", "result": "{{body}} {{loop.index}}"},
            },
            {"id": "body", "type": "template", "data": {"template": "{{loop.item}}"}},
            {"id": "end", "type": "response", "data": {"message": "{{loop.results}}"}},
        ],
        "edges": [
            {"id": "1", "source": "start", "target": "loop"},
            {"id": "2", "source": "loop", "target": "body", "sourceHandle": "body"},
            {"id": "3", "source": "body", "target": "loop"},
            {"id": "4", "source": "loop", "target": "end"},
        ],
    }
    assert found(document) == []
    document["edges"].append({"id": "5", "source": "start", "target": "body"})
    told = found(document)
    assert told[0][:2] == ("error", "nodes.body")


def test_values_of_a_response_are_known_where_they_are_taken() -> None:
    fields = [{"name": "first", "value": "{{body.items[0]}} {{status}} {{nothing}}"}]
    document = drawn(response={"message": "{{api.first}} {{api.other}}"})
    document["nodes"].append(
        {"id": "api", "type": "http", "data": {"url": "https://x.test", "fields": fields}}
    )
    document["edges"][0]["target"] = "api"
    document["edges"].append({"id": "e0", "source": "api", "target": "llm1"})
    assert [(path, words) for _severity, path, words in found(document)] == [
        (
            "nodes.response.data.message",
            "Message, column 17: api gives no other. It gives: status, headers, body, first.",
        ),
        (
            "nodes.api.data.fields.first.value",
            (
                "Value of first in “Values from the response”, column 32: "
                "There is no node and no variable called nothing."
            ),
        ),
    ]


@pytest.mark.parametrize("document", [{"nodes": [{"id": "a"}, 1], "edges": [2, {}]}, {"nodes": 1}])
def test_what_is_no_drawing_has_no_problems_of_one(document: dict[str, Any]) -> None:
    assert found(document if isinstance(document["nodes"], list) else {})


def test_braces_of_a_chatbots_prompt_are_told(settings: Any) -> None:
    settings.LLM_BASE_URL = "http://127.0.0.1:1/v1"
    document = drawn(response={"message": "Hi {who}, {{who}} and {nobody}"})
    document["variables"] = [{"name": "who"}]
    assert (
        "nodes.response.data.message",
        "Write {{who}}, with two braces: {who} stays as it is",
    ) in [*advice(document)]
    assert not [each for each in advice(document) if "nobody" in each[1]]


def with_agent(**nodes: Any) -> dict[str, Any]:
    """A flow with an agent whose one tool, ``weather``, takes a city."""
    tool = {"id": "way1", "name": "weather", "description": "x", "parameters": ["city"]}
    data: dict[str, tuple[str, dict[str, Any]]] = {
        "start": ("trigger", {"trigger_type": "chat_message"}),
        "agent1": ("agent", {"tools": [tool]}),
        "look": ("template", {"template": "{{agent1.args.city}} {{agent1.args}} {{agent1}}"}),
        "end": ("response", {"message": "{{agent1.text}} {{agent1.steps[0].tool}}"}),
    }
    edges = [("start", "", "agent1"), ("agent1", "way1", "look"), ("agent1", "", "end")]
    return {
        "nodes": [
            {"id": id_, "type": kind, "data": settings}
            for id_, (kind, settings) in (data | nodes).items()
        ],
        "edges": [
            {"id": f"e{n}", "source": source, "sourceHandle": handle, "target": target}
            for n, (source, handle, target) in enumerate(edges)
        ],
    }


def test_a_tool_reads_its_arguments() -> None:
    assert found(with_agent()) == []


@pytest.mark.parametrize(
    ("node", "kind", "data", "message"),
    [
        (
            "look",
            "template",
            {"template": "{{agent1.args.town}}"},
            "Text, column 3: agent1.args has no town. It has: city.",
        ),
        (
            "look",
            "template",
            {"template": "{{agent1.text}}"},
            "Text, column 3: agent1 gives text once this is done. Here it gives: args.",
        ),
        (
            "end",
            "response",
            {"message": "{{agent1.args.city}}"},
            "Message, column 3: agent1 gives no args. It gives: text, steps.",
        ),
        (
            "end",
            "response",
            {"message": "{{look}}"},
            "Message, column 3: look does not run before this node.",
        ),
        (
            "look",
            "collect_input",
            {"question": "Where?"},
            "Agent agent1 runs this node, and in what it runs nobody can be asked anything.",
        ),
    ],
)
def test_what_a_tool_may_not(node: str, kind: str, data: dict[str, Any], message: str) -> None:
    told = [said for _severity, _path, said in found(with_agent(**{node: (kind, data)}))]
    assert told == [message]


def test_a_tool_leads_somewhere_and_is_entered_by_its_handle_alone() -> None:
    document = with_agent()
    document["edges"].append({"id": "e9", "source": "start", "sourceHandle": "", "target": "look"})
    assert "look is run by agent1, and reached from elsewhere too." in str(found(document))
    document["edges"] = [each for each in document["edges"] if each["id"] not in {"e1", "e9"}]
    assert "The branch “weather” leads nowhere. Connect it." in str(found(document))


def test_the_result_of_a_round_reads_what_the_round_gave() -> None:
    nodes: dict[str, tuple[str, dict[str, Any]]] = {
        "start": ("trigger", {}),
        "each": ("loop", {"items": "{{split(input, ',')}}", "result": "{{text}}"}),
        "text": ("template", {"template": "<{{each.item}}>"}),
        "end": ("response", {"message": "{{join(each.results, ' ')}}"}),
    }
    edges = [("start", "", "each"), ("each", "body", "text"), ("each", "", "end")]
    document = {
        "nodes": [{"id": i, "type": kind, "data": data} for i, (kind, data) in nodes.items()],
        "edges": [
            {"id": f"e{n}", "source": source, "sourceHandle": handle, "target": target}
            for n, (source, handle, target) in enumerate(edges)
        ],
    }
    assert found(document) == []
    nodes["each"][1]["items"] = "{{text}}"
    assert "does not run before" in str(found(document))


SCHEMA = """{"type": "object", "properties": {
  "order": {"type": "object", "properties": {"id": {"type": ["string", "null"]}}},
  "items": {"type": "array", "items": {"$ref": "#/$defs/item"}},
  "more": {"type": "object"},
  "either": {"anyOf": [{"$ref": "#/$defs/item"}, {"type": "null"}]}
}, "$defs": {"item": {"type": "object", "properties": {"name": {"type": "string"}}}}}"""


@pytest.mark.parametrize(
    ("read", "words"),
    [
        ("llm1", ""),
        ("llm1.text", ""),
        ("llm1.error", ""),
        ("llm1.order.id", ""),
        ("llm1.items[0].name", ""),
        ("llm1.items[-1]['name']", ""),
        ("llm1.more.anything.at.all", ""),
        ("llm1.either.name", ""),
        ("llm1.oder", "llm1 gives no oder. It gives: text, order, items, more, either."),
        ("llm1.order.nr", "llm1.order has no nr. It has: id."),
        ("llm1.order.id.x", "llm1.order.id has no x. It has: nothing."),
        ("llm1.items.name", "llm1.items is a list. Say which of its items: llm1.items[0]."),
        ("llm1.items[0].nam", "llm1.items[0] has no nam. It has: name."),
        ("llm1.either.nam", "llm1.either has no nam. It has: name."),
    ],
)
def test_what_is_read_of_an_answer_is_in_its_schema(read: str, words: str) -> None:
    llm = {"prompt": "x", "output_type": "schema", "output_schema": SCHEMA}
    condition = {"condition": f"{{{{{read}}}}} == 1"}
    told = [each[2] for each in found(drawn(llm1=llm, condition1=condition))]
    assert told == ([f"Condition, column 3: {words}"] if words else [])


def test_what_an_answer_may_have_besides_its_schema() -> None:
    condition = {"condition": "llm1.anything"}
    for besides in ("true", '{"type": "string"}'):
        schema = SCHEMA.replace('"type"', f'"additionalProperties": {besides}, "type"', 1)
        llm = {"prompt": "x", "output_type": "schema", "output_schema": schema}
        assert found(drawn(llm1=llm, condition1=condition)) == []


def test_each_message_is_checked() -> None:
    messages = [{"role": "system", "text": "{{oops}}"}, {"role": "user", "text": "{{input"}]
    llm = {"prompt_type": "messages", "messages": messages}
    paths = {each[1] for each in found(drawn(llm1=llm)) if each[0] == "error"}
    assert paths == {"nodes.llm1.data.messages.0.text", "nodes.llm1.data.messages.1.text"}


def many_texts(expression: str, count: int) -> dict[str, Any]:
    """A flow of ten nodes, each with so many values that are one ``expression``."""
    nodes: list[dict[str, Any]] = [{"id": "start", "type": "trigger"}]
    for number in range(10):
        fields = [{"name": f"v{each}", "value": f"{{{{{expression}}}}}"} for each in range(count)]
        nodes.append({"id": f"t{number}", "type": "template", "data": {"fields": fields}})
    return {"nodes": nodes, "edges": [], "variables": []}


def test_more_expressions_than_can_be_read_soon_are_not_read() -> None:
    """Reading them all would take a minute of the processor, at each look at the flow."""
    document = many_texts("+".join(["input"] * 100), 50)
    with takes_at_most(3):
        told = [each[2] for each in found(document)]
    assert "All expressions of a flow have at most 100000 characters together." in told


def test_faults_without_end_are_not_all_told() -> None:
    document = many_texts(" + ".join(["nobody"] * 20), 50)
    with takes_at_most(10):
        told = [each for each in found(document) if "called nobody" in each[2]]
    assert len(told) == MOST_TOLD
