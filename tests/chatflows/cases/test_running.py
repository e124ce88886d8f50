"""Test cases of a draft: played by a worker through the flow as it is, and what is told of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from django_redis import get_redis_connection

from chatflows import tasks
from chatflows.cases import batch
from chatflows.cases.told import told
from common.turns import Turns
from drafts import creating, editing, jobs
from drafts.access import open_draft
from drafts.deploying import deploy
from drafts.types import draft_types
from tests.chatflows.cases.flows import INTENT, CaseApi, case, expect
from tests.chatflows.test_subflows import HELLO, SAY, deployed, document, runs
from tests.servers.model import Reply
from workspaces.models import Membership

if TYPE_CHECKING:
    from tests.servers.model import ModelServer
    from workspaces.access import Actor

pytestmark = pytest.mark.django_db(transaction=True)
WHOLE = [
    expect("contains", "order a1:  YOUR"),
    expect("not_contains", "else"),
    expect("equals", " order A1: your bill. "),
    expect("matches", r"^Order \w\d"),
    expect("passes_node", "bill"),
    expect("avoids_node", "other"),
    expect("condition", "llm1.intent == 'billing' and ask == 'A1' and input == 'A1'"),
    expect("ends"),
]


def kept() -> list[str]:
    """What there is in Redis of drafts' test cases."""
    keys = get_redis_connection("drafts").scan_iter("*case*")
    return sorted(key.decode() for key in keys)


def test_a_conversation_passes_by_all_that_can_be_expected(
    flow: CaseApi, model: ModelServer
) -> None:
    flow.begin(
        case("whole", "My bill", "A1", expectations=WHOLE),
        case("asks", "My bill", expectations=[expect("waits")]),
    )
    model.reply(INTENT)
    found = flow.run()
    assert flow.states == {"whole": "passed", "asks": "passed"}, found
    whole = found["whole"]
    assert whole["answer"] == "Order A1: your bill."
    assert whole["nodes_by_message"] == [["start", "ask"], ["ask", "llm1", "is_bill", "bill"]]
    assert whole["nodes"] == ["start", "ask", "llm1", "is_bill", "bill"]
    assert (whole["tokens"], whole["version"]) == (12, 1)
    assert flow.told | {"results": []} == {
        "status": "done",
        "done": 2,
        "total": 2,
        "error": None,
        "passed": 2,
        "failed": 0,
        "not_run": 0,
        "must_pass": False,
        "results": [],
    }
    assert flow.issues() == []


def test_a_flow_that_runs_another_is_played_by_what_its_own_nodes_do(
    flow: CaseApi, bob: Actor
) -> None:
    other = deployed(bob, document("Other", HELLO))
    expected = [expect("condition", "sub1.text == 'Hello Hi'"), expect("passes_node", "say")]
    made = document("Outer", runs(other), SAY)
    flow.begin(case("whole", "Hi", expectations=expected), **made)
    found = flow.run()["whole"]
    assert (found["state"], found["nodes"]) == ("passed", ["start", "sub1", "say"]), found
    edit, kind = creating.create_from_entity(bob, other), draft_types.get("chatflow")
    changed = {"nodes": {"hello": {"data": {"message": "Bye"}}}}
    editing.change(bob, kind, edit.id, lambda _document: changed)
    deploy.deploy(bob, kind, edit.id)
    assert flow.states == {"whole": "outdated"}


def test_what_is_missed_is_told_with_what_was_found(
    flow: CaseApi, model: ModelServer, bob: Actor
) -> None:
    expected = [
        expect("contains", "your bill"),
        expect("not_contains", "something"),
        expect("equals", "x"),
        expect("matches", "^Order"),
        expect("passes_node", "bill"),
        expect("avoids_node", "other"),
        expect("condition", "llm1.intent == 'billing'"),
        expect("waits"),
    ]
    flow.begin(case("wrong", "My bill", "A1", expectations=expected), case("fine", "Hello"))
    model.reply('{"intent": "other"}')
    found = flow.run()["wrong"]
    assert found["state"] == "failed"
    assert [each["message"] for each in found["misses"]] == [
        "The answer does not contain “your bill”.",
        "The answer contains “something”.",
        "The answer is not “x”.",
        "The answer does not match ^Order.",
        "Response bill did not run.",
        "Response other ran.",
        "llm1.intent == 'billing' does not hold: llm1.intent = 'other'",
        "The flow came to its end.",
    ]
    assert list(flow.states) == ["wrong", "fine"]
    shown = told(open_draft(bob, draft_types.get("chatflow"), flow.draft_id)).by_id["wrong"]
    assert [(message, [node.id for node in nodes]) for message, nodes in shown.ran] == [
        ("My bill", ["start", "ask"]),
        ("A1", ["ask", "llm1", "is_bill", "other"]),
    ]
    ((severity, path, message),) = flow.issues()
    assert (severity, path) == ("warning", "test_cases.wrong")
    assert message.startswith("The test case “Wrong” fails. The answer does not contain")


def test_a_fault_names_its_node(flow: CaseApi, model: ModelServer) -> None:
    flow.begin(case("broken", "My bill", "A1"))
    model.reply(Reply(status=500), Reply(status=500), Reply(status=500), Reply(status=500))
    found = flow.run()["broken"]
    assert (found["state"], found["node_id"]) == ("error", "llm1")
    assert found["error"]
    assert flow.issues()[0][2].startswith("The test case “Broken” fails. Intent: ")


def test_a_change_of_the_flow_or_of_a_case_makes_its_result_an_old_one(
    flow: CaseApi, model: ModelServer
) -> None:
    flow.begin(case("one", "Hi"), case("two", "Hello"))
    flow.run()
    flow.change(nodes={"ask": {"position": {"x": 7, "y": 7}}}, test_cases={"one": {"name": "1"}})
    assert set(flow.states.values()) == {"passed"}
    flow.change(test_cases={"one": {"messages": ["Hey"]}})
    assert flow.states == {"one": "outdated", "two": "passed"}
    assert flow.issues() == [
        (
            "warning",
            "test_cases",
            "1 test case has not been run since the last change. Run it.",
        )
    ]
    flow.run("one")
    flow.change(nodes={"ask": {"data": {"question": "Number?"}}})
    assert set(flow.states.values()) == {"outdated"}
    assert flow.run("two")["two"]["answer"] == "Number?"
    assert flow.states == {"one": "outdated", "two": "passed"}
    assert not model.chats


def test_variables_are_known_from_the_beginning(flow: CaseApi) -> None:
    flow.begin(
        case(
            "named",
            "Hi",
            variables=[{"name": "plan", "value": "pro"}],
            expectations=[expect("contains", "plan pro")],
        ),
        case("bad", "Hi", variables=[{"name": "mail", "value": "nobody"}]),
        variables=[
            {"name": "plan"},
            {"name": "mail", "type": "email", "collect_before_chat": True},
        ],
    )
    flow.change(nodes={"ask": {"data": {"question": "Number, plan {{plan}}?"}}})
    found = flow.run()
    assert found["named"]["state"] == "passed"
    assert found["bad"]["state"] == "error"


def test_what_cannot_be_run_says_so(flow: CaseApi, model: ModelServer) -> None:
    flow.begin(case("empty"))
    assert flow.of_draft("/tests/run").status_code == 409
    assert flow.states == {"empty": "incomplete"}
    flow.change(test_cases={"empty": {"messages": ["Hi"]}})
    assert flow.of_draft("/tests/run", {"ids": ["other"]}).status_code == 404
    assert flow.of_draft("/tests/stop").status_code == 409
    assert flow.of_draft("/tests/run").status_code == 202
    assert flow.of_draft("/tests/run").status_code == 409
    assert flow.states == {"empty": "waiting"}
    assert flow.of_draft("/tests/stop").json()["status"] == "stopped"
    flow.work()
    assert flow.states == {"empty": "not_run"}


def test_what_is_not_written_to_its_end_is_not_run(flow: CaseApi) -> None:
    begun = [expect("waits"), expect("contains", " "), expect("passes_node")]
    flow.begin(case("begun", "Hi", expectations=begun), case("fine", "Hi"))
    assert flow.of_draft("/tests/run", {"ids": ["begun"]}).status_code == 409
    flow.run()
    assert flow.states == {"begun": "incomplete", "fine": "passed"}
    assert flow.told["not_run"] == 0
    flow.change(test_cases={"begun": {"expectations": begun[:1]}})
    flow.run("begun")
    # What came of it before is not what comes of what is half written now.
    flow.change(test_cases={"begun": {"expectations": begun[:2]}})
    assert flow.states == {"begun": "incomplete", "fine": "passed"}


def test_the_servers_model_has_its_share(flow: CaseApi, model: ModelServer, settings: Any) -> None:
    settings.SERVER_MODEL_MESSAGES_PER_DAY = 3
    model.reply(*[INTENT] * 6)
    flow.begin(*(case(f"c{n}", "Hi", "42") for n in range(6)))
    flow.of_draft("/tests/run")
    flow.work()
    assert flow.told["status"] == "failed"
    assert "3 messages a day" in flow.told["error"]
    assert flow.told["passed"] == 3
    assert flow.of_draft("/tests/run").status_code == 429


def test_a_draft_that_ends_leaves_nothing(flow: CaseApi) -> None:
    flow.begin(case("one", "Hi"))
    flow.run()
    assert kept() != []
    flow.of_draft("/tests/run")
    assert flow.delete(f"/draft/{flow.draft_id}").status_code == 204
    flow.work()
    assert kept() == []


def test_another_takes_up_what_a_worker_left(flow: CaseApi) -> None:
    flow.begin(case("one", "Hi"), case("two", "Hi"))
    flow.of_draft("/tests/run")
    (told,) = flow.sent
    flow.sent.clear()
    job = jobs.job(flow.draft_id, batch.JOB)
    assert job
    # As it was when its worker was killed.
    data = {**job.data, "left": ["two"], "playing": ["one"]}
    jobs.write(flow.draft_id, batch.JOB, replace(job, data=data))
    jobs.forget_wakes()
    assert flow.states == {"one": "running", "two": "waiting"}
    assert flow.sent == [told]
    flow.work()
    assert flow.states == {"one": "passed", "two": "passed"}


def test_a_worker_that_is_busy_comes_back(flow: CaseApi, monkeypatch: pytest.MonkeyPatch) -> None:
    flow.begin(case("one", "Hi"))
    flow.of_draft("/tests/run")
    (told,) = flow.sent
    monkeypatch.setattr(tasks, "_players", Turns(0, 0))
    tasks.play_cases(*flow.sent.pop()[1])
    assert flow.sent == [told]


def test_whoever_left_the_workspace_runs_nothing(flow: CaseApi, alice: Actor, bob: Actor) -> None:
    flow.begin(case("one", "Hi"))
    draft = open_draft(bob, draft_types.get("chatflow"), flow.draft_id)
    assert batch.begin(bob, draft).is_running
    Membership.objects.filter(user=bob.user).delete()
    flow.work()
    others = CaseApi(alice, [])
    others.draft_id = flow.draft_id
    assert others.told["status"] == "failed"
    assert others.states == {"one": "not_run"}


def test_others_know_nothing_of_it(flow: CaseApi, mallory: Actor) -> None:
    flow.begin(case("one", "Hi"))
    stranger = CaseApi(mallory, [])
    for method, path in (("get", "/tests"), ("post", "/tests/run"), ("post", "/tests/stop")):
        answer = getattr(stranger, method)(f"/draft/{flow.draft_id}{path}")
        assert answer.status_code == 404
