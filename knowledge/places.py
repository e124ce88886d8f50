"""How many things a process works on at once, and how many of these are one owner's."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from threading import Condition
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class Places:
    """``many`` places, of which an owner has at most ``each``: where one of them waits, say for a
    server that never answers, there are places for the others."""

    def __init__(self, many: int, each: int) -> None:
        self._many, self._each = many, each
        self._taken = Counter[str]()
        self._changed = Condition()

    @contextmanager
    def one(self, owner: str, patience: float = 0) -> Iterator[bool]:
        """Have a place while the block runs, once there is one; False where there is none within
        ``patience`` seconds."""
        with self._changed:
            has_one = self._changed.wait_for(lambda: self._is_free_for(owner), patience)
            if has_one:
                self._taken[owner] += 1
        try:
            yield has_one
        finally:
            if has_one:
                self._give_back(owner)

    def _is_free_for(self, owner: str) -> bool:
        return self._taken.total() < self._many and self._taken[owner] < self._each

    def _give_back(self, owner: str) -> None:
        with self._changed:
            self._taken[owner] -= 1
            self._taken = +self._taken
            self._changed.notify_all()
