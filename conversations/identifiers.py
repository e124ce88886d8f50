"""Whether somebody is known by an identifier: it is one of the values in what was told of them,
whole and whatever its case."""

from __future__ import annotations

import json
from typing import Any

from django.db.models import Func, JSONField, Q, Value
from django.db.models.functions import Lower

from conversations.words import Values


class _Array(Func):
    """The values of a JSON object, as a JSON array."""

    output_field = JSONField()
    template = "jsonb_path_query_array(%(expressions)s, '$.*')"


def values_in(*fields: str) -> dict[str, Any]:
    """What ``is_value_in`` asks of rows with these JSON objects, as aliases."""
    arrays = {f"{name}_array": _Array(name) for name in fields}
    return arrays | {f"{name}_text": Lower(Values(name)) for name in fields}


def is_value_in(field: str, identifier: str) -> Q:
    """Whether ``identifier`` is one of the object's values: a text, or a number that is written so;
    for rows with the aliases of ``values_in``. The database makes texts small: Python makes two
    characters of some capitals, such as İ."""
    text = Lower(Value(json.dumps(identifier, ensure_ascii=False)))
    found = Q(**{f"{field}_text__contains": text})
    if identifier.isdecimal() and str(int(identifier)) == identifier:
        found |= Q(**{f"{field}_array__contains": [int(identifier)]})
    return found
