"""What a run knows: the message, variables, and what nodes gave. A part of it lasts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatflows.expressions.values import Output

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatflows.executor.flow import Flow
    from conversations.turn import Turn


class State:
    """``known`` is what expressions read: the turn's message as ``input``, its ``channel``, the
    ``variables`` by their names, and outputs by the ids of their nodes. ``kept`` is the plain JSON
    that the last run ended with."""

    def __init__(self, flow: Flow, turn: Turn, kept: Mapping[str, Any]) -> None:
        self.nodes = flow.nodes
        self.variables = {**flow.variables, **turn.variables, **kept.get("variables", {})}
        given = {"input": turn.message, "channel": turn.channel}
        self.known: dict[str, Any] = {**self.variables, **given}
        self.take_over(kept.get("outputs", {}))

    def take_over(self, outputs: Mapping[str, Mapping[str, Any]]) -> None:
        """Know what nodes are said to have given, by their ids; others are none of this flow."""
        for node_id, output in outputs.items():
            if node_id in self.nodes:
                self.known[node_id] = Output(output, self.nodes[node_id].node.main)

    def remember(self, name: str, value: Any) -> None:
        """Give a variable of the conversation another value."""
        self.variables[name] = self.known[name] = value

    @property
    def outputs(self) -> dict[str, Any]:
        return {name: self.known[name] for name in self.nodes if name in self.known}
