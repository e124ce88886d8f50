"""Which names a system prompt refers to: ``{{name}}``, and ``{name}`` for declared variables."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_NAME = r"[A-Za-z_][A-Za-z0-9_]{0,63}"
_DOUBLE = re.compile(rf"\{{\{{\s*({_NAME})\s*\}}\}}")
_SINGLE = re.compile(rf"(?<!\{{)\{{({_NAME})\}}(?!\}})")


def placeholders(prompt: str) -> tuple[str, ...]:
    """The names used as ``{{name}}``, each once, in order. ``{name}`` may be ordinary text."""
    return tuple(dict.fromkeys(_DOUBLE.findall(prompt)))


def mentioned(prompt: str, declared: Iterable[str]) -> set[str]:
    """Which of the ``declared`` names the prompt uses, in either form."""
    return {*_DOUBLE.findall(prompt), *_SINGLE.findall(prompt)} & set(declared)
