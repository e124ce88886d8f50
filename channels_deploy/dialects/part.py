"""What a channel is sent of an answer: parts, each of which one call can send."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Button:
    """Says ``data`` when it is pressed, or opens ``url``; one of them is empty."""

    label: str
    data: str = ""
    url: str = ""


Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True)
class Part:
    """``text`` as the channel writes it, and ``plain`` as people see it: to send where the channel
    refuses the markup. Neither is empty. ``buttons`` are in rows and stand below the text, or are
    entries of a list that opens."""

    text: str
    plain: str
    buttons: Rows = ()
    opens_a_list: bool = False


def part_of(data: Mapping[str, Any]) -> Part:
    """The part of which ``dataclasses.asdict`` made ``data``."""
    rows = tuple(tuple(Button(**each) for each in row) for row in data["buttons"])
    return Part(**{**data, "buttons": rows})
