"""The settings of a node that are written in the language of expressions, and what they read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chatflows.executor.node import Language, fitting
from chatflows.executor.places import item_model
from chatflows.expressions import ExpressionError, parse, parse_template
from chatflows.expressions.syntax import references

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pydantic import BaseModel

    from chatflows.expressions.syntax import Reference

# How the items of a list in a node's settings are told apart in paths.
KEYS = ("id", "name")
_EXPRESSION = re.compile(r"\{\{.*?(?:\}\}|$)", re.DOTALL)


@dataclass(frozen=True)
class Written:
    """A text in a node's ``data``, at the dotted ``path`` in it, which several may share: of a list
    it has the names of items. ``place`` has their numbers, and is the text's alone."""

    path: str
    text: str
    language: str
    place: tuple[str | int, ...] = ()

    @property
    def size(self) -> int:
        """Characters of its expressions."""
        if self.language == "condition":
            return len(self.text)
        return sum(len(each) for each in _EXPRESSION.findall(self.text))

    def read(self) -> list[Reference]:
        """The paths that it reads; raises ``ExpressionError``."""
        if self.language == "condition":
            return list(references(parse(self.text)))
        return list(parse_template(self.text).references())

    def fault(self) -> ExpressionError | None:
        """What is wrong with it, if anything is."""
        try:
            self.read()
        except ExpressionError as error:
            return error
        return None


def written_in(schema: type[BaseModel], data: Mapping[str, Any]) -> Iterator[Written]:
    """The texts in ``data``, which is of ``schema`` as far as it is of anything. Those in which
    nothing is written are none."""
    shown = fitting(schema, data)
    for name, info in schema.model_fields.items():
        value = shown.get(name)
        language = next((each for each in info.metadata if isinstance(each, Language)), None)
        if language and isinstance(value, str) and value.strip():
            yield Written(name, value, language.name, (name,))
        item = item_model(schema, name)
        if item is not None and isinstance(value, (list, tuple)):
            yield from _in_items(name, item, value)


def _in_items(name: str, schema: type[BaseModel], items: Any) -> Iterator[Written]:
    for number, item in enumerate(items):
        if isinstance(item, dict):
            key = next((str(item[each]) for each in KEYS if item.get(each)), str(number))
            for found in written_in(schema, item):
                path, place = f"{name}.{key}.{found.path}", (name, number, *found.place)
                yield Written(path, found.text, found.language, place)
