"""Microseconds a node in our executor, for one of the graphs of ``bench.executor``."""

from __future__ import annotations

import asyncio
import sys
from itertools import pairwise
from time import perf_counter
from typing import Any

import bench.ready  # noqa: F401 (what follows imports models)
from chatflows.executor.flow import Flow, FlowNode, Limits, flow_of
from chatflows.executor.graph import Edge
from chatflows.executor.ports import Ports
from chatflows.executor.run import Run
from chatflows.nodes import BY_KIND
from conversations.turn import Turn

NODES, WARM, RUNS = 100, 3, 20
NAMES = [f"n{number}" for number in range(NODES)]
NOBODY: Any = None


def flow(graph: str) -> Flow:
    match graph:
        case "branches":
            nodes = [node(name, "condition", condition="x < 1000") for name in NAMES]
            edges = [Edge(a, b, "true") for a, b in pairwise(NAMES)]
        case "chain":
            nodes = [counting(name) for name in NAMES]
            edges = [Edge(a, b) for a, b in pairwise(NAMES)]
        case _:
            nodes = [counting(name) for name in NAMES]
            edges = [Edge("start", name) for name in NAMES[1:]]
    every = [node("start", "trigger"), *nodes]
    return flow_of(every, [Edge("start", NAMES[0]), *edges], {"x": 0}, Limits(steps=10 * NODES))


def counting(name: str) -> FlowNode:
    return node(name, "variable", variable="x", operation="increment")


def node(name: str, kind: str, **settings: Any) -> FlowNode:
    found = BY_KIND[kind]
    return FlowNode(name, found, found.settings.model_validate(settings))


async def measured(made: Flow) -> float:
    for _ in range(WARM):
        await run(made)
    began = perf_counter()
    for _ in range(RUNS):
        await run(made)
    return (perf_counter() - began) / RUNS / NODES * 1e6


async def run(made: Flow) -> None:
    async for _event in Run(made, "start", Turn("hi"), Ports(NOBODY, NOBODY, NOBODY)).events():
        pass


if __name__ == "__main__":
    print(asyncio.run(measured(flow(sys.argv[1]))))
