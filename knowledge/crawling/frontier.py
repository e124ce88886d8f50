"""What is still to be visited, nearest first, each page once."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from knowledge.crawling.addresses import key_of, normalised

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


@dataclass(frozen=True)
class Entry:
    """A page to visit; ``depth`` links away from the start."""

    url: str
    depth: int


class Frontier:
    """``admits`` says which addresses are wanted at all; at most ``most`` wait at a time."""

    def __init__(self, most: int, admits: Callable[[str], bool]) -> None:
        self._most = most
        self._admits = admits
        self._waiting: deque[Entry] = deque()
        self._seen: set[str] = set()
        self._visited: set[str] = set()

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, addresses: Iterable[str], depth: int, base: str = "") -> None:
        """Whatever of ``addresses`` is wanted and new. Nearer pages are added first."""
        for address in addresses:
            if len(self._waiting) >= self._most:
                return
            url = normalised(address, base)
            if url and self._is_new(url):
                self._seen.add(key_of(url))
                self._waiting.append(Entry(url, depth))

    def take(self) -> Entry | None:
        """The next one, None when there is none."""
        while self._waiting:
            entry = self._waiting.popleft()
            if key_of(entry.url) not in self._visited:
                return entry
        return None

    def visit(self, url: str) -> bool:
        """Note that the page was visited, under whatever address; False when it was before."""
        key = key_of(url)
        is_new = key not in self._visited
        self._visited.add(key)
        return is_new

    def _is_new(self, url: str) -> bool:
        key = key_of(url)
        return key not in self._seen and key not in self._visited and self._admits(url)
