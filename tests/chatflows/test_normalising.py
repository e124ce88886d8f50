"""One stored shape for the several that clients write."""

from __future__ import annotations

from typing import Any

from chatflows.normalising import normalised


def nodes(*given: dict[str, Any]) -> Any:
    return normalised({"nodes": list(given)}, {})["nodes"]


def edges(*given: dict[str, Any]) -> Any:
    return normalised({"edges": list(given)}, {})["edges"]


def test_what_a_canvas_knows_of_the_look_is_left_out() -> None:
    node = {"id": "a", "type": "llm", "position": {"x": 1, "y": 2}, "data": {"prompt": "x"}}
    view = {"measured": {"width": 9}, "selected": True, "dragging": False, "width": 240}
    assert nodes(node | view) == [node]
    edge = {"id": "e", "source": "a", "target": "b", "sourceHandle": ""}
    view = {"animated": True, "type": "smoothstep", "targetHandle": None, "sourceHandle": None}
    assert edges(edge | view) == [edge]


def test_settings_may_stand_in_config_and_kinds_have_other_names() -> None:
    given = {"id": "k", "type": "kb", "data": {"label": "Look", "config": {"kb_id": "1"}}}
    assert nodes(given) == [
        {"id": "k", "type": "knowledge_base", "data": {"label": "Look", "kb_id": "1"}}
    ]


def test_labels_of_branches_are_handles() -> None:
    assert edges({"id": "e", "source": "c", "target": "a", "label": "True"}) == [
        {"id": "e", "source": "c", "target": "a", "sourceHandle": "true"}
    ]


def test_branches_of_a_condition_become_edges_where_there_are_none() -> None:
    condition = {
        "id": "c",
        "type": "condition",
        "data": {"condition": "x", "true_branch": "a", "false_branch": "gone"},
    }
    patch = {"nodes": [condition, {"id": "a", "type": "response"}]}
    found = normalised(patch, {})
    assert found["nodes"][0]["data"] == {"condition": "x"}
    assert found["edges"] == {"c_true": {"source": "c", "sourceHandle": "true", "target": "a"}}
    drawn = [{"id": "e", "source": "c", "target": "b", "label": "True"}]
    assert len(normalised(patch | {"edges": drawn}, {})["edges"]) == 1
    kept = {"edges": [{"id": "e", "source": "c", "target": "b", "sourceHandle": "true"}]}
    assert normalised(patch, kept).get("edges", {}) == {}


def test_a_patch_by_key_stays_one() -> None:
    patch = {"nodes": {"a": {"data": {"config": {"prompt": "x"}}, "selected": True}, "b": None}}
    assert normalised(patch, {}) == {"nodes": {"a": {"data": {"prompt": "x"}}, "b": None}}


def test_variables_as_an_object_of_defaults() -> None:
    patch = {"variables": {"intent": "", "n": 3, "old": None, "x": {"type": "number"}}}
    assert normalised(patch, {})["variables"] == {
        "intent": {"default": ""},
        "n": {"default": 3},
        "old": None,
        "x": {"type": "number"},
    }


def test_what_is_no_graph_is_left_for_the_schema_to_refuse() -> None:
    patch = {"nodes": "x", "edges": [1, None], "variables": []}
    assert normalised(patch, {}) == patch


def test_with_a_node_go_its_connections() -> None:
    document = {
        "edges": [
            {"id": "1", "source": "a", "target": "b"},
            {"id": "2", "source": "b", "target": "c"},
            {"id": "3", "source": "a", "target": "c"},
        ]
    }
    assert normalised({"nodes": {"b": None}}, document) == {
        "nodes": {"b": None},
        "edges": {"1": None, "2": None},
    }
    kept = {"2": {"source": "a", "target": "c"}}
    found = normalised({"nodes": {"b": None}, "edges": kept}, document)
    assert found["edges"] == {"1": None, **kept}


def test_a_schema_may_be_an_object_and_what_is_given_says_what_it_is_for() -> None:
    data = {"messages": [{"text": "x"}], "output_schema": {"type": "object"}}
    assert nodes({"id": "a", "type": "llm", "data": data})[0]["data"] == {
        "messages": [{"text": "x"}],
        "output_schema": '{\n  "type": "object"\n}',
        "prompt_type": "messages",
        "output_type": "schema",
    }
    chosen = data | {"prompt_type": "prompt", "output_type": "parts"}
    found = nodes({"id": "a", "type": "llm", "data": chosen})[0]["data"]
    assert (found["prompt_type"], found["output_type"]) == ("prompt", "parts")
