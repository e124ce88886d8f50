"""What went on inside while an answer was given, as pages show it: step by step.

What a page costs is bounded: so much of what steps were given and gave is shown, and of the others
only that they ran.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from django.utils.functional import _StrPromise

# In characters: of what one step was given, or gave; and of all of a page.
LONGEST, MOST = 4000, 64_000
FINISHED = "node_finished"
STATUSES: Mapping[str, tuple[str | _StrPromise, str]] = {
    "ok": (_("Done"), "green"),
    "waiting": (_("Waits for an answer"), "blue"),
    "handled": (_("Failed, and went on"), "amber"),
    "failed": (_("Failed"), "red"),
    "stopped": (_("Stopped"), "amber"),
}
# By kind of node, where the one who is waited for is not the visitor.
WAITING: Mapping[str, str | _StrPromise] = {"handoff": _("With your team")}


@dataclass(frozen=True)
class Step:
    """``ms`` is how long it took, in milliseconds; ``way`` is what people call the way by which it
    was left, if it has several; ``given`` and ``gave`` are JSON, empty where there is nothing to
    show; ``read`` are the paths that its conditions read, with what stood there as JSON."""

    name: str
    status: str | _StrPromise
    tone: str
    ms: float
    way: str = ""
    error: str = ""
    given: str = ""
    gave: str = ""
    read: tuple[tuple[str, str], ...] = ()


class Traces:
    """The steps of the answers on one page."""

    def __init__(self) -> None:
        self.room = MOST

    def steps(self, trace: Iterable[Any]) -> list[Step]:
        """In the order of the flow, whatever ran beside what; what cannot be read is left out."""
        found = [each for each in trace if isinstance(each, dict) and each.get("event") == FINISHED]
        return [self._step(each) for each in sorted(found, key=_place)]

    def _step(self, told: Mapping[str, Any]) -> Step:
        status, tone = STATUSES.get(str(told.get("status")), (str(told.get("status", "")), ""))
        if told.get("status") == "waiting":
            status = WAITING.get(str(told.get("type")), status)
        duration = told.get("duration_ms")
        return Step(
            name=str(told.get("label") or told.get("node_id") or ""),
            status=status,
            tone=tone,
            ms=duration if isinstance(duration, (int, float)) else 0,
            way=str(told.get("way") or told.get("handle") or ""),
            error=str(told.get("error") or ""),
            given=self._shown(told.get("input")),
            gave=self._shown(told.get("output")),
            read=tuple(_read(told.get("read"))),
        )

    def _shown(self, value: Any) -> str:
        if not value or self.room <= 0:
            return ""
        text = orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()
        self.room -= min(len(text), LONGEST)
        return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _read(told: Any) -> Iterator[tuple[str, str]]:
    for path, value in told.items() if isinstance(told, dict) else ():
        yield str(path), orjson.dumps(value).decode()


def _place(told: Mapping[str, Any]) -> list[int]:
    place = told.get("place")
    return [n for n in place if isinstance(n, int)] if isinstance(place, list) else []
