"""What a value of a JSON schema has in it, for whoever reads ``{{llm1.items[0].name}}``. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from chatflows.nodes.json_schema import referred

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_AT_ONCE = ("allOf", "anyOf", "oneOf")
_PERHAPS = ("then", "else")


@dataclass(frozen=True)
class Shape:
    """A value of ``schema``, which stands in ``whole``, a schema that can be used."""

    schema: Any
    whole: Mapping[str, Any]

    @cached_property
    def parts(self) -> dict[str, Shape]:
        """By their names."""
        named = (each.get("properties") or {} for each in self._schemas)
        return {name: self._of(part) for each in named for name, part in each.items()}

    @cached_property
    def items(self) -> Shape | None:
        """Each of a list; None where nothing is known of them."""
        held = (each.get("items") for each in self._schemas)
        return next((self._of(each) for each in held if isinstance(each, dict)), None)

    @cached_property
    def is_list(self) -> bool:
        """Whether it can only be one."""
        return self._kinds == {"array"}

    @cached_property
    def is_closed(self) -> bool:
        """Whether nothing else can be in it than its parts. A schema that names some and says
        nothing of others is taken at its word, though it would let them pass."""
        if any(each.get("additionalProperties") for each in self._schemas):
            return False
        return bool(self.parts) or (bool(self._kinds) and not self._kinds & {"object", "array"})

    @property
    def _kinds(self) -> set[str]:
        given = (each.get("type", ()) for each in self._schemas)
        return {kind for each in given for kind in ([each] if isinstance(each, str) else each)}

    @cached_property
    def _schemas(self) -> tuple[Mapping[str, Any], ...]:
        return tuple(self._resolved(self.schema))

    def _resolved(self, schema: Any) -> Iterator[Mapping[str, Any]]:
        """What holds of the value, or may: with what is referred to, and all alternatives."""
        if not isinstance(schema, dict):
            return
        yield schema
        if "$ref" in schema:
            yield from self._resolved(referred(self.whole, schema["$ref"]))
        for name in _AT_ONCE:
            for each in schema.get(name) or ():
                yield from self._resolved(each)
        for name in _PERHAPS:
            yield from self._resolved(schema.get(name))

    def _of(self, schema: Any) -> Shape:
        return Shape(schema, self.whole)
