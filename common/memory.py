"""What a process remembers so as not to ask or work it out again: a little, for all its threads."""

from __future__ import annotations

import hashlib
import secrets
from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

_HASH_KEY = secrets.token_bytes(32)

K = TypeVar("K", bound="Hashable")
V = TypeVar("V")


class Memory(Generic[K, V]):
    """At most ``most`` values by key, or, where ``weigh`` says what one counts, as many as come to
    ``most``; the one that nobody asked for the longest goes first. Any number of threads may use it
    at once. None is not a value.
    """

    def __init__(self, most: int, weigh: Callable[[K, V], int] | None = None) -> None:
        self.most = most
        self._weigh = weigh or (lambda _key, _value: 1)
        self._weight = 0
        self._kept: OrderedDict[K, V] = OrderedDict()
        self._lock = Lock()

    def get(self, key: K) -> V | None:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def keep(self, key: K, value: V) -> V:
        """Keep ``value`` in place of what was there; gives it back."""
        with self._lock:
            return self._put(key, value)

    def get_or(self, key: K, make: Callable[[], V]) -> V:
        """The value, made if need be. Nobody is kept waiting while it is made: two threads may
        both make one, and both are given the same."""
        found = self.get(key)
        if found is not None:
            return found
        made = make()
        with self._lock:
            return self._put(key, self._kept.get(key, made))

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()
            self._weight = 0

    def _put(self, key: K, value: V) -> V:
        before = self._kept.pop(key, None)
        if before is not None:
            self._weight -= self._weigh(key, before)
        self._kept[key] = value
        self._weight += self._weigh(key, value)
        while self._weight > self.most:
            self._weight -= self._weigh(*self._kept.popitem(last=False))
        return value


def opaque_key(*parts: str) -> bytes:
    """A key made of ``parts`` by a keyed hash: secrets among them cannot be read from it, and it
    is another one in every process."""
    whole = "\0".join(f"{len(part)}:{part}" for part in parts)
    return hashlib.blake2b(whole.encode(errors="surrogatepass"), key=_HASH_KEY).digest()
