"""What a page asks of robots in ``<meta name=robots>`` and ``X-Robots-Tag``. Knows no framework."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

OUR_NAME = "privexbot"


def directives_in(values: Iterable[str]) -> tuple[bool, bool]:
    """Whether the page is not to be indexed, and whether its links are not to be followed. A value
    may begin with the name of the robot that it is for."""
    words = {word for value in values for word in _words(value)}
    return bool(words & {"noindex", "none"}), bool(words & {"nofollow", "none"})


def _words(value: str) -> Iterable[str]:
    robot = OUR_NAME
    for part in value.lower().split(","):
        name, colon, word = part.partition(":")
        if colon:
            robot = name.strip()
        if robot == OUR_NAME:
            yield (word if colon else name).strip()
