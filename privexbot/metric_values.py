"""Where a process keeps what it counts, for ``privexbot.metrics``: in a mapped file that has room.

The kernel kills whoever writes to a part of a mapped file that the disk has no room for. So the
room is taken before a part is mapped. Where there is none, values are counted in memory alone, and
each goes to the file when it changes after there is some.
"""

from __future__ import annotations

import logging
import mmap
import os
from functools import cache
from pathlib import Path

from prometheus_client.mmap_dict import MmapedDict

logger = logging.getLogger(__name__)

FIRST_BYTES = 16 * 1024
# The most that an entry takes up beside its name: the name's length, padding, value and time.
BESIDE_NAME = 32


class RoomyDict(MmapedDict):
    """What Prometheus's client writes its values to. The client remembers each value itself and
    writes it whole, so one that finds no room now is not lost."""

    def __init__(self, filename: str) -> None:
        self._path = Path(filename)
        self._mapped = self._map()

    def read_value(self, key: str) -> tuple[float, float]:
        if not self._has_place(key):
            return 0.0, 0.0
        value, timestamp = super().read_value(key)  # type: ignore[no-untyped-call]
        return value, timestamp

    def write_value(self, key: str, value: float, timestamp: float) -> None:
        if self._has_place(key):
            super().write_value(key, value, timestamp)  # type: ignore[no-untyped-call]

    def close(self) -> None:
        if self._mapped:
            super().close()  # type: ignore[no-untyped-call]

    def _has_place(self, key: str) -> bool:
        if not self._mapped:
            self._mapped = self._map()
        return self._mapped and (key in self._positions or self._has_room(key))

    def _has_room(self, key: str) -> bool:
        needed = len(key.encode()) + BESIDE_NAME
        return self._used + needed <= self._capacity or self._grow()

    def _map(self) -> bool:
        """Map the file, made whole before anybody sees it; whether that went well."""
        new = self._path.with_suffix(".new")
        try:
            if not self._path.exists():
                new.write_bytes(bytes(FIRST_BYTES))
                new.replace(self._path)
            super().__init__(str(self._path))  # type: ignore[no-untyped-call]
        except OSError as error:
            new.unlink(missing_ok=True)
            warn(self._path.parent, error.strerror)
            return False
        return True

    def _grow(self) -> bool:
        """Double the file, then what is mapped of it; whether that went well."""
        try:
            with os.fdopen(self._f.fileno(), "ab", closefd=False) as file:
                file.write(bytes(self._capacity))
            self._m = mmap.mmap(self._f.fileno(), 2 * self._capacity)
        except OSError as error:
            os.truncate(self._f.fileno(), self._capacity)
            warn(self._path.parent, error.strerror)
            return False
        self._capacity *= 2
        return True


@cache
def warn(folder: Path, reason: str) -> None:
    """Say, once, why /metrics does not tell everything."""
    logger.warning("Metrics are counted in memory while they cannot go to %s: %s", folder, reason)
