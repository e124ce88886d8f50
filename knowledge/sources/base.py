"""What every kind of source is and does: one class in one file, listed in ``knowledge.sources``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from django.utils.functional import _StrPromise

    from knowledge.texts import Parsed


class UnreadError(Exception):
    """A source could not be read; the message tells a person why and what to do."""


class StoppedError(Exception):
    """Nobody wants the reading any more."""


@dataclass(frozen=True)
class Reading:
    """What a reader is given: the original file, if there is one; whom to tell how many pages are
    done, with words about what was left out; whether to stop."""

    original: Path | None
    progress: Callable[[int], None]
    note: Callable[[str], None]
    is_stopped: Callable[[], bool]


class SourceKind(Protocol):
    """One kind of source. ``read`` raises ``UnreadError`` and ``StoppedError``; it runs in a worker
    and may run twice."""

    type: ClassVar[str]
    label: ClassVar[str | _StrPromise]
    icon: ClassVar[str]

    def name_of(self, source: Mapping[str, Any]) -> str:
        """What to call the source as long as it has no name."""
        ...

    def read(self, source: Mapping[str, Any], reading: Reading) -> Parsed: ...
