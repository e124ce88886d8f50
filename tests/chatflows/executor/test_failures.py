"""Nodes that fail, and how runs go on after that."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pytest

from chatflows.drawn import drawn_node
from chatflows.executor.events import Broken, StepStarted
from chatflows.executor.node import FallibleSettings, ReachingSettings
from chatflows.executor.ports import LiveFlow, Ports, RequestError, Response
from chatflows.executor.run import Run
from chatflows.nodes import BY_KIND
from chatflows.tracing import finished
from conversations.turn import Turn
from tests.chatflows.executor.flows import NOWHERE, Told, conversation, flow, ran
from tests.servers.model import Reply

if TYPE_CHECKING:
    from chatflows.executor.events import RunEvent, StepFinished
    from chatflows.executor.flow import Flow
    from chatflows.executor.ports import Request
    from tests.servers.model import ModelServer

START: dict[str, Any] = {"start": ("trigger", {})}
HELLO = flow(START | {"hello": ("response", {"message": "Hello."})}, "start->hello")
OTHER = "00000000-0000-0000-0000-000000000001"
REACHING = {"llm", "agent", "classifier", "knowledge_base", "http", "subflow"}
RUNNING = {"loop", "parallel"}


@dataclass
class Server:
    """Fails so many times, for a moment only, and then answers; or never does."""

    failures: int = 1000
    hangs: bool = False
    asked: list[str] = field(default_factory=list)
    left: int = 0

    async def send(self, request: Request) -> Response:
        self.asked.append(request.url)
        try:
            await asyncio.sleep(30 if self.hangs else 0)
        except asyncio.CancelledError:
            self.left += 1
            raise
        if len(self.asked) <= self.failures:
            raise RequestError("It is out of order.", permanent=False)
        return Response(200, {}, b"in order")


def served(server: Server, inner: Flow = HELLO) -> Ports:
    """Ports by which ``server`` and the flow ``inner`` are there."""
    return replace(NOWHERE, http=server, flows={OTHER: LiveFlow("Other", inner, "start")})


def ask_api(**settings: Any) -> tuple[str, dict[str, Any]]:
    return ("http", {"url": "https://api.test", "label": "Ask the API", **settings})


def say(message: str) -> tuple[str, dict[str, str]]:
    return ("response", {"message": message})


def ask(question: str) -> tuple[str, dict[str, str]]:
    return ("collect_input", {"question": question})


def step(turn: Told, node_id: str) -> StepFinished:
    return next(each for each in turn.steps if each.node_id == node_id)


def broken(turn: Told) -> Broken:
    assert isinstance(turn.end, Broken), turn.end
    return turn.end


@pytest.mark.parametrize("kind", sorted(BY_KIND))
def test_a_node_goes_on_by_a_way_that_it_has(kind: str) -> None:
    each = drawn_node("x", BY_KIND[kind], {})
    nothing = each.node.nothing()
    assert isinstance(each.settings, ReachingSettings) == (kind in REACHING)
    assert isinstance(each.settings, FallibleSettings) == (kind in REACHING | RUNNING)
    assert set(nothing.output) <= set(each.node.outputs)
    if isinstance(each.settings, FallibleSettings):
        assert nothing.handle in each.node.handles(each.settings)
        assert "error" not in each.node.all_handles(each.settings)
        branching = each.settings.model_copy(update={"on_error": "branch"})
        assert "error" in each.node.all_handles(branching)


def repeating(kind: str, **settings: Any) -> Flow:
    """A loop in which something fails in the second round."""
    nodes = {
        **START,
        "loop": (kind, {"items": "{{['a', 'b', 'c']}}", "result": "{{api}}", **settings}),
        "fits": ("condition", {"condition": "loop.index != 1"}),
        "api": ask_api(url="https://api.test/{{loop.item}}"),
        "bad": ("template", {"label": "Work it out", "template": "{{loop.item * 2}}"}),
        "end": say("Done: {{loop.results | join}}, {{loop.count}} {{loop.error}}"),
        "sorry": say("Sorry. {{loop.error}}"),
    }
    edges = "start->loop loop.body->fits fits.true->api fits.false->bad loop->end loop.error->sorry"
    return flow(nodes, edges)


@pytest.mark.parametrize("kind", sorted(RUNNING))
def test_what_fails_in_a_round_is_a_fault_of_the_loop_that_goes_on(kind: str) -> None:
    ports = served(Server(failures=0))
    stopped = ran(repeating(kind), ports=ports)
    assert (broken(stopped).node_id, broken(stopped).field) == ("bad", "template")
    assert [step(stopped, each).status for each in ("loop", "bad")] == ["stopped", "failed"]
    words = f"Work it out: Text, column 13: {broken(stopped).message}"

    branched = ran(repeating(kind, on_error="branch"), ports=ports)
    assert branched.text == f"Sorry. {words}"
    loop = step(branched, "loop")
    assert (loop.status, loop.handle, loop.error) == ("handled", "error", words)
    assert step(branched, "bad").status == "failed"
    assert finished(loop)["way"] == "Error"

    gone_on = ran(repeating(kind, on_error="continue"), ports=ports)
    assert gone_on.text == f"Done: , 0 {words}"
    assert (step(gone_on, "loop").status, step(gone_on, "loop").handle) == ("handled", "")


def test_a_fault_of_a_loop_itself_goes_by_its_branch_too() -> None:
    turn = ran(repeating("loop", on_error="branch", items="{{input}}"))
    assert turn.text == "Sorry. A list is needed, and this is the text 'Hi'."


def test_of_loops_in_loops_the_innermost_that_goes_on_takes_the_fault() -> None:
    def nested(**inner: str) -> Flow:
        nodes = {
            **START,
            "outer": ("loop", {"items": "{{[1, 2]}}", "on_error": "branch"}),
            "inner": ("loop", {"items": "{{[1, 2]}}", "label": "Items", **inner}),
            "api": ask_api(),
            "after": say("{{outer.item}}: {{inner.error}}"),
            "sorry": say("Sorry. {{outer.error}}"),
            "end": say("End"),
        }
        edges = "start->outer outer.body->inner inner.body->api inner->after outer.error->sorry"
        return flow(nodes, f"{edges} outer->end")

    ports, told = served(Server()), "Ask the API: Address: It is out of order."
    assert ran(nested(), ports=ports).text == f"Sorry. {told}"
    gone_on = ran(nested(on_error="continue"), ports=ports)
    assert gone_on.text == f"1: {told}\n\n2: {told}\n\nEnd"


def test_a_question_is_lost_with_its_round() -> None:
    """Be it asked already, or just about to be."""
    nodes = {
        **START,
        "loop": ("loop", {"items": "{{[1]}}", "on_error": "branch"}),
        "ask": ask("Your name?"),
        "wait": ("delay", {"seconds": 0.05}),
        "api": ask_api(),
        "sorry": ask("It did not work. Your mail?"),
        "end": say("We write to {{sorry}}."),
    }
    edges = "start->loop loop.body->ask loop.body->wait wait->api loop.error->sorry sorry->end"
    made, ports = flow(nodes, edges), served(Server())
    first = ran(made, ports=ports)
    assert first.text == "Your name?\n\nIt did not work. Your mail?"
    assert first.kept["frame"]["waiting"].keys() == {"sorry"}
    assert ran(made, "a@b.c", kept=first.kept, ports=ports).text == "We write to a@b.c."


def test_a_question_for_which_no_step_is_left_bars_no_other() -> None:
    """Else the run would seem to wait, and nothing in it did."""
    nodes = {
        **START,
        "loop": ("loop", {"items": "{{[1]}}", "on_error": "continue"}),
        "ask": ask("Your name?"),
        "other": ask("Your mail?"),
    }
    turn = ran(flow(nodes, "start->loop loop.body->ask loop->other", steps=2))
    assert (broken(turn).node_id, broken(turn).code) == ("other", "run-limit")


def test_a_question_that_was_called_off_bars_no_other(
    ports: Ports, model_server: ModelServer
) -> None:
    model_server.reply(Reply(hang=True))
    nodes = {
        **START,
        "loop": ("loop", {"items": "{{[1]}}", "on_error": "branch"}),
        "speaks": ("llm", {"prompt": "x", "streams": True}),
        "later": ("delay", {"seconds": 0.02}),
        "ask": ask("Who waits for the speaker?"),
        "wait": ("delay", {"seconds": 0.3}),
        "bad": ("template", {"template": "{{input * 2}}"}),
        "sorry": ask("Your mail?"),
    }
    edges = "start->loop loop.body->speaks loop.body->later later->ask loop.body->wait wait->bad"
    turn = ran(flow(nodes, f"{edges} loop.error->sorry"), ports=ports)
    assert step(turn, "ask").status == "stopped"
    assert (turn.text, turn.waits) == ("Your mail?", True)
    assert turn.kept["frame"]["waiting"].keys() == {"sorry"}


def test_a_round_that_fails_after_the_answer_leaves_the_loop_by_its_branch() -> None:
    nodes = {
        **START,
        "loop": ("loop", {"items": "{{['name', 'age']}}", "on_error": "branch"}),
        "ask": ask("Your {{loop.item}}?"),
        "count": ("template", {"template": "{{loop.index * 2 - ask}}"}),
        "sorry": say("Sorry. {{loop.error}}"),
        "end": say("{{loop.count}} answers"),
    }
    edges = "start->loop loop.body->ask ask->count loop->end loop.error->sorry"
    turns = conversation(flow(nodes, edges), "Hi", "1", "old")
    assert [each.text for each in turns[:2]] == ["Your name?", "Your age?"]
    assert turns[2].text.startswith("Sorry. count: Text, column 18:")
    assert not turns[2].waits


def test_another_flow_tells_which_node_in_which_loop_has_failed() -> None:
    nodes = {
        **START,
        "loop": ("loop", {"items": "{{[1]}}", "on_error": "branch"}),
        "api": ask_api(),
        "again": ask_api(label="Ask again"),
    }
    inner = flow(nodes, "start->loop loop.body->api loop.error->again")
    outer = flow(
        {
            **START,
            "sub1": ("subflow", {"chatflow_id": OTHER, "on_error": "branch"}),
            "end": say("{{sub1.error}}"),
        },
        "start->sub1 sub1.error->end",
    )
    turn = ran(outer, ports=served(Server(), inner))
    assert turn.text == "Ask again: Address: It is out of order."
    assert [step(turn, f"sub1/{each}").status for each in ("loop", "api", "again")] == [
        "handled",
        "failed",
        "failed",
    ]


@pytest.mark.parametrize(("failures", "text"), [(2, "in order"), (3, "Sorry")])
def test_a_way_on_is_taken_after_all_tries(
    failures: int, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    nodes = {
        **START,
        "api": ask_api(retries=2, on_error="branch"),
        "end": say("{{api}}"),
        "sorry": say("Sorry"),
    }
    server = Server(failures)
    turn = ran(flow(nodes, "start->api api->end api.error->sorry"), ports=served(server))
    assert (turn.text, len(server.asked)) == (text, 3)
    assert caplog.text == ""


def test_what_takes_too_long_is_left_by_its_branch_and_by_the_limit_of_the_run() -> None:
    nodes = {
        **START,
        "api": ask_api(timeout_seconds=1, on_error="branch"),
        "sorry": say("{{api.error}}"),
    }
    server = Server(hangs=True)
    turn = ran(flow(nodes, "start->api api.error->sorry"), ports=served(server))
    assert (turn.text, step(turn, "api").status) == ("It took longer than 1 seconds.", "handled")
    turn = ran(flow(nodes, "start->api api.error->sorry", seconds=0.1), ports=served(server))
    assert (broken(turn).code, step(turn, "api").status) == ("run-timeout", "stopped")
    assert server.left == 2


@pytest.mark.parametrize("on_error", ["branch", "continue"])
def test_nothing_goes_on_once_nobody_listens(on_error: str) -> None:
    nodes = {
        **START,
        "loop": ("parallel", {"items": "{{[1, 2]}}", "on_error": on_error}),
        "api": ask_api(retries=5, on_error=on_error),
        "end": say("Never said"),
    }
    server = Server(hangs=True)
    events: list[RunEvent] = []

    async def until_both_wait() -> None:
        made = flow(nodes, "start->loop loop.body->api loop->end loop.error->end")
        run = Run(made, "start", Turn("Hi"), served(server))
        async with aclosing(run.events()) as told:
            async for event in told:
                events.append(event)
                if sum(isinstance(e, StepStarted) and e.node_id == "api" for e in events) > 1:
                    await asyncio.sleep(0)  # for both to be sent
                    break

    asyncio.run(until_both_wait())
    assert len(server.asked) == server.left == 2
    assert "end" not in {each.node_id for each in events if isinstance(each, StepStarted)}


@pytest.mark.parametrize("kind", sorted(RUNNING))
@pytest.mark.parametrize("on_error", ["stop", "branch", "continue"])
def test_what_fails_because_it_is_called_off_is_not_gone_around(kind: str, on_error: str) -> None:
    class Stubborn(Server):
        async def send(self, request: Request) -> Response:
            self.asked.append(request.url)
            try:
                await asyncio.sleep(30)
            except asyncio.CancelledError:
                raise RequestError("It was cut off.", permanent=False) from None
            return Response(200, {}, b"")

    nodes = {
        **START,
        "loop": (kind, {"items": "{{[1, 2]}}", "on_error": on_error}),
        "api": ask_api(on_error=on_error, retries=2),
        "end": say("Never said"),
    }
    made = flow(nodes, "start->loop loop.body->api loop->end loop.error->end", seconds=0.1)
    server = Stubborn()
    turn = ran(made, ports=served(server))
    assert (broken(turn).code, turn.text) == ("run-timeout", "")
    assert {each.status for each in turn.steps} == {"ok", "stopped"}
    assert len(server.asked) == (2 if kind == "parallel" else 1)


def test_the_limit_of_the_run_holds_after_a_fault_too() -> None:
    nodes = {
        **START,
        "loop": ("parallel", {"items": "{{[1, 2]}}", "on_error": "continue"}),
        "later": ("delay", {"seconds": 0.05}),
        "api": ask_api(),
        "wait": ("delay", {"seconds": 30}),
    }
    edges = "start->loop loop.body->later later->api loop->wait"
    turn = ran(flow(nodes, edges, seconds=0.3), ports=served(Server()))
    assert (broken(turn).code, step(turn, "wait").status) == ("run-timeout", "stopped")


def test_a_fault_of_ours_leaves_no_node_that_seems_to_run() -> None:
    class Faulty(Server):
        async def send(self, request: Request) -> Response:
            raise ZeroDivisionError(request.url)

    made = flow({**START, "api": ask_api(on_error="continue")}, "start->api")
    turn = Told()

    async def heard() -> None:
        run = Run(made, "start", Turn("Hi"), served(Faulty()))
        async with aclosing(run.events()) as events:
            async for event in events:
                turn.events.append(event)

    with pytest.raises(ZeroDivisionError):
        asyncio.run(heard())
    assert [step(turn, each).status for each in ("start", "api")] == ["ok", "stopped"]


def test_what_was_said_is_not_said_again(ports: Ports, model_server: ModelServer) -> None:
    """Neither where a speaker takes too long, nor where another flow fails after it spoke."""
    model_server.reply(Reply(chunks=tuple("abcdefghijklmnopqrstuvwxyz"), token_ms=200))
    speaks = ("llm", {"prompt": "x", "streams": True, "timeout_seconds": 1, "retries": 2})
    turn = ran(flow({**START, "llm1": speaks}, "start->llm1"), ports=ports)
    assert turn.text
    assert "abcdefghijklmnopqrstuvwxyz".startswith(turn.text)
    assert (broken(turn).code, len(model_server.chats)) == ("upstream-timeout", 1)

    server = Server()
    inner = flow({**START, "hello": say("Hello."), "api": ask_api()}, "start->hello hello->api")
    for speaking, times in ((True, 1), (False, 3)):
        settings = {"chatflow_id": OTHER, "speaks": speaking, "retries": 2, "on_error": "continue"}
        outer = flow(
            {**START, "sub1": ("subflow", settings), "end": say("End.")}, "start->sub1 sub1->end"
        )
        server.asked.clear()
        turn = ran(outer, ports=served(server, inner))
        assert turn.text == ("Hello.\n\nEnd." if speaking else "End.")
        assert len(server.asked) == times


def test_a_tool_is_not_used_again_where_its_agent_takes_too_long(
    ports: Ports, model_server: ModelServer
) -> None:
    model_server.reply(Reply(calls=(("look", {}),)), Reply(hang=True))
    tool = {"id": "look", "name": "look", "description": "Looks it up"}
    settings = {"tools": [tool], "timeout_seconds": 1, "retries": 3, "on_error": "continue"}
    nodes = {**START, "agent1": ("agent", settings), "note": say("Looked."), "end": say("End.")}
    turn = ran(flow(nodes, "start->agent1 agent1.look->note agent1->end"), ports=ports)
    assert turn.text == "Looked.\n\nEnd."
    assert step(turn, "agent1").status == "handled"
