"""How a function joins the language. Each takes plain values, gives one, and changes nothing.

What a function cannot take raises ``UnfitError``. A text or list is as long as ``values`` allows.
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Function:
    """``example`` shows how it is used, for the editor and the documentation."""

    name: str
    call: Callable[..., Any]
    example: str
    help: str
    least: int
    most: int | None
    takes_by_name: tuple[str, ...]

    @property
    def signature(self) -> str:
        """``split(text, separator)``; what may come again ends with …"""
        return f"{self.name}({', '.join(self.takes_by_name)})"

    @property
    def arity(self) -> str:
        """How many values it takes, in words."""
        if self.most is None:
            return f"{self.least} or more values"
        if self.least == self.most:
            return f"{self.least} value{'s' * (self.least != 1)}"
        return f"{self.least} to {self.most} values"

    def takes(self, count: int) -> bool:
        return self.least <= count and (self.most is None or count <= self.most)


FUNCTIONS: dict[str, Function] = {}


def function(example: str, words: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Add a function to the language, under its own name without the underscore at its end."""

    def add(call: Callable[..., Any]) -> Callable[..., Any]:
        given = inspect.signature(call).parameters.values()
        endless = any(p.kind is p.VAR_POSITIONAL for p in given)
        needed = sum(p.default is p.empty and p.kind is not p.VAR_POSITIONAL for p in given)
        name = call.__name__.removesuffix("_")
        most = None if endless else len(given)
        names = tuple(p.name + " …" * (p.kind is p.VAR_POSITIONAL) for p in given)
        FUNCTIONS[name] = Function(name, call, example, words, needed, most, names)
        return call

    return add
