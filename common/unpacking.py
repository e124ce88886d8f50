"""Answers over HTTP as they arrive, decompressed a little at a time.

httpx undoes as many layers of compression as a server names, each in one go: two layers make a
gigabyte of two kilobytes. Here one layer is undone, and never more at once than is looked at.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

import httpx

from common.compression import EITHER

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

# Bytes of an answer that are given at once.
AT_ONCE = 64 * 1024
# What to ask for, so that nothing else comes.
ACCEPTED = {"Accept-Encoding": "gzip"}


def pieces(response: httpx.Response) -> Iterator[bytes]:
    """The body of an answer; raises ``httpx.DecodingError`` for one that is damaged, or compressed
    in another way."""
    unpack = _Unpacking(response)
    for raw in response.iter_raw():
        yield from unpack(raw)


async def async_pieces(response: httpx.Response) -> AsyncIterator[bytes]:
    """The same for asynchronous callers."""
    unpack = _Unpacking(response)
    async for raw in response.aiter_raw():
        for piece in unpack(raw):
            yield piece


class _Unpacking:
    def __init__(self, response: httpx.Response) -> None:
        encoding = response.headers.get("Content-Encoding", "").strip().lower()
        if encoding not in {"", "identity", "gzip", "x-gzip", "deflate"}:
            raise httpx.DecodingError("It is compressed in a way that was not asked for.")
        is_plain = encoding in {"", "identity"}
        self._inflater = None if is_plain else zlib.decompressobj(EITHER)

    def __call__(self, raw: bytes) -> Iterator[bytes]:
        if self._inflater is None:
            yield raw
            return
        while True:
            try:
                piece = self._inflater.decompress(raw, AT_ONCE)
            except zlib.error as error:
                raise httpx.DecodingError(str(error)) from error
            raw = self._inflater.unconsumed_tail
            if piece:
                yield piece
            if not raw and len(piece) < AT_ONCE:
                return
