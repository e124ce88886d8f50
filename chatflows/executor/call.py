"""What a node is given when a run comes to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from chatflows.executor.budget import LONGEST_WORK
from chatflows.executor.effects import Effects, StepVoice
from chatflows.executor.node import NodeError, Settings
from chatflows.expressions import ExpressionError, parse, parse_template
from chatflows.expressions.syntax import values_read
from chatflows.expressions.template import BEGIN
from chatflows.expressions.values import is_true
from conversations.turn import Usage

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, MutableMapping

    from chatflows.executor.budget import Budget
    from chatflows.executor.flow import Limits
    from chatflows.executor.midst import Asked, Said
    from chatflows.executor.passages import Passages
    from chatflows.executor.ports import Ports
    from chatflows.expressions.syntax import Expression
    from chatflows.expressions.template import Written
    from conversations.turn import Turn

    Known = Mapping[str, Any]

    # Another flow's run in the midst of this one.
    Within = Callable[[Asked], Awaitable[Said]]

SettingsT = TypeVar("SettingsT", bound=Settings)
Read = TypeVar("Read")
Worth = TypeVar("Worth")


@dataclass(frozen=True, slots=True)
class Round:
    """How far a round of a body has come. ``frame`` is where it has stopped to go on later, None
    where it came to its end; ``last`` is the node that ran last, empty where none did."""

    frame: Mapping[str, Any] | None
    last: str = ""


class Body(Protocol):
    """Runs one round of what hangs on a ``handle`` of the node: the round ``number``, in which
    ``known`` is known, going on from where it had stopped if it is ``kept``. Raises ``BrokenError``
    where a node in it fails."""

    async def __call__(
        self,
        handle: str,
        number: int,
        known: MutableMapping[str, Any],
        kept: Mapping[str, Any] | None = None,
    ) -> Round: ...


@dataclass(slots=True)
class Call(Generic[SettingsT]):
    """One visit of a run to a node.

    ``known`` is what expressions may read. ``remember`` gives a variable of the conversation, by
    its name, another value. ``body`` runs one round of what hangs on one of its bodies, ``within``
    another flow. ``reply`` is the message that a waiting node has waited for, ``state`` what it
    kept meanwhile. ``input`` gathers what its settings came to, for the log, ``read`` what its
    conditions read, by path, and ``effects`` what it does besides its output; ``model`` is the one
    that it has asked. ``limits`` are those of its own flow.
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
    limits: Limits
    body: Body
    within: Within
    reply: str | None = None
    state: Mapping[str, Any] | None = None
    input: dict[str, Any] = field(default_factory=dict)
    usage: Usage = field(default_factory=Usage)
    model: str = ""
    effects: Effects = field(default_factory=Effects)
    read: dict[str, Any] = field(default_factory=dict)

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
        if BEGIN not in template:
            return self._held(template)
        return self._tried(
            path, lambda: parse_template(template), lambda read: read.value(known or self.known)
        )

    def text_of(self, template: str, path: str, written: Written | None = None) -> str:
        """The text that a template comes to that stands at ``path`` in the settings; ``written`` as
        in ``Template.text``."""
        if BEGIN not in template:
            return self._held(template)
        found: str = self._tried(
            path, lambda: parse_template(template), lambda read: read.text(self.known, written)
        )
        return found

    def is_true(self, condition: str, path: str) -> bool:
        """Whether a condition holds that stands at ``path`` in the settings."""

        def worked_out(expression: Expression) -> Any:
            self.read |= values_read(expression, self.known)
            return expression.value(self.known)

        return is_true(self._tried(path, lambda: parse(condition), worked_out))

    def _noted(self, name: str, found: Any) -> Any:
        self.input[name] = found
        return found

    def _tried(self, path: str, read: Callable[[], Read], work: Callable[[Read], Worth]) -> Worth:
        try:
            with self.budget.working() as effort:
                setting = read()
                effort.at_most(LONGEST_WORK)
                found = work(setting)
        except ExpressionError as error:
            raise NodeError(error.message, field=path, column=error.column) from None
        return self._held(found)

    def _held(self, value: Worth) -> Worth:
        self.budget.hold(value)
        return value
