"""What can be read in the expressions of a node, as the ``/`` menu of the builder offers it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from assistants.forms import prompt_menu
from chatflows.checking.expressions import GIVEN, OF_A_ROUND
from chatflows.expressions.functions.function import FUNCTIONS
from chatflows.expressions.values import as_text
from chatflows.naming import title_of
from chatflows.nodes.shape import Shape

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from chatflows.checking.reach import Reach
    from chatflows.drawn import Drawing, DrawnNode
    from chatflows.executor.node import Node
    from chatflows.expressions.functions.function import Function
    from chatflows.runs.last import Last

LONGEST_HINT = 40
MOST_PARTS = 12
# Those that most flows need, in the menu before the others.
FIRST_FUNCTIONS = ("default", "split", "join", "length", "first", "contains", "lower", "json")
# Levels of what is known only by a schema.
DEEPEST = 4


def known_at(
    drawing: Drawing,
    reach: Reach,
    node_id: str,
    last: Last,
    document: Mapping[str, Any],
) -> list[dict[str, Any]]:
    """Groups of names: what the nodes give that can have run before ``node_id``, the nearest first;
    the variables; what every run knows. What there was in the ``last`` runs, as far as there are
    any, tells what a name stood for, and what parts it had."""
    around = dict(reach.around(node_id))
    before = [*reach.nearest_before(node_id), *sorted(reach.inside(node_id))]
    nodes = [drawing.nodes[each] for each in dict.fromkeys(before) if each in drawing.nodes]
    outputs = [
        _group(title_of(each), _outputs(each, last.outputs.get(each.id, {}), around.get(each.id)))
        for each in nodes
        if _is_offered(each) and each.id != node_id
    ]
    remembered = _remembered(nodes, document, last.given)
    return _with_the_rest([*outputs, remembered], document, last.given)


def known_after(drawing: Drawing, document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The same for the end of a run: what all nodes give."""
    nodes = [each for each in drawing.nodes.values() if _is_offered(each)]
    outputs = [_group(title_of(each), _outputs(each, {}, None)) for each in nodes]
    return _with_the_rest(outputs, document, {})


def _remembered(
    nodes: Iterable[DrawnNode], document: Mapping[str, Any], given: Mapping[str, Any]
) -> dict[str, Any]:
    """The variables that nodes set and nobody has declared."""
    declared = {str(each.get("name")) for each in document.get("variables") or ()}
    names = dict.fromkeys(each.sets for each in nodes)
    own = ((name, given.get(name)) for name in names if name and name not in declared)
    return _group(_("Remembered"), own)


def _declared(document: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """The declared variables; one that the last run had says what it was."""
    group = prompt_menu.declared(document)
    told = [
        each | {"hint": _hint(given.get(each["name"])) or each["hint"]}
        for each in group["variables"]
    ]
    return group | {"variables": told}


def _with_the_rest(
    outputs: list[dict[str, Any]], document: Mapping[str, Any], given: Mapping[str, Any]
) -> list[dict[str, Any]]:
    every_run = _group(_("Every run"), ((name, given.get(name)) for name in GIVEN))
    groups = [*outputs, _declared(document, given), every_run, _functions()]
    return [group for group in groups if group["variables"]]


def _functions() -> dict[str, Any]:
    """What values can be put into: a name of this kind is written with its brackets."""
    variables = [
        {
            "name": each.name,
            "label": each.signature,
            "hint": _(each.help),
            "type": "function",
            "options": [],
        }
        for each in sorted(FUNCTIONS.values(), key=_less_useful)
    ]
    return {"label": _("Functions"), "variables": variables}


def _less_useful(each: Function) -> tuple[int, str]:
    return (FIRST_FUNCTIONS.index(each.name) if each.name in FIRST_FUNCTIONS else 99, each.name)


def _is_offered(each: DrawnNode) -> bool:
    """Of what begins a flow only what brings more along than the message, which is ``input``."""
    return each.node.has_input or each.node.gives(each.settings) != each.node.outputs


def _outputs(
    each: DrawnNode, output: Mapping[str, Any], within: str | None
) -> Iterator[tuple[str, Any]]:
    """``within``: the handle of the node's body that the names are for (None: after the node)."""
    if within is not None and (inside := each.node.gives_inside(each.settings, within)):
        for key, parts in inside.items():
            yield from ((f"{each.id}.{key}.{part}", None) for part in parts)
        return
    gives = each.node.gives(each.settings) or each.node.outputs
    fault = ("error",) if each.settings.goes_on and within is None else ()
    schema = each.node.schema_of(each.settings) or {}
    shapes = Shape(schema, schema).parts
    names = dict.fromkeys((*gives, *shapes, *fault, *output))
    for name in sorted(names, key=lambda name: _rank(each.node, gives, name)):
        if not each.node.repeats or (within is not None) == (name in OF_A_ROUND):
            value = output.get(name)
            yield f"{each.id}.{name}", value
            yield from _parts(f"{each.id}.{name}", value, shapes.get(name))


def _rank(node: Node[Any], gives: Collection[str], name: str) -> int:
    """What people named themselves comes first, then the main thing, then the rest."""
    if name in gives and name not in node.outputs:
        return 0
    return 1 if name == node.main else 2


def _parts(
    path: str, value: Any, shape: Shape | None, depth: int = DEEPEST
) -> Iterator[tuple[str, Any]]:
    """What an object had in it, one level deep, and what one of a known ``shape`` has, at first
    of its items where it is a list."""
    if shape and shape.items and depth:
        first = value[0] if isinstance(value, list) and value else None
        yield f"{path}[0]", first
        yield from _parts(f"{path}[0]", first, shape.items, depth - 1)
        return
    had = value if isinstance(value, dict) else {}
    named = shape.parts if shape and depth else {}
    plain = [key for key in dict.fromkeys((*named, *had)) if str(key).isidentifier()]
    for key in plain[:MOST_PARTS]:
        yield f"{path}.{key}", had.get(key)
        if key in named:
            yield from _parts(f"{path}.{key}", had.get(key), named[key], depth - 1)


def _group(label: str, names: Iterator[tuple[str, Any]]) -> dict[str, Any]:
    variables = [
        {"name": name, "label": name, "hint": _hint(value), "type": "text", "options": []}
        for name, value in names
    ]
    return {"label": label, "variables": variables}


def _hint(value: Any) -> str:
    """What kind of value it was, and how it began."""
    if value is None:
        return ""
    text = " ".join(as_text(value).split())
    short = text if len(text) <= LONGEST_HINT else f"{text[: LONGEST_HINT - 1]}…"
    return f"{_kind(value)} · {short}" if short else _kind(value)


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return _("True or false")
    if isinstance(value, (int, float)):
        return _("Number")
    if isinstance(value, (list, tuple)):
        return _("List")
    return _("Object") if isinstance(value, dict) else _("Text")
