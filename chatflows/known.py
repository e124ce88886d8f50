"""What can be read in expressions, as the ``/`` menu of the builder offers it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from chatflows.checking.expressions import GIVEN

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chatflows.checking.reach import Reach
    from chatflows.drawn import Drawing, DrawnNode


def known_at(drawing: Drawing, reach: Reach, node_id: str = "") -> list[dict[str, Any]]:
    """Groups of names: what nodes give that can have run before ``node_id`` (empty: any node), the
    variables, and what every run knows."""
    before = reach.before(node_id) if node_id else drawing.nodes.keys()
    nodes = [each for each in drawing.nodes.values() if each.id in before]
    return [
        *(_group(each.name, _outputs(each)) for each in nodes if each.node.has_input),
        _group(_("Variables"), [(name, str(value or "")) for name, value in _variables(drawing)]),
        _group(_("Every run"), [(name, "") for name in GIVEN]),
    ]


def _outputs(each: DrawnNode) -> list[tuple[str, str]]:
    gives = each.node.gives(each.settings) or each.node.outputs
    names = [f"{each.id}.{name}" for name in gives]
    for handle in each.node.bodies(each.settings):
        for key, parts in each.node.gives_inside(each.settings, handle).items():
            names += [f"{each.id}.{key}.{part}" for part in parts]
    return [(name, "") for name in dict.fromkeys(names)]


def _variables(drawing: Drawing) -> Iterable[tuple[str, Any]]:
    return drawing.variables.items()


def _group(label: str, names: Iterable[tuple[str, str]]) -> dict[str, Any]:
    variables = [
        {"name": name, "label": name, "hint": hint, "type": "text", "options": []}
        for name, hint in names
    ]
    return {"label": label, "variables": variables}
