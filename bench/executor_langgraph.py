"""The same in LangGraph. Runs in an interpreter of its own, without the product."""

from __future__ import annotations

import asyncio
import operator
import sys
from itertools import pairwise
from time import perf_counter
from typing import Annotated, Any, TypedDict

from langgraph.graph import END, START, StateGraph

NODES, WARM, RUNS = 100, 3, 20
NAMES = [f"n{number}" for number in range(NODES)]


class State(TypedDict):
    x: Annotated[int, operator.add]


async def count(_state: State) -> dict[str, int]:
    return {"x": 1}


def forward(state: State) -> str:
    return "true" if state["x"] < 1000 else "false"


def graph(shape: str) -> Any:
    made: Any = StateGraph(State)
    for name in NAMES:
        made.add_node(name, count)
    made.add_edge(START, NAMES[0])
    for before, after in pairwise(NAMES):
        if shape == "branches":
            made.add_conditional_edges(before, forward, {"true": after, "false": END})
        else:
            made.add_edge(before if shape == "chain" else START, after)
    return made.compile()


async def measured(made: Any) -> float:
    for _ in range(WARM):
        await run(made)
    began = perf_counter()
    for _ in range(RUNS):
        await run(made)
    return (perf_counter() - began) / RUNS / NODES * 1e6


async def run(made: Any) -> None:
    config = {"recursion_limit": 10 * NODES}
    async for _event in made.astream({"x": 0}, config, stream_mode="updates"):
        pass


if __name__ == "__main__":
    print(asyncio.run(measured(graph(sys.argv[1]))))
