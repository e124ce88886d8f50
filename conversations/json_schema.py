"""JSON Schema as OpenAPI 3.0 speaks it, which knows no type ``null``. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

if TYPE_CHECKING:
    from pydantic import GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import CoreSchema

_NULL = {"type": "null"}


class Described(BaseModel):
    """A model whose schema can stand in the API's."""

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        schema = handler.resolve_ref_schema(handler(core_schema))
        schema.update({name: nullable(part) for name, part in schema.items()})
        return schema


def nullable(schema: Any) -> Any:
    """``schema`` with ``nullable`` in the place of ``null`` among several types."""
    if isinstance(schema, list):
        return [nullable(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {name: nullable(part) for name, part in schema.items() if name != "anyOf"}
    kinds = [nullable(kind) for kind in schema.get("anyOf", ()) if kind != _NULL]
    if _NULL in schema.get("anyOf", ()):
        plain["nullable"] = True
    if not kinds:
        return plain
    if len(kinds) > 1:
        return plain | {"anyOf": kinds}
    return plain | ({"allOf": kinds} if "$ref" in kinds[0] else kinds[0])
