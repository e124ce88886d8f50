"""However a flow is written, a run stays small, and the others of the process have their turns."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from chatflows.executor import midst
from chatflows.executor.budget import LIGHT_WORK, Budget
from chatflows.executor.events import Broken, Ended
from chatflows.executor.flow import Limits
from chatflows.executor.pacing import Pace
from chatflows.executor.run import Run
from conversations.turn import Turn
from tests.chatflows.executor.flows import NOWHERE, Told, flow, ran
from tests.chatflows.executor.flows import told as told_of
from tests.support.processor import takes_at_most

START: tuple[str, dict[str, Any]] = ("trigger", {})
END = ("response", {"message": "Done."})
ROUND_AND_ROUND = "start->loop loop.body->body body->loop loop->end"
LOOP = ("loop", {"mode": "while", "condition": "true", "max_iterations": 100})
LONG = "a" * 60_000


def step(kind: str, known: dict[str, Any], **settings: Any) -> Told:
    """A run of one node in which the variables ``known`` are known."""
    nodes = {"start": START, "step": (kind, settings)}
    return ran(flow(nodes, "start->step", variables=known), "Hi")


def stopped(told: Told) -> str:
    """Why the run ended early."""
    assert isinstance(told.end, Broken)
    return told.end.message


@pytest.mark.parametrize(
    "expression",
    [f"[{', '.join(['a'] * 100)}]", f"concat({', '.join(['[a]'] * 60)})", "[b, b, b] + [b, b]"],
)
def test_a_list_holds_a_text_no_more_often_than_it_can_be_written(expression: str) -> None:
    """A list takes no room for what it only refers to, and lists of lists of it grow by powers."""
    known = {"a": LONG, "b": [LONG] * 10}
    told = step("variable", known, variable="c", value=f"{{{{{expression}}}}}")
    assert "the list would be larger than 1 MB" in stopped(told)


def test_a_text_is_not_put_together_without_end() -> None:
    assert "longer than" in stopped(step("template", {"a": LONG}, template="{{a}}" * 100))


def test_a_variable_holds_no_more_than_can_be_kept() -> None:
    known = {"a": [LONG] * 16, "many": [[LONG] * 16] * 4}
    told = step("variable", known, variable="many", operation="append", value="{{a}}")
    assert "larger than 4 MB" in stopped(told)


def test_all_values_of_a_run_have_one_room() -> None:
    nodes = {"start": START, "loop": LOOP, "body": ("template", {"template": "{{a}}" * 15})}
    told = ran(flow(nodes, "start->loop loop.body->body", rounds=100, variables={"a": LONG}), "Hi")
    assert "All values of a run come to 32 MB" in stopped(told)


def test_what_lasts_until_the_next_message_has_a_room_of_its_own() -> None:
    large = [LONG] * 16
    nodes = {"start": START, "ask": ("collect_input", {"question": "And?"})}
    few, many = ({f"v{number}": large for number in range(count)} for count in (4, 5))
    assert isinstance(ran(flow(nodes, "start->ask", variables=few)).end, Ended)
    told = ran(flow(nodes, "start->ask", variables=many))
    assert "remembered until the next message comes to 4 MB at most" in stopped(told)


@pytest.mark.parametrize(
    "expression",
    [f"length([{', '.join(['sort(n)'] * 60)}])", "[o] in many", "sort(more)"],
)
def test_an_expression_works_no_longer_than_it_may(expression: str) -> None:
    known = {
        "n": [str(number) for number in range(10_000)],
        "more": list(range(500_000)),
        "o": list(range(100_000)),
        "many": [[]] * 10_000,
    }
    with takes_at_most(2):
        told = step("template", known, template=f"{{{{{expression}}}}}")
    assert "too long to work out" in stopped(told)


def test_all_expressions_of_a_run_have_one_time() -> None:
    known = {"n": [str(number) for number in range(5_000)]}
    nodes = {"start": START, "loop": LOOP, "body": ("template", {"template": "{{sort(n)}}" * 4})}
    told = ran(
        flow(nodes, "start->loop loop.body->body", variables=known, rounds=100, work=0.2), "Hi"
    )
    assert "too long to work out" in stopped(told)


def test_reading_what_is_written_takes_no_longer_than_a_run_may_work() -> None:
    """Each text is read once and kept, but nobody else goes on while it is."""
    each_other = ["{{" + "??".join([f"a{number}", *["a"] * 100]) + "}}" for number in range(2500)]
    fields = [
        {"name": f"f{number}", "value": "".join(each_other[50 * number :][:50])}
        for number in range(50)
    ]
    with takes_at_most(3):
        told = step("template", {}, template="Hi", fields=fields)
    assert "too long to work out" in stopped(told)


def test_a_value_is_weighed_once_however_many_settings_come_to_it() -> None:
    fields = [{"name": f"f{number}", "value": "{{many}}"} for number in range(50)]
    with takes_at_most(1.5):
        told = step("template", {"many": [[]] * 350_000}, template="Hi", fields=fields)
    assert "All values of a run come to 32 MB" in stopped(told)


def test_a_run_rests_for_the_time_that_its_values_took_to_weigh() -> None:
    budget = Budget(Limits())
    budget.hold([[]] * 350_000)
    assert budget.work == 0
    assert budget.to_rest() > 0


async def test_others_have_their_turn_between_steps_that_wait_for_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(midst, "TURN", 0.0)
    nodes = {"start": START, "loop": LOOP, "body": ("template", {"template": "x"}), "end": END}
    running = flow(nodes, ROUND_AND_ROUND, rounds=100)
    turns, is_over = 0, asyncio.Event()

    async def other() -> None:
        nonlocal turns
        while not is_over.is_set():
            turns += 1
            await asyncio.sleep(0)

    beside = asyncio.ensure_future(other())
    told = await told_of(Run(running, "start", Turn("Hi"), NOWHERE))
    is_over.set()
    await beside
    assert isinstance(told.end, (Broken, Ended))
    assert turns > 90


async def test_runs_that_work_much_leave_half_of_the_time_to_others() -> None:
    """However many there are: the more, the longer each of them takes."""
    pace = Pace()
    loop = asyncio.get_running_loop()
    began = loop.time()
    await asyncio.gather(*(pace.after(0.01) for _run in range(10)))
    assert loop.time() - began >= 10 * 0.02 - 0.01


def test_a_run_that_works_little_need_not_rest() -> None:
    budget = Budget(Limits())
    with budget.working():
        pass
    assert budget.to_rest() == 0
    budget.work = 2 * LIGHT_WORK
    assert budget.to_rest() > 0
    assert budget.to_rest() == 0


async def test_nobody_waits_for_the_work_of_a_run_that_is_called_off() -> None:
    pace = Pace()
    waiting = [asyncio.ensure_future(pace.after(0.05)) for _run in range(10)]
    await asyncio.sleep(0)
    for run in waiting:
        run.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    loop = asyncio.get_running_loop()
    began = loop.time()
    await pace.after(0.0)
    assert loop.time() - began < 10 * 0.05 + 0.05
