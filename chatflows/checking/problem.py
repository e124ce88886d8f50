"""One thing that is wrong with a drawing, or could be better."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Problem:
    """``path`` is dotted in the document: ``nodes.llm1.data.prompt``."""

    severity: Literal["error", "warning"]
    path: str
    message: str
    node_id: str | None = None


def at_node(
    severity: Literal["error", "warning"], node_id: str, message: str, setting: str = ""
) -> Problem:
    path = f"nodes.{node_id}.data.{setting}" if setting else f"nodes.{node_id}"
    return Problem(severity, path, message, node_id)
