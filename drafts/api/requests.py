"""What the API's views read from a request: members, versions."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import gettext as _

from common.numbers import whole_number
from common.problems import FieldError, Problem, invalid

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rest_framework.request import Request


ETAG = re.compile(r'(?:W/)?"(.*)"')
NO_VERSION = -1


def members(request: Request, *allowed: str) -> dict[str, Any]:
    """The body's members; raises ``Problem`` 422 for one that is not ``allowed``."""
    body = dict(request.data)
    unknown = [name for name in body if name not in allowed]
    if unknown:
        detail = _("The body has members that are not known here.")
        raise invalid(detail, *(FieldError(name, _("is unknown")) for name in unknown))
    return body


def version_in(body: dict[str, Any], name: str) -> int | None:
    """A version number of the body, None when it is not there or null."""
    value = body.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise _wrong(name, _("must be a version number"))
    return value


def patch_id_in(body: dict[str, Any]) -> str | None:
    """The client's name for the change, in one spelling."""
    value = body.get("patch_id")
    if value is None:
        return None
    try:
        return str(UUID(value))
    except (AttributeError, TypeError, ValueError):
        raise _wrong("patch_id", _("must be a UUID")) from None


def object_in(body: dict[str, Any], name: str) -> dict[str, Any]:
    value = body.get(name)
    if not isinstance(value, dict):
        raise _wrong(name, _("must be an object"))
    return value


def _wrong(name: str, reason: str) -> Problem:
    return invalid(_("The body is not valid."), FieldError(name, reason))


def if_match(request: Request) -> int | None:
    """The version of the header ``If-Match``; one that no draft has for what is not a version."""
    header = request.headers.get("If-Match", "").strip()
    if not header or header == "*":
        return None
    found = ETAG.fullmatch(header)
    version = whole_number(found[1]) if found else None
    return NO_VERSION if version is None else version


@contextmanager
def paths_in_data() -> Iterator[None]:
    """Places in the document are told to clients as places in ``data``."""
    try:
        yield
    except Problem as problem:
        for found in problem.extra.get("conflicts", ()):
            found["path"] = f"data.{found['path']}"
        raise
