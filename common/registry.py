"""A named collection that apps fill in ``AppConfig.ready()`` and the core reads."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

T = TypeVar("T")


class DuplicateNameError(ValueError):
    """Two items were registered under one name."""


class UnknownNameError(LookupError):
    """No item is registered under that name."""


class Registry(Generic[T]):
    """Items of one kind by name, in the order they were registered."""

    def __init__(self, what: str) -> None:
        self.what = what
        self._items: dict[str, T] = {}

    def __iter__(self) -> Iterator[T]:
        return iter(self._items.values())

    def __contains__(self, name: str) -> bool:
        return name in self._items

    def names(self) -> list[str]:
        return list(self._items)

    def register(self, name: str, item: T) -> T:
        """Add ``item``; raises ``DuplicateNameError`` when the name is taken."""
        if name in self._items:
            raise DuplicateNameError(f"{self.what} {name!r} is registered twice")
        self._items[name] = item
        return item

    def get(self, name: str) -> T:
        """The item called ``name``; raises ``UnknownNameError`` listing the known names."""
        try:
            return self._items[name]
        except KeyError:
            known = ", ".join(sorted(self._items)) or "none"
            raise UnknownNameError(f"no {self.what} {name!r} (known: {known})") from None

    @contextmanager
    def temporarily(self, name: str, item: T) -> Iterator[T]:
        """Register, in place of another if need be, for a ``with`` block. For tests."""
        before = dict(self._items)
        self._items[name] = item
        try:
            yield item
        finally:
            self._items = before
