"""Undoes gzip without ever holding more than was asked for: a bomb ends at its first excess."""

from __future__ import annotations

import zlib

GZIP = b"\x1f\x8b"
# Takes gzip and zlib.
EITHER = zlib.MAX_WBITS | 32


class ExcessError(ValueError):
    """There is more than may be held."""


class Gathered:
    """Collects pieces of a body, at most ``most`` bytes once they are decompressed. Raises
    ``ExcessError``, and ``zlib.error`` when the data is damaged."""

    def __init__(self, most: int, *, compressed: bool) -> None:
        self.body = bytearray()
        self._most = most
        self._inflater = zlib.decompressobj(EITHER) if compressed else None

    def add(self, piece: bytes) -> None:
        room = self._most - len(self.body)
        if self._inflater is not None:
            piece = self._inflater.decompress(piece, room + 1)
        self.body += piece[:room]
        if len(piece) > room:
            raise ExcessError


def inflated(body: bytes, most: int) -> bytes:
    """``body``, decompressed if it is compressed."""
    if not body.startswith(GZIP):
        return body
    gathered = Gathered(most, compressed=True)
    gathered.add(body)
    return bytes(gathered.body)
