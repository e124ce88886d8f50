"""Whose turn it is on the few threads of a worker that long work may have."""

from __future__ import annotations

import time
from threading import Lock

# Seconds for which a place in the line is kept for whoever does not come back.
PATIENCE = 5.0


class Turns:
    """``many`` at once, and who was turned away first is let in first: work that takes one turn
    after another goes to the end of the line each time."""

    def __init__(self, many: int) -> None:
        self._free = many
        self._line: dict[str, float] = {}
        self._lock = Lock()

    def take(self, name: str) -> bool:
        """Begin ``name``'s turn; False when all are taken, or others were here before. Whoever is
        turned away keeps the place in the line by asking again soon."""
        now = time.monotonic()
        with self._lock:
            self._line = {one: at for one, at in self._line.items() if now - at < PATIENCE}
            before = list(self._line).index(name) if name in self._line else len(self._line)
            if self._free <= before:
                self._line[name] = now
                return False
            self._line.pop(name, None)
            self._free -= 1
            return True

    def end(self) -> None:
        """End a turn that was begun."""
        with self._lock:
            self._free += 1
