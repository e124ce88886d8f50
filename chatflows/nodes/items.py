"""The items that a node goes through."""

from __future__ import annotations

from typing import Any

from chatflows.executor.node import NodeError
from chatflows.expressions.values import described
from common.words import gettext as _


def items_in(value: object) -> list[Any]:
    """Those of a list, and of nothing none. Raises ``NodeError`` for anything else that the setting
    ``items`` came to."""
    if value is None:
        return []
    if not isinstance(value, (list, tuple)):
        words = _("A list is needed, and this is %(kind)s.") % {"kind": described(value)}
        raise NodeError(words, field="items")
    return list(value)
