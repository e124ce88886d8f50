"""Whose turn it is on the few threads of a worker that long work may have."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass
from threading import Lock

# Seconds for which a place in the line is kept for whoever does not come back.
PATIENCE = 5.0


@dataclass(frozen=True)
class _Waiting:
    owner: str
    asked_at: float


class Turns:
    """``many`` at once, at most ``each`` of them one owner's, so that what waits for ever stops
    nobody else; shared evenly between owners, however much each of them has to do. Of what one
    owner has, who was turned away first is let in first: work that takes one turn after another
    goes to the end of the line each time."""

    def __init__(self, many: int, each: int) -> None:
        self._free, self._each = many, each
        self._line: dict[str, _Waiting] = {}
        self._busy = Counter[str]()
        self._lock = Lock()

    def take(self, name: str, owner: str) -> bool:
        """Begin ``name``'s turn; False when all are taken, or others come first. Whoever is turned
        away keeps the place in the line by asking again soon."""
        now = time.monotonic()
        with self._lock:
            line = self._line.items()
            self._line = {one: it for one, it in line if now - it.asked_at < PATIENCE}
            self._line[name] = _Waiting(owner, now)
            if name not in self._order()[: self._free]:
                return False
            del self._line[name]
            self._free -= 1
            self._busy[owner] += 1
            return True

    def end(self, owner: str) -> None:
        """End a turn that was begun for the owner."""
        with self._lock:
            self._free += 1
            self._busy[owner] -= 1
            if not self._busy[owner]:
                del self._busy[owner]

    def _order(self) -> list[str]:
        """Who comes when: the first of each owner, then the second of each, and none beyond what an
        owner may have. What an owner is at already is counted before."""
        had, ranks = Counter(self._busy), {}
        for name, waiting in self._line.items():
            had[waiting.owner] += 1
            ranks[name] = had[waiting.owner]
        may = [name for name, rank in ranks.items() if rank <= self._each]
        return sorted(may, key=ranks.__getitem__)
