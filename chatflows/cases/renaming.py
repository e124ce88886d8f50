"""Names of variables and nodes in test cases, changed where they are called otherwise now. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatflows.cases.schema import OF_NODES
from chatflows.checking.texts import Written
from chatflows.renaming import renamed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# What is renamed: the lists of the document whose names expressions read.
VARIABLES, NODES = "variables", "nodes"


def renamed_cases(
    document: Mapping[str, Any], path: str, names: Mapping[str, str]
) -> dict[str, Any]:
    """What changes in test cases when items of the list at ``path`` have new names, by the old
    ones, as a merge patch of ``document``."""
    patch = {
        str(case.get("id")): changed
        for case in document.get("test_cases") or ()
        if (changed := dict(_changed(case, path, names)))
    }
    return {"test_cases": patch} if patch else {}


def _changed(
    case: Mapping[str, Any], path: str, names: Mapping[str, str]
) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    expected = [dict(each) for each in case.get("expectations") or ()]
    now = [_expectation(each, path, names) for each in expected]
    if now != expected:
        yield "expectations", now
    told = [dict(each) for each in case.get("variables") or ()]
    if path == VARIABLES and any(each.get("name") in names for each in told):
        renamed_ones = [e | {"name": names.get(str(e.get("name")), e.get("name"))} for e in told]
        yield "variables", renamed_ones


def _expectation(each: dict[str, Any], path: str, names: Mapping[str, str]) -> dict[str, Any]:
    kind, value = each.get("kind"), each.get("value")
    if not isinstance(value, str):
        return each
    if kind == "condition":
        return each | {"value": renamed(Written("value", value, "condition"), names)}
    if path == NODES and kind in OF_NODES:
        return each | {"value": names.get(value, value)}
    return each
