"""The node with several ways."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from chatflows.executor.events import Broken
from chatflows.nodes.switch import SwitchSettings
from tests.chatflows.executor.flows import flow, ran

if TYPE_CHECKING:
    from chatflows.executor.flow import Flow

CASES = [
    {"id": "bill", "label": "Billing", "condition": "contains(input, 'bill')"},
    {"id": "long", "condition": "length(input) > 10"},
]


def deciding(cases: list[dict[str, Any]] = CASES) -> Flow:
    nodes: dict[str, Any] = {
        "start": ("trigger", {}),
        "switch1": ("switch", {"cases": cases}),
        "bill": ("response", {"message": "Bill: {{switch1}}"}),
        "long": ("response", {"message": "Long: {{switch1.case}}"}),
        "rest": ("response", {"message": "Rest: [{{switch1}}]"}),
    }
    edges = "start->switch1 switch1.bill->bill switch1.long->long switch1.else->rest"
    return flow(nodes, edges)


@pytest.mark.parametrize(
    ("message", "text"),
    [
        ("my bill", "Bill: Billing"),
        ("my bill, and long", "Bill: Billing"),
        ("something long", "Long: long"),
        ("short", "Rest: []"),
    ],
)
def test_it_is_left_by_the_first_case_that_holds(message: str, text: str) -> None:
    assert ran(deciding(), message).text == text


def test_the_log_says_which_case_held() -> None:
    step = ran(deciding(), "something long").steps[1]
    assert (step.handle, step.input) == ("long", {"Billing": False, "long": True})


def test_a_condition_that_fails_names_its_case() -> None:
    wrong = [CASES[0], {"id": "long", "condition": "input - 1 > 0"}]
    end = ran(deciding(wrong), "x").end
    assert isinstance(end, Broken)
    assert (end.node_id, end.field) == ("switch1", "cases.long.condition")


def test_cases_have_ids_of_their_own() -> None:
    with pytest.raises(ValidationError, match="Two cases have the id bill"):
        SwitchSettings.model_validate({"cases": [CASES[0], CASES[0]]})
    with pytest.raises(ValidationError):
        SwitchSettings.model_validate({"cases": [{"id": "else", "condition": "x"}]})
