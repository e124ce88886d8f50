"""Which buttons a channel shows of an answer: replies to pick, and links to open."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from channels_deploy.dialects.part import Button
from common.plain_text import visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from channels_deploy.dialects.part import Rows


def in_bytes(text: str) -> int:
    """Bytes of UTF-8."""
    return len(text.encode(errors="replace"))


@dataclass(frozen=True)
class Keyboard:
    """What a channel takes as buttons: how many in how many rows, and how long they may be.

    ``width`` is how many characters of labels look well in one row. Where ``url`` is 0 there are no
    buttons that open an address. ``body`` is how long a text may be that has buttons below it. One
    that ``opens`` is a list behind a single button.
    """

    rows: int
    columns: int
    label: int
    data: int
    url: int = 0
    width: int = 1_000
    body: int = 1_000_000
    opens: bool = False
    size: Callable[[str], int] = len

    def takes(self, button: Button) -> bool:
        if button.url:
            return len(button.url) <= self.url and len(button.label) <= self.label
        return len(button.label) <= self.label and self.size(button.data) <= self.data

    def rows_of(self, buttons: Iterable[Button]) -> Rows:
        """As many of ``buttons`` as there is room for, in their order."""
        rows: list[list[Button]] = []
        for button in filter(self.takes, buttons):
            if rows and self._fits(rows[-1], button):
                rows[-1].append(button)
            elif len(rows) < self.rows:
                rows.append([button])
            else:
                break
        return tuple(map(tuple, rows))

    def _fits(self, row: Sequence[Button], button: Button) -> bool:
        taken = sum(len(each.label) for each in row) + len(button.label)
        same = bool(row[-1].url) == bool(button.url)
        return same and len(row) < self.columns and taken <= self.width


@dataclass(frozen=True)
class Keys:
    """What is shown of an answer's replies and links, on which keyboard. ``listed`` are replies to
    write out in the text, since not all of them are buttons: with each its number, which can be
    answered too."""

    rows: Rows = ()
    listed: tuple[str, ...] = ()
    keyboard: Keyboard | None = None

    @property
    def shown(self) -> tuple[Button, ...]:
        return tuple(button for row in self.rows for button in row)


def keys(replies: Iterable[str], links: Iterable[Button], keyboards: Sequence[Keyboard]) -> Keys:
    """The buttons on the first of ``keyboards`` that takes all replies, or on the last one."""
    labels = {visible(reply): reply.strip() for reply in replies}
    buttons = [Button(label, data=said) for label, said in labels.items() if label]
    found = Keys()
    for keyboard in keyboards:
        rows = keyboard.rows_of([*buttons, *dict.fromkeys(links)])
        found = Keys(rows, keyboard=keyboard)
        if set(buttons) <= set(found.shown):
            return found
    return replace(found, listed=tuple(button.label for button in buttons))
