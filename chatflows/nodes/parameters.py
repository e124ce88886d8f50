"""The parameters of a tool as people write them, a line each: ``city: text - Whose weather``.

Then a kind, or words of which it is one with ``|`` between them; without either it is a text. A
``?`` after the name says that it may be left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from common.names import NAME
from common.words import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

KINDS: Mapping[str, Mapping[str, Any]] = {
    "text": {"type": "string"},
    "number": {"type": "number"},
    "integer": {"type": "integer"},
    "boolean": {"type": "boolean"},
    "list": {"type": "array", "items": {"type": "string"}},
}
_NAME = re.compile(rf"({NAME})\s*(\??)")
_DASH = re.compile(r"\s[-–—]\s")  # noqa: RUF001 (as people and their editors write it)


@dataclass(frozen=True)
class Parameter:
    name: str
    schema: Mapping[str, Any]
    is_required: bool = True


def parameter_in(line: str) -> Parameter:
    """Raises ``ValueError`` with words for whoever wrote the line."""
    left, *rest = _DASH.split(line, maxsplit=1)
    name, _colon, kind = left.partition(":")
    found = _NAME.fullmatch(name.strip())
    if found is None:
        words = _("“%(line)s” is no parameter. Write one as “city: text - Which city”")
        raise ValueError(words % {"line": line[:60]})
    schema = dict(_shape(kind.strip() or "text"))
    if rest and (words := rest[0].strip()):
        schema["description"] = words
    return Parameter(found[1], schema, not found[2])


def _shape(kind: str) -> Mapping[str, Any]:
    if kind in KINDS:
        return KINDS[kind]
    options = [each.strip() for each in kind.split("|")]
    if len(options) > 1 and all(options):
        return {"type": "string", "enum": options}
    words = _("“%(kind)s” is no kind of value: %(kinds)s, or “this | that”")
    raise ValueError(words % {"kind": kind[:60], "kinds": ", ".join(KINDS)})


def schema_of(parameters: Iterable[Parameter]) -> dict[str, Any]:
    """The JSON schema of arguments."""
    all_of_them = tuple(parameters)
    return {
        "type": "object",
        "properties": {each.name: dict(each.schema) for each in all_of_them},
        "required": [each.name for each in all_of_them if each.is_required],
        "additionalProperties": False,
    }
