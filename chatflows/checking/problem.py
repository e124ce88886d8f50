"""One thing that is wrong with a drawing, or could be better."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Problem:
    """``path`` is dotted in the document: ``nodes.llm1.data.prompt``. ``column`` is where in the
    text that stands there, from 1; 0 where it is about all of it."""

    severity: Literal["error", "warning"]
    path: str
    message: str
    node_id: str | None = None
    column: int = 0


def at_node(
    severity: Literal["error", "warning"], node_id: str, message: str, setting: str = ""
) -> Problem:
    path = f"nodes.{node_id}.data.{setting}" if setting else f"nodes.{node_id}"
    return Problem(severity, path, message, node_id)
