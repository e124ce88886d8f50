"""What a node is given when a run comes to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from chatflows.executor.effects import Effects, StepVoice
from chatflows.executor.node import NodeError, Settings
from chatflows.expressions import ExpressionError, parse, parse_template
from chatflows.expressions.values import is_true
from conversations.turn import Usage

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, MutableMapping

    from chatflows.executor.budget import Budget
    from chatflows.executor.flow import Limits
    from chatflows.executor.passages import Passages
    from chatflows.executor.ports import Ports
    from chatflows.expressions.template import Written
    from conversations.turn import Turn

    Known = Mapping[str, Any]

    # One round of what a loop repeats: its number, what is known in it, and where it had stopped;
    # gives where it has stopped now, or None when it came to its end.
    Body = Callable[
        [int, MutableMapping[str, Any], Mapping[str, Any] | None],
        Awaitable[Mapping[str, Any] | None],
    ]

SettingsT = TypeVar("SettingsT", bound=Settings)


@dataclass(slots=True)
class Call(Generic[SettingsT]):
    """One visit of a run to a node.

    ``known`` is what expressions may read. ``remember`` gives a variable of the conversation, by
    its name, another value. ``body`` runs one round of what the node repeats. ``reply`` is the
    message that a waiting node has waited for, ``state`` what it kept meanwhile. ``input`` gathers
    what its settings came to, for the log, and ``effects`` what it does besides its output.
    """

    node_id: str
    settings: SettingsT
    known: MutableMapping[str, Any]
    remember: Callable[[str, Any], None]
    turn: Turn
    ports: Ports
    voice: StepVoice
    passages: Passages
    budget: Budget
    body: Body
    reply: str | None = None
    state: Mapping[str, Any] | None = None
    input: dict[str, Any] = field(default_factory=dict)
    usage: Usage = field(default_factory=Usage)
    effects: Effects = field(default_factory=Effects)

    @property
    def limits(self) -> Limits:
        return self.budget.limits

    def text(self, name: str) -> str:
        """The text that the setting ``name`` comes to; raises ``NodeError``, as all of these."""
        return str(self._noted(name, self.text_of(getattr(self.settings, name), name)))

    def value(self, name: str) -> Any:
        """What the setting ``name`` comes to: a list stays one, where it is all there is."""
        return self._noted(name, self.value_of(getattr(self.settings, name), name))

    def holds(self, name: str) -> bool:
        """Whether the condition in the setting ``name`` holds."""
        return bool(self._noted(name, self.is_true(getattr(self.settings, name), name)))

    def value_of(self, template: str, path: str, known: Known | None = None) -> Any:
        """What a template comes to that stands at ``path`` in the settings."""
        return self._tried(path, lambda: parse_template(template).value(known or self.known))

    def text_of(self, template: str, path: str, written: Written | None = None) -> str:
        """The text that a template comes to that stands at ``path`` in the settings; ``written`` as
        in ``Template.text``."""
        found = self._tried(path, lambda: parse_template(template).text(self.known, written))
        return str(found)

    def is_true(self, condition: str, path: str) -> bool:
        """Whether a condition holds that stands at ``path`` in the settings."""
        return is_true(self._tried(path, lambda: parse(condition).value(self.known)))

    def _noted(self, name: str, found: Any) -> Any:
        self.input[name] = found
        return found

    def _tried(self, path: str, work: Callable[[], Any]) -> Any:
        try:
            return work()
        except ExpressionError as error:
            raise NodeError(error.message, field=path, column=error.column) from None
