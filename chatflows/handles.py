"""The handles of a node as pages show them: each with what people call it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from chatflows.executor.graph import BODY, ERROR, MAIN

if TYPE_CHECKING:
    from chatflows.drawn import DrawnNode
    from chatflows.executor.flow import FlowNode


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
    return own if own != handle else _words().get(handle, handle)


def _words() -> dict[str, str]:
    return {
        "true": _("True"),
        "false": _("False"),
        ERROR: _("Error"),
        "else": _("Else"),
        "other": _("Anything else"),
        "invalid": _("Gave up"),
    }
