"""What a node costs that waits for nobody, in our executor and in LangGraph, in turns.

``python -m bench.executor PYTHON``: PYTHON is an interpreter that has LangGraph (``python3 -m venv
elsewhere && elsewhere/bin/pip install langgraph``). Three graphs of a hundred nodes, each of which
counts a variable up or looks at one: a chain, a chain of conditions, and all side by side.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from statistics import median

ROUNDS = 10
GRAPHS = ("chain", "branches", "fan")
THEIRS = Path(__file__).with_name("executor_langgraph.py")


def main() -> int:
    if len(sys.argv) != 2:
        print(__doc__)
        return 2
    ours, theirs = [sys.executable, "-m", "bench.executor_ours"], [sys.argv[1], str(THEIRS)]
    for graph in GRAPHS:
        found: dict[int, list[float]] = {0: [], 1: []}
        for number in range(ROUNDS):
            for which in (0, 1) if number % 2 else (1, 0):
                found[which].append(measured([*(ours, theirs)[which], graph]))
        us, them = median(found[0]), median(found[1])
        print(f"{graph:9} ours {us:6.1f} µs a node, LangGraph {them:6.1f} µs: 1 to {them / us:.1f}")
    return 0


def measured(command: list[str]) -> float:
    """Microseconds for each node."""
    place = os.environ | {"DJANGO_SETTINGS_MODULE": "privexbot.settings"}
    done = subprocess.run(command, env=place, check=True, capture_output=True, text=True)
    return float(done.stdout.split()[-1])


if __name__ == "__main__":
    sys.exit(main())
