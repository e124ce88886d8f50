"""Random flows, run by the executor and by an interpreter that is too simple to be wrong."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from chatflows.executor.events import Broken
from tests.chatflows.executor.flows import flow, ran

if TYPE_CHECKING:
    from chatflows.executor.flow import Flow

MANY: dict[str, Any] = {"steps": 10_000, "rounds": 100, "seconds": 60}


# Graphs without loops: what runs, by the rule alone.


@dataclass(frozen=True)
class Drawn:
    """``leads`` are the edges from each node; of two handles the even numbers take ``true``."""

    size: int
    leads: tuple[tuple[int, int, str], ...]


@st.composite
def drawn(draw: st.DrawFn) -> Drawn:
    size = draw(st.integers(2, 14))
    pairs = [(a, b) for a in range(size) for b in range(a + 1, size)]
    chosen = draw(st.lists(st.sampled_from(pairs), max_size=30, unique=True))
    handles = draw(st.lists(st.sampled_from(["true", "false"]), min_size=30, max_size=30))
    return Drawn(size, tuple((a, b, h) for (a, b), h in zip(chosen, handles, strict=False)))


def expected(graph: Drawn) -> list[int]:
    """A node runs when an edge from a node that ran, by the handle that it was left by, leads to
    it."""
    ran_: list[int] = []
    for node in range(graph.size):
        come = any(
            a in ran_ and (a == 0 or handle == ("true" if a % 2 == 0 else "false"))
            for a, b, handle in graph.leads
            if b == node
        )
        if node == 0 or come:
            ran_.append(node)
    return ran_


def as_flow(graph: Drawn) -> Flow:
    nodes: dict[str, tuple[str, dict[str, Any]]] = {"n0": ("trigger", {})}
    nodes |= {f"n{n}": ("condition", {"condition": f"{n} % 2 == 0"}) for n in range(1, graph.size)}
    edges = [f"n{a}->n{b}" if a == 0 else f"n{a}.{h}->n{b}" for a, b, h in graph.leads]
    return flow(nodes, " ".join(edges), **MANY)


@given(drawn())
@settings(max_examples=300, deadline=None)
def test_the_nodes_that_run_are_those_that_are_reached(graph: Drawn) -> None:
    turn = ran(as_flow(graph), start="n0")
    assert sorted(turn.ran, key=lambda name: int(name[1:])) == [f"n{n}" for n in expected(graph)]
    assert len(set(turn.ran)) == len(turn.ran)


# Programs with branches and loops in each other: what they come to.


@dataclass(frozen=True)
class Add:
    number: int


@dataclass(frozen=True)
class If:
    then: Block
    otherwise: Block


@dataclass(frozen=True)
class Repeat:
    """``on_error`` is what happens where something in it fails; then with ``branch`` there comes
    the block ``rescue``."""

    times: int
    block: Block
    on_error: str
    rescue: Block


@dataclass(frozen=True)
class FailIfOdd:
    """Fails where the total is odd."""


@dataclass(frozen=True)
class Each:
    """A node with several bodies, each run once."""

    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Map:
    """Works something out for each number, side by side, and adds it all up."""

    times: int


@dataclass(frozen=True)
class Ask:
    """Adds the number that whoever chats says."""


Block = tuple[Any, ...]
on_errors = st.sampled_from(["stop", "branch", "continue"])
statements: st.SearchStrategy[Any] = st.deferred(
    lambda: (
        st.builds(Add, st.integers(1, 9))
        | st.builds(Ask)
        | st.builds(Map, st.integers(0, 6))
        | st.builds(If, blocks, blocks)
        | st.builds(Repeat, st.integers(0, 3), blocks, on_errors, blocks)
        | st.builds(FailIfOdd)
        | st.builds(Each, st.lists(blocks, max_size=3).map(tuple))
    )
)
blocks: st.SearchStrategy[Block] = st.lists(statements, max_size=3).map(tuple)


class FailedError(Exception):
    pass


@dataclass
class Interpreter:
    """``total`` is what the program comes to. Everything keeps it small, so that nothing is
    rounded."""

    said: list[int]
    total: int = 1

    def block(self, block: Block) -> None:
        for each in block:
            match each:
                case If(then, otherwise):
                    self.block(then if self.total % 2 == 0 else otherwise)
                case Repeat():
                    self.repeat(each)
                case Each(all_of_them):
                    self.block(sum(all_of_them, ()))
                case FailIfOdd():
                    if self.total % 2:
                        raise FailedError
                case _:
                    self.total = self.counted(each) % 997

    def counted(self, each: Add | Ask | Map) -> int:
        match each:
            case Add(number):
                return self.total * 3 + number
            case Ask():
                return self.total * 3 + self.said.pop(0)
            case Map(times):
                return sum((self.total * 3 + item) % 997 for item in range(times))

    def repeat(self, loop: Repeat) -> None:
        try:
            for _ in range(loop.times):
                self.block(loop.block)
        except FailedError:
            if loop.on_error == "stop":
                raise
            self.block(loop.rescue if loop.on_error == "branch" else ())


@dataclass
class Compiler:
    """The program as nodes and edges, as somebody would draw it."""

    nodes: dict[str, tuple[str, dict[str, Any]]] = field(
        default_factory=lambda: {"start": ("trigger", {})}
    )
    edges: list[str] = field(default_factory=list)

    def block(self, block: Block, ends: list[str]) -> list[str]:
        """Hangs the block on ``ends``; gives where the next one hangs."""
        for each in block:
            match each:
                case If(then, otherwise):
                    which = self.node(ends, "condition", {"condition": "total % 2 == 0"})
                    ends = self.block(then, [f"{which}.true"])
                    ends += self.block(otherwise, [f"{which}.false"])
                case Repeat():
                    ends = self.repeat(each, ends)
                case FailIfOdd():
                    fails = {"template": "{{1 / (1 - total % 2)}}"}
                    ends = [self.node(ends, "template", fails)]
                case Each(all_of_them):
                    ends = self.each(all_of_them, ends)
                case _:
                    ends = self.counting(each, ends)
        return ends

    def repeat(self, each: Repeat, ends: list[str]) -> list[str]:
        items = "{{" + str(list(range(each.times))) + "}}"
        loop = self.node(ends, "loop", {"items": items, "on_error": each.on_error})
        for end in self.block(each.block, [f"{loop}.body"]):
            self.edges.append(f"{end}->{loop}")
        if each.on_error != "branch":
            return [loop]
        return [loop, *self.block(each.rescue, [f"{loop}.error"])]

    def counting(self, each: Add | Ask | Map, ends: list[str]) -> list[str]:
        match each:
            case Add(number):
                return self.add(ends, str(number))
            case Ask():
                asked = self.node(ends, "collect_input", {"question": "?"})
                return self.add([asked], f"(number({asked}) * 1)")
            case Map(times):
                return self.side_by_side(times, ends)

    def each(self, blocks: tuple[Block, ...], ends: list[str]) -> list[str]:
        ways = [f"w{number}" for number in range(len(blocks))]
        node = self.node(ends, "each", {"ways": ways})
        for way, inside in zip(ways, blocks, strict=True):
            self.block(inside, [f"{node}.{way}"])
        return [node]

    def side_by_side(self, times: int, ends: list[str]) -> list[str]:
        """Two nodes for each item, the second of which reads what the first gave in its round."""
        inner, last = f"n{len(self.nodes) + 1}", f"n{len(self.nodes) + 2}"
        items = {"items": "{{" + f"range(0, {times})" + "}}", "result": "{{" + f"{last}.v" + "}}"}
        node = self.node(ends, "parallel", items | {"at_once": 3})
        for name, end, value in (
            (inner, f"{node}.body", f"total * 3 + {node}.item"),
            (last, inner, f"{inner}.v % 997"),
        ):
            field_ = {"name": "v", "value": "{{" + value + "}}"}
            assert self.node([end], "template", {"fields": [field_]}) == name
        value = "{{" + f"sum({node}.results) % 997" + "}}"
        return [self.node([node], "variable", {"variable": "total", "value": value})]

    def add(self, ends: list[str], what: str) -> list[str]:
        value = "{{(total * 3 + " + what + ") % 997}}"
        return [self.node(ends, "variable", {"variable": "total", "value": value})]

    def node(self, ends: list[str], kind: str, set_: dict[str, Any]) -> str:
        name = f"n{len(self.nodes)}"
        self.nodes[name] = (kind, set_)
        self.edges += [f"{end}->{name}" for end in ends]
        return name


@given(blocks, st.integers(0, 2**32))
@settings(max_examples=300, deadline=None)
def test_programs_come_to_the_same(block: Block, seed: int) -> None:
    numbers = random.Random(seed)
    said = [numbers.randrange(100) for _ in range(3000)]
    compiler = Compiler()
    ends = compiler.block(block, ["start"])
    compiler.node(ends, "response", {"message": "={{total}}"})
    made = flow(compiler.nodes, " ".join(compiler.edges), variables={"total": 1}, **MANY)
    answers = list(said)
    turn = ran(made)
    while turn.waits:
        turn = ran(made, str(answers.pop(0)), kept=turn.kept)
    interpreter = Interpreter(said)
    try:
        interpreter.block(block)
    except FailedError:
        assert isinstance(turn.end, Broken)
    else:
        assert turn.text == f"={interpreter.total}"
