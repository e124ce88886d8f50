"""Test cases in a flow's document: what may be kept, what is wrong, what follows a renaming."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from chatflows.cases.reading import cases_of, fingerprints
from chatflows.cases.renaming import renamed_cases
from chatflows.checking.cases import case_problems
from chatflows.drawn import drawing_of
from chatflows.schema import Chatflow
from tests.chatflows.cases.flows import BILLING, CaseApi, case, expect

if TYPE_CHECKING:
    from workspaces.access import Actor


def problems(*expectations: dict[str, str], **more: Any) -> list[tuple[str, str]]:
    document = {**BILLING, "test_cases": [case("one", "Hi", expectations=[*expectations], **more)]}
    return [(e.path, e.message) for e in case_problems(document, drawing_of(document))]


def test_a_release_from_before_there_were_any_still_loads() -> None:
    found = Chatflow.model_validate({"name": "Old", "settings": {"timeout_seconds": 5}})
    assert (found.test_cases, found.settings.tests_must_pass) == ((), False)


@pytest.mark.parametrize(
    "expectation",
    [
        expect("contains", "x"),
        expect("matches", r"^\d+$"),
        expect("passes_node", "bill"),
        expect("condition", "llm1.intent == 'billing' and ask and plan and input"),
        expect("waits"),
        expect("ends"),
    ],
)
def test_what_can_be_expected(expectation: dict[str, str]) -> None:
    assert problems(expectation, variables=[{"name": "plan", "value": "pro"}]) == []


@pytest.mark.parametrize(
    ("expectation", "message"),
    [
        (expect("contains", " "), "Fill it in, or remove it."),
        (expect("passes_node"), "Fill it in, or remove it."),
        (expect("avoids_node", "gone"), "There is no node gone."),
        (expect("condition", "llm1.intent =="), "Column 15: "),
        (expect("condition", "lm1.intent"), "Column 1: There is no lm1. Is it llm1?"),
        (expect("condition", "1 == llm1.x"), "Column 6: llm1 gives no x. It gives: "),
        (expect("matches", "(a"), "'(a' is no pattern"),
    ],
)
def test_what_cannot(expectation: dict[str, str], message: str) -> None:
    ((path, found),) = problems(expect("ends"), expectation)
    assert path == "test_cases.one.expectations"
    assert found.startswith(f"Expectation 2: {message}")


def test_names_follow_a_renaming() -> None:
    expectations = [
        expect("condition", "llm1.intent == 'plan' and plan"),
        expect("passes_node", "llm1"),
        expect("contains", "llm1"),
    ]
    variables = [{"name": "plan", "value": "pro"}]
    document = {"test_cases": [case("one", "Hi", expectations=expectations, variables=variables)]}
    assert renamed_cases(document, "nodes", {"llm1": "intent"}) == {
        "test_cases": {
            "one": {
                "expectations": [
                    expect("condition", "intent.intent == 'plan' and plan"),
                    expect("passes_node", "intent"),
                    expect("contains", "llm1"),
                ]
            }
        }
    }
    changed = renamed_cases(document, "variables", {"plan": "tier"})["test_cases"]["one"]
    assert changed["variables"] == [{"name": "tier", "value": "pro"}]
    assert changed["expectations"][0]["value"] == "llm1.intent == 'plan' and tier"
    assert renamed_cases(document, "variables", {"other": "x"}) == {}


@pytest.mark.parametrize(
    "odd", [None, 7, "x", [None, 7, {"id": 7, "messages": "x", "expectations": 7}], [{}]]
)
def test_whatever_a_draft_holds_is_read(odd: Any) -> None:
    document = {"test_cases": odd, "nodes": odd, "edges": odd}
    assert len(cases_of(document)) == len(fingerprints(document, {})) <= 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("cases", "path"),
    [
        ([{"id": "a b", "messages": ["x"]}], "a b.id"),
        ([case("a", "x", expectations=[expect("says", "x")])], "a.expectations.0.kind"),
        ([case("a", "x", color="red")], "a.color"),
        ([case("a", "x"), case("a", "y")], "1"),
        ([{"messages": ["x"]}], "0"),
    ],
)
def test_what_is_not_even_kept(flow: CaseApi, cases: list[Any], path: str) -> None:
    answer = flow.post("/draft", {"test_cases": cases})
    assert answer.status_code == 422
    assert [error["path"] for error in answer.json()["errors"]] == [f"data.test_cases.{path}"]


@pytest.mark.django_db
def test_cases_are_copied_exported_imported_and_deployed(flow: CaseApi, bob: Actor) -> None:
    del bob
    whole = case("one", "Hi", expectations=[expect("waits")], variables=[])
    flow.begin(whole)
    exported = flow.get(f"/draft/{flow.draft_id}/export").json()
    imported = flow.post("/draft/import", exported).json()["draft_id"]
    assert flow.get(f"/draft/{imported}").json()["data"]["test_cases"] == [whole]
    live = flow.of_draft("/deploy").json()
    again = flow.post(f"/{live['chatflow_id']}/draft").json()["draft_id"]
    assert flow.get(f"/draft/{again}").json()["data"]["test_cases"] == [whole]
    flow.draft_id = again
    assert flow.states == {"one": "not_run"}
