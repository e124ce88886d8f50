"""The handles of a node as pages show them: each with what people call it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from chatflows.executor.graph import BODY, ERROR, MAIN

if TYPE_CHECKING:
    from chatflows.drawn import DrawnNode
    from chatflows.executor.flow import FlowNode

# What the form calls a row that nobody has named.
_MADE = re.compile(r"way[0-9]+")


def handles_of(each: DrawnNode) -> list[dict[str, str]]:
    """``{"id", "label"}`` for each; the only way on has no label."""
    ids = each.node.all_handles(each.settings)
    return [{"id": handle, "label": label_of(each, handle)} for handle in ids]


def label_of(each: DrawnNode | FlowNode, handle: str) -> str:
    """What people call a handle: as they named it, else as all handles of that name are called."""
    if handle == MAIN:
        return _("Then") if len(each.node.all_handles(each.settings)) > 1 else ""
    if handle == BODY and each.node.repeats:
        return _("Each item") if each.node.repeated == "item" else _("Each round")
    own = each.node.label_of(each.settings, handle)
    if own and own != handle:
        return own
    return _unnamed(each, handle) or _words().get(handle, handle)


def _unnamed(each: DrawnNode | FlowNode, handle: str) -> str:
    """A way on that somebody has added and not named yet, by its place among the others."""
    if not _MADE.fullmatch(handle):
        return ""
    words = {
        "cases": _("Case %(number)d"),
        "classes": _("Class %(number)d"),
        "buttons": _("Button %(number)d"),
        "tools": _("Tool %(number)d"),
    }
    for setting, words_of in words.items():
        ids = [row.id for row in getattr(each.settings, setting, ())]
        if handle in ids:
            return words_of % {"number": ids.index(handle) + 1}
    return ""


def _words() -> dict[str, str]:
    return {
        "true": _("True"),
        "false": _("False"),
        ERROR: _("Error"),
        "else": _("Else"),
        "other": _("Anything else"),
        "invalid": _("Gave up"),
    }
