"""The documents of all kinds in the API's schema, made of what checks them."""

from __future__ import annotations

from typing import Any

from pydantic.json_schema import models_json_schema

from drafts.types import draft_types

# Before their names, which are those of other things in the API's schema too.
PREFIX = "document."


def with_documents(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Add what ``data`` may hold, kind by kind: a postprocessing hook of the generator.

    No operation refers to them: a draft may lack what its kind requires, and a change is merged in,
    so neither is such a document itself.
    """
    models = [(draft_type.schema, "validation") for draft_type in draft_types]
    template = f"#/components/schemas/{PREFIX}{{model}}"
    _models, schema = models_json_schema(models, ref_template=template)  # type: ignore[arg-type]
    made = {PREFIX + name: _as_openapi(each) for name, each in schema.get("$defs", {}).items()}
    result["components"]["schemas"].update(made)
    return result


def _as_openapi(schema: Any) -> Any:
    """JSON Schema as OpenAPI 3.0 has it, where null is no type, ``const`` is not known, and
    there is one example; without the marks that names have in docstrings of Python alone."""
    if isinstance(schema, list):
        return [_as_openapi(each) for each in schema]
    if not isinstance(schema, dict):
        return schema.replace("``", "`") if isinstance(schema, str) else schema
    made = {name: _as_openapi(each) for name, each in schema.items()}
    if "const" in made:
        made["enum"] = [made.pop("const")]
    if "examples" in made:
        made["example"] = made.pop("examples")[0]
    choices = made.get("anyOf", [])
    if {"type": "null"} in choices:
        rest = [each for each in choices if each != {"type": "null"}]
        made = {name: each for name, each in made.items() if name != "anyOf"} | {"nullable": True}
        made |= rest[0] if len(rest) == 1 and "$ref" not in rest[0] else {"anyOf": rest}
    return made
