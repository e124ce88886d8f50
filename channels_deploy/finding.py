"""What a look at a channel comes to: one finding for each thing that was looked at. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterable

    Level = Literal["ok", "warning", "error"]
    # What a page offers: to connect again, to replace the credential, to change the draft.
    Action = Literal["", "connect", "credentials", "edit"]

OK: Level = "ok"
WARNING: Level = "warning"
ERROR: Level = "error"
_ORDER = (OK, WARNING, ERROR)


@dataclass(frozen=True)
class Finding:
    """``checked`` is what was looked at, in a few words, ``found`` what there is in one sentence,
    ``remedy`` what to do about it. ``action`` is what of that a page can lead to."""

    level: Level
    checked: str
    found: str
    remedy: str = ""
    action: Action = ""


def fine(checked: str, found: str) -> Finding:
    return Finding(OK, checked, found)


def warning(checked: str, found: str, remedy: str = "", action: Action = "") -> Finding:
    return Finding(WARNING, checked, found, remedy, action)


def error(checked: str, found: str, remedy: str = "", action: Action = "") -> Finding:
    return Finding(ERROR, checked, found, remedy, action)


def worst(findings: Iterable[Finding]) -> Level:
    """The level of all of them together."""
    return max((each.level for each in findings), key=_ORDER.index, default=OK)


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    """Problems, then warnings, then what is in order; each in the order in which it was found."""
    return sorted(findings, key=lambda each: -_ORDER.index(each.level))


def led_elsewhere(checked: str, now: str, wanted: str, service: str) -> Finding:
    """Whether the address that ``service`` calls ``now`` is the ``wanted`` one of ours. Another
    one may hold secrets of somebody else's, so that only its host is told."""
    if now and now == wanted:
        return fine(checked, _("%(service)s calls this server.") % {"service": service})
    if not now:
        lost = _("%(service)s has no address of ours any more: no message arrives.")
        again = _("Connect again to give it back.")
        return error(checked, lost % {"service": service}, again, "connect")
    taken = _("%(service)s calls %(host)s instead: no message arrives here.")
    told = {"service": service, "host": host_of(now)}
    ours = _(
        "Somebody else gave it that address. Connect again to take it back, if it is meant to "
        "answer here."
    )
    return error(checked, taken % told, ours, "connect")


def host_of(url: str) -> str:
    """The host that ``url`` names, and nothing of what comes behind it."""
    return url.partition("://")[2].partition("/")[0].rpartition("@")[2] or _("another address")
