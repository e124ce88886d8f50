"""What a caller gives for a draft, before any of it may become part of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
from django.utils.translation import gettext as _

from common.problems import FieldError, invalid
from drafts import limits, refusals, secret_detector
from drafts.messages import no_such_field

if TYPE_CHECKING:
    from collections.abc import Mapping

    from drafts.types import DraftType


def cleaned(data: Any) -> dict[str, Any]:
    """A copy of ``data`` as plain JSON; raises ``Problem`` for what no draft may hold: 400 for what
    cannot be stored, 413 for too much, 422 for what is no object or looks like a secret."""
    if not isinstance(data, dict):
        raise invalid(_("A draft's data is an object."), FieldError("data", _("must be an object")))
    limits.check(data)
    text = orjson.dumps(data)
    if len(text) > limits.MOST_BYTES:
        raise limits.too_big()
    secret_detector.check(data)
    return json_copy(data)


def json_copy(data: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of ``data``, deep, in the types that JSON has."""
    copy: dict[str, Any] = orjson.loads(orjson.dumps(data))
    return copy


def refuse_unknown_removals(
    draft_type: DraftType[Any], given: Mapping[str, Any], document: Mapping[str, Any]
) -> None:
    """Raise ``Problem`` 422 when ``given`` removes (None) a field that there is not: a misspelt
    removal is refused like a misspelt value. What an older schema left in the document can go."""
    known = draft_type.schema.model_fields.keys() | document.keys()
    unknown = [name for name, value in given.items() if value is None and name not in known]
    if unknown:
        raise refusals.unkeepable(
            [FieldError(f"data.{name}", no_such_field(name)) for name in unknown]
        )
