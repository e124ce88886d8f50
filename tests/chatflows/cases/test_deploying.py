"""Test cases before a deploy: in the plan, as a warning, and where the flow says so as a condition;
and the builder's step of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from conversations import preview_store
from drafts.access import open_draft
from drafts.types import draft_types
from tests.chatflows.cases.flows import INTENT, CaseApi, case, expect
from tests.support.people import signed_in

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from tests.servers.model import ModelServer
    from workspaces.access import Actor

pytestmark = pytest.mark.django_db(transaction=True)
MUST = {"settings": {"tests_must_pass": True}}


class Pages:
    """The builder's pages of the draft; ``part``: as htmx asks for them."""

    def __init__(self, actor: Actor, flow: CaseApi) -> None:
        self.client, self.flow = signed_in(Client(), actor), flow
        self.base = f"/w/acme/chatflows/draft/{flow.draft_id}"

    def get(self, path: str) -> str:
        answer = self.client.get(self.base + path, headers={"HX-Request": "true"})
        assert answer.status_code == 200
        return answer.content.decode()

    def post(self, path: str, data: Mapping[str, str] | None = None, *, part: bool = True) -> Any:
        headers = {"HX-Request": "true"} if part else {}
        return self.client.post(self.base + path, dict(data or {}), headers=headers)


def failing(id_: str = "wrong") -> dict[str, Any]:
    return case(id_, "Hi", expectations=[expect("contains", "Good morning")])


def test_a_case_that_fails_or_was_not_run_is_a_warning(flow: CaseApi, bob: Actor) -> None:
    flow.begin(failing(), case("fine", "Hi"))
    pages = Pages(bob, flow)
    plan = pages.get("/plan/")
    assert "2 test cases, not run yet" in plan
    assert "Deploy now" in plan
    assert "Ready to deploy?" in plan
    flow.run()
    plan = pages.get("/plan/")
    assert "1 of 2 test cases pass for this version" in plan
    assert "The answer does not contain “Good morning”." in plan
    assert "Deploy anyway?" in plan
    assert "1 of 2 test cases fails for this version." in plan
    assert "Deploy now" not in plan
    assert flow.of_draft("/deploy").status_code == 200


def test_where_they_must_pass_a_deploy_waits_for_them(flow: CaseApi, bob: Actor) -> None:
    flow.begin(failing(), case("fine", "Hi"), **MUST)
    pages = Pages(bob, flow)
    refused = flow.of_draft("/deploy")
    assert refused.status_code == 422
    assert [
        issue["path"] for issue in refused.json()["issues"] if issue["severity"] == "error"
    ] == ["test_cases"]
    plan = pages.get("/plan/")
    assert "Cannot deploy yet" in plan
    assert "Run test cases" in plan

    flow.run()
    refused = flow.of_draft("/deploy")
    assert refused.status_code == 422
    assert refused.json()["errors"] == [
        "The test case “Wrong” fails. The answer does not contain “Good morning”."
    ]
    posted = pages.post("/deploy-now/", {"version": "1", "idempotency_key": "k"})
    assert posted.status_code == 422
    assert "The test case “Wrong” fails." in posted.content.decode()

    flow.change(test_cases={"wrong": {"expectations": [expect("contains", "number")]}})
    assert flow.of_draft("/deploy").status_code == 422
    flow.run("wrong")
    assert flow.of_draft("/deploy").status_code == 200


def test_the_plan_runs_them_and_shows_the_new_one(flow: CaseApi, bob: Actor) -> None:
    flow.begin(case("fine", "Hi"))
    pages = Pages(bob, flow)
    begun = pages.post("/cases/run/", {"in": "plan"})
    assert "0 of 1 test cases run" in begun.content.decode()
    flow.work()
    answer = pages.client.get(f"{pages.base}/cases/?in=plan", headers={"HX-Request": "true"})
    assert answer["HX-Retarget"] == "#modal"
    assert "1 of 1 test case passes for this version" in answer.content.decode()


def test_opening_the_plan_runs_what_is_not_known_once(flow: CaseApi, bob: Actor) -> None:
    flow.begin(failing(), case("fine", "Hi"), **MUST)
    flow.run("fine")
    pages = Pages(bob, flow)
    begins = 'hx-vals=\'{"in": "plan", "only": "unrun"}\''
    assert begins in pages.get("/plan/")
    unrun = {"in": "plan", "only": "unrun"}
    for _window in range(2):
        shown = pages.post("/cases/run/", unrun).content.decode()
        assert "0 of 1 test cases run" in shown
        assert "Waiting" in shown
        assert "already" not in shown
    assert len(flow.sent) == 1
    (issue,) = _blocking(flow)
    assert issue["message"] == "1 test case is being run. Wait for it."
    flow.work()
    answer = pages.client.get(f"{pages.base}/cases/?in=plan", headers={"HX-Request": "true"})
    text = answer.content.decode()
    assert begins not in text
    assert "?focus=test_cases.wrong" in text
    assert flow.states == {"wrong": "failed", "fine": "passed"}
    assert begins not in pages.get("/plan/")


def test_the_plan_runs_nothing_that_is_half_written_and_leads_to_it(
    flow: CaseApi, bob: Actor
) -> None:
    flow.begin(case("begun", "Hi", expectations=[expect("contains")]), case("fine", "Hi"))
    pages = Pages(bob, flow)
    pages.post("/cases/run/", {"in": "plan", "only": "unrun"})
    flow.work()
    plan = pages.get("/plan/")
    assert flow.states == {"begun": "incomplete", "fine": "passed"}
    assert "1 of 2 test cases pass for this version" in plan
    assert "Expectation 1 says nothing: fill it in, or remove it." in plan
    assert f"{pages.base}/tests/?focus=test_cases.begun" in plan
    assert [each["why"] for each in _planned(flow) if each["state"] == "incomplete"] == [
        "Expectation 1 says nothing: fill it in, or remove it."
    ]
    flow.change(test_cases={"begun": {"messages": []}})
    assert "It says nothing that a visitor writes." in pages.get("/tests/")


def _blocking(flow: CaseApi) -> list[dict[str, Any]]:
    refused = flow.of_draft("/deploy")
    assert refused.status_code == 422
    return [each for each in refused.json()["issues"] if each["severity"] == "error"]


def test_the_api_says_what_came_of_each_and_by_which_call_they_are_run(flow: CaseApi) -> None:
    flow.begin(failing(), case("fine", "Hi"), **MUST)
    (issue,) = _blocking(flow)
    assert issue["remedy"] == f"POST /api/v1/chatflows/draft/{flow.draft_id}/tests/run"
    assert [each["state"] for each in _planned(flow)] == ["not_run", "not_run"]
    flow.run()
    why = "The answer does not contain “Good morning”."
    assert _planned(flow) == [
        {"id": "wrong", "name": "Wrong", "state": "failed", "why": why},
        {"id": "fine", "name": "Fine", "state": "passed", "why": ""},
    ]
    flow.change(test_cases={"fine": {"messages": ["Hello"]}})
    assert {each["id"]: each["state"] for each in _planned(flow)}["fine"] == "outdated"
    assert flow.sent == []


def _planned(flow: CaseApi) -> list[dict[str, Any]]:
    tests: list[dict[str, Any]] = flow.get(f"/draft/{flow.draft_id}/plan").json()["tests"]
    return tests


def test_what_the_servers_model_may_not_answer_is_said_and_tried_no_further(
    flow: CaseApi, bob: Actor, model: ModelServer, settings: Any
) -> None:
    settings.SERVER_MODEL_MESSAGES_PER_DAY = 1
    model.reply(INTENT, INTENT)
    flow.begin(case("one", "Hi", "42"), case("two", "Hi", "42"))
    pages, unrun = Pages(bob, flow), {"in": "plan", "only": "unrun"}
    pages.post("/cases/run/", unrun)
    flow.work()
    shown = pages.post("/cases/run/", unrun).content.decode()
    assert "messages a day" in shown
    assert "hx-trigger" not in shown.partition("<button")[0]
    assert flow.sent == []


def test_the_step_shows_what_failed_first_with_a_way_to_its_nodes(
    flow: CaseApi, bob: Actor
) -> None:
    wrong = case("wrong", "Hi", expectations=[expect("passes_node", "bill")])
    flow.begin(case("fine", "Hi"), wrong)
    pages = Pages(bob, flow)
    assert "2 test cases, not run yet" in pages.get("/tests/")
    pages.post("/cases/run/", {"case": "wrong"})
    pages.post("/cases/stop/")
    flow.work()
    assert flow.states == {"fine": "not_run", "wrong": "not_run"}
    pages.post("/cases/run/")
    flow.work()
    page = pages.get("/cases/")
    assert page.index("bill did not run.") < page.index(">Fine<")
    assert f"{pages.base}/workflow/?focus=nodes.bill" in page
    assert 'hx-target="#case-state-wrong"' in page
    assert pages.post("/cases/run/", part=False).status_code == 302


def test_who_only_looks_runs_nothing(flow: CaseApi, vera: Actor, mallory: Actor) -> None:
    flow.begin(case("one", "Hi"))
    pages, strangers = Pages(vera, flow), Pages(mallory, flow)
    assert "Run all" not in pages.get("/tests/")
    for path in ("/cases/run/", "/cases/stop/", "/cases/make/"):
        assert pages.post(path).status_code == 403
        assert strangers.post(path).status_code == 404
    assert strangers.client.get(f"{strangers.base}/cases/").status_code == 404


def test_a_case_is_made_of_the_last_conversation(flow: CaseApi, bob: Actor) -> None:
    flow.begin()
    pages = Pages(bob, flow)
    assert "Try the flow there first." in pages.post("/cases/make/").content.decode()
    for message in ("An earlier one", "My bill"):
        flow.of_draft("/execute", {"input": message, "variables": {"plan": "pro"}})
    assert "My bill" in pages.post("/cases/make/").content.decode()
    (made,) = flow.get(f"/draft/{flow.draft_id}").json()["data"]["test_cases"]
    assert made | {"id": ""} == {
        "id": "",
        "name": "My bill",
        "messages": ["My bill"],
        "variables": [{"name": "plan", "value": "pro"}],
        "expectations": [expect("equals", "Your order's number?")],
    }
    assert set(flow.run()) == {made["id"]}
    assert set(flow.states.values()) == {"passed"}


def test_a_conversation_that_is_too_long_for_a_case_says_so(flow: CaseApi, bob: Actor) -> None:
    flow.begin()
    draft = open_draft(bob, draft_types.get("chatflow"), flow.draft_id)
    said = [_said(number, draft.expires_at) for number in range(11)]
    session = preview_store.load(draft.workspace_id, draft.id, "s")
    preview_store.append(session, said, replaces=None, expires_at=draft.expires_at)
    assert "at most 10 messages" in Pages(bob, flow).post("/cases/make/").content.decode()


def _said(number: int, at: datetime) -> dict[str, Any]:
    told = {"role": "user", "status": "whole", "citations": [], "at": at.timestamp() + number}
    return told | {"id": f"{number}", "content": f"Message {number}"}


def test_the_plan_says_in_words_what_changed_in_a_case(flow: CaseApi, bob: Actor) -> None:
    flow.begin(case("one", "Hi", expectations=[expect("waits")]))
    live = flow.of_draft("/deploy").json()["chatflow_id"]
    flow.draft_id = flow.post(f"/{live}/draft").json()["draft_id"]
    told = {"expectations": [expect("contains", "order")], "messages": ["Hi", "A1"]}
    flow.change(test_cases={"one": told, "two": told})
    plan = Pages(bob, flow).get("/plan/")
    assert "The flow waits for another message" in plan
    assert "The answer contains: order" in plan
    assert "Kind" not in plan
