"""Names of variables in expressions, changed where a variable is called otherwise now. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatflows.checking.texts import written_in
from chatflows.drawn import drawing_of
from chatflows.expressions import ExpressionError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatflows.checking.texts import Written


def renamed_nodes(document: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """What changes in the settings of nodes with the ``names`` of variables, new by old, as a merge
    patch of ``document``."""
    patch: dict[str, Any] = {}
    for each in drawing_of(document).nodes.values():
        data: dict[str, Any] = {}
        for written in written_in(each.node.settings, each.data):
            if (text := renamed(written, names)) != written.text:
                _put(data, each.data, written.path.split("."), text)
        if (named := each.data.get("variable")) in names:
            data["variable"] = names[str(named)]
        if data:
            patch[each.id] = {"data": data}
    return {"nodes": patch} if patch else {}


def renamed(written: Written, names: Mapping[str, str]) -> str:
    """The text with other names; one that cannot be read stays."""
    try:
        references = written.read()
    except ExpressionError:
        return written.text
    text = written.text
    for reference in sorted(references, key=lambda each: -each.column):
        name, start = reference.path[0], reference.column - 1
        if name in names and text.startswith(name, start):
            text = text[:start] + names[name] + text[start + len(name) :]
    return text


def _put(patch: dict[str, Any], data: Mapping[str, Any], path: list[str], text: str) -> None:
    """Set ``text`` at ``path``; a list on the way is given as a whole, with the item changed."""
    name, *rest = path
    if not rest:
        patch[name] = text
        return
    items = patch.setdefault(name, [dict(item) for item in data.get(name) or ()])
    for number, item in enumerate(items):
        if rest[0] in (str(item.get("id")), str(item.get("name")), str(number)):
            item[".".join(rest[1:])] = text
            return
