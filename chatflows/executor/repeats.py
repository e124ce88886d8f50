"""What is told of steps that a node runs again and again: which time it was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from common.words import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterable

# What people call the times that a node runs what hangs on it: the rounds of a loop, the items of
# a list, the steps of an agent.
Repeated = Literal["round", "item", "step"]


class Repeat(NamedTuple):
    """One of those times; ``number`` counts from one."""

    what: Repeated
    number: int


def named(name: str, repeats: Iterable[Repeat]) -> str:
    """What is run is called ``name``; with the times that it was, the outermost first."""
    for what, number in repeats:
        name = _words(what) % {"name": name, "number": number}
    return name


def where_more() -> str:
    """Where a flow is allowed more rounds, for whoever builds it."""
    return _("Allow more in the step Settings, “%(setting)s”.") % {
        "setting": _("Most rounds of a loop")
    }


def _words(what: Repeated) -> str:
    return {
        "round": _("%(name)s · round %(number)d"),
        "item": _("%(name)s · item %(number)d"),
        "step": _("%(name)s · step %(number)d"),
    }[what]
