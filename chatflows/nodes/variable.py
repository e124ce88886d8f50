"""Gives a variable of the conversation another value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from chatflows.executor.node import Node, NodeError, Result, Settings, TemplateText
from chatflows.expressions import values
from common.names import WHOLE_NAME
from common.words import gettext as _

if TYPE_CHECKING:
    from chatflows.executor.call import Call

MOST_ITEMS = 1000


class VariableSettings(Settings):
    """``set`` it to the value, ``append`` the value to its list, or ``increment`` it by the value
    (empty: by one)."""

    variable: str = Field(pattern=WHOLE_NAME, title="Variable")
    operation: Literal["set", "append", "increment"] = Field(default="set", title="What happens")
    value: TemplateText = Field(default="", max_length=20_000, title="Value")


class Variable(Node[VariableSettings]):
    kind = "variable"
    settings = VariableSettings
    main = "value"
    outputs = ("value",)

    async def run(self, call: Call[VariableSettings]) -> Result:
        before = call.known.get(call.settings.variable)
        value = OPERATIONS[call.settings.operation](before, call.value("value"))
        call.remember(call.settings.variable, value)
        return Result({"value": value})


def _set(before: Any, value: Any) -> Any:
    del before
    return value


def _append(before: Any, value: Any) -> Any:
    items = before if isinstance(before, list) else [before] if before not in (None, "") else []
    if len(items) >= MOST_ITEMS:
        words = _("The list has %(most)s items, and takes no more.")
        raise NodeError(words % {"most": f"{MOST_ITEMS:,}"}, field="variable")
    return [*items, value]


def _increment(before: Any, value: Any) -> Any:
    by = 1 if value in (None, "") else value
    try:
        return values.counted(lambda one, other: one + other, before or 0, by)
    except values.UnfitError as error:
        words = _("It cannot be counted up: %(why)s.") % {"why": error}
        raise NodeError(words, field="value") from None


OPERATIONS = {"set": _set, "append": _append, "increment": _increment}
