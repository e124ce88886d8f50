"""Calls of tools as they come in a stream: in pieces, which servers tell apart in several ways."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import orjson
from django.utils.translation import gettext as _

from inference.client import InferenceError, ToolCall

if TYPE_CHECKING:
    from collections.abc import Iterator

# Characters of all calls of one answer together, and how many there may be.
LONGEST, MOST = 200_000, 64


@dataclass
class _Begun:
    place: object
    id: str
    name: str
    written: str = ""


class Gathering:
    """The calls of one answer. Each piece names the place of its call, or None where the server
    does not count them; then an id or a name begins another one."""

    def __init__(self) -> None:
        self._begun: list[_Begun] = []
        self._room = LONGEST

    def add(self, place: object, id_: object, name: object, written: object) -> None:
        """One piece; raises ``InferenceError`` where it becomes too much."""
        id_, name, written = _text(id_), _text(name), _text(written)
        self._room -= len(id_) + len(name) + len(written)
        found = self._at(place, id_, name)
        found.id, found.name = found.id or id_, found.name or name
        found.written += written
        if self._room < 0 or len(self._begun) > MOST:
            raise InferenceError(_("The model wants more of its tools than can be read."))

    def _at(self, place: object, id_: str, name: str) -> _Begun:
        """The call that a piece goes on with. Some servers give all calls the same place."""
        for each in reversed(self._begun):
            if each.place == place and not (id_ and each.id and id_ != each.id):
                if place is None and name and each.name:
                    break
                return each
        self._begun.append(_Begun(place, id_, name))
        return self._begun[-1]

    def finished(self) -> Iterator[ToolCall]:
        """All of them, in their order. One without an id gets one, by which its result is known."""
        for number, each in enumerate(self._begun):
            yield ToolCall(
                each.id or f"call_{number}", each.name, object_in(each.written), each.written
            )


def object_in(written: str) -> dict[str, object] | None:
    """The arguments that a model wrote; None where they are no JSON object."""
    if not written.strip():
        return {}
    try:
        found = orjson.loads(written)
        orjson.dumps(found)  # what is nested too deeply could not be sent on
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):
        return None
    return found if isinstance(found, dict) else None


def _text(value: object) -> str:
    """A part of a call as text; some servers give the arguments as an object."""
    if isinstance(value, str):
        return value
    return orjson.dumps(value).decode() if isinstance(value, dict) else ""
