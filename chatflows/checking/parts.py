"""Whether what an expression reads can be in an output of a known shape."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from chatflows.nodes.shape import Shape

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_PLACE = re.compile(r"-?\d+")


def missing_part(path: Sequence[object], schema: Mapping[str, Any]) -> str:
    """Why ``path``, which begins with a node whose output is of ``schema``, leads nowhere; empty
    where it may lead somewhere."""
    read, shape = str(path[0]), Shape(schema, schema)
    for step in map(str, path[1:]):
        is_place = _PLACE.fullmatch(step) is not None
        inner = shape.parts.get(step) or (shape.items if is_place else None)
        if inner is None:
            is_top = shape.schema is schema  # where the text of the answer is, besides
            return "" if is_top else _fault(read, step, shape, is_place=is_place)
        read, shape = f"{read}[{step}]" if is_place else f"{read}.{step}", inner
    return ""


def _fault(read: str, step: str, shape: Shape, *, is_place: bool) -> str:
    if shape.is_list and not is_place:
        words = _("%(name)s is a list. Say which of its items: %(name)s[0].")
        return words % {"name": read}
    if not shape.is_closed:
        return ""
    words = _("%(name)s has no %(part)s. It has: %(known)s.")
    told = ", ".join(shape.parts) or _("nothing")
    return words % {"name": read, "part": step, "known": told}
