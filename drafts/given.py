"""What a caller gives for a draft, before any of it may become part of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
from django.utils.translation import gettext as _

from common.problems import FieldError, invalid
from drafts import limits, secret_detector

if TYPE_CHECKING:
    from collections.abc import Mapping


def cleaned(data: Any) -> dict[str, Any]:
    """``data`` as plain JSON, without what no draft may hold."""
    if not isinstance(data, dict):
        raise invalid(_("A draft's data is an object."), FieldError("data", _("must be an object")))
    limits.check(data)
    text = orjson.dumps(data)
    if len(text) > limits.MOST_BYTES:
        raise limits.too_big()
    secret_detector.check(data)
    return plain(data)


def plain(data: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of ``data`` in JSON's own types."""
    copy: dict[str, Any] = orjson.loads(orjson.dumps(data))
    return copy
