"""Variables that are called otherwise now, in the settings of nodes."""

from __future__ import annotations

from typing import Any

from chatflows.renaming import renamed_nodes


def renamed(kind: str, **data: Any) -> dict[str, Any]:
    """What changes in a node's settings when ``old`` is called ``new``."""
    document = {"nodes": [{"id": "one", "type": kind, "data": data}]}
    patch = renamed_nodes(document, {"old": "new"})
    found: dict[str, Any] = patch["nodes"]["one"]["data"] if patch else {}
    return found


def pair(name: str, value: str) -> dict[str, str]:
    return {"name": name, "value": value}


def test_values_that_share_a_name_keep_apart() -> None:
    query = [pair("tag", "{{old}}, first"), pair("tag", "{{old}}, second"), pair("tag", "third")]
    assert renamed("http", query=query) == {
        "query": [
            pair("tag", "{{new}}, first"),
            pair("tag", "{{new}}, second"),
            pair("tag", "third"),
        ]
    }
    assert query[0] == pair("tag", "{{old}}, first")


def test_a_name_may_have_dots_or_be_a_number() -> None:
    named = [pair("user.name", "{{old}}"), pair("0", "{{old}}"), pair("", "{{old}}")]
    assert renamed("http", body_type="form", form=named) == {
        "form": [pair("user.name", "{{new}}"), pair("0", "{{new}}"), pair("", "{{new}}")]
    }


def test_what_does_not_read_it_does_not_change() -> None:
    assert renamed("http", url="https://a.test/{{other.old}}", query=[pair("a", "old")]) == {}


def test_a_variable_that_is_no_name_is_none_of_those() -> None:
    assert renamed("variable", variable=["old"], value="{{old}}") == {"value": "{{new}}"}
    assert renamed("variable", variable="old", value="1") == {"variable": "new"}
