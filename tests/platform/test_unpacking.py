"""Compressed answers are undone a little at a time, whatever their servers say of them."""

from __future__ import annotations

import gzip
import zlib
from typing import TYPE_CHECKING

import httpx
import pytest

from common.unpacking import AT_ONCE, async_pieces, pieces
from tests.support.processor import takes_at_most

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

SAID = b"".join(b"%d said\n" % number for number in range(200_000))


class Arriving(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body in pieces of ``size`` bytes."""

    def __init__(self, body: bytes, size: int = 4096) -> None:
        self._pieces = [body[at : at + size] for at in range(0, len(body), size)]

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._pieces)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for each in self._pieces:
            yield each


def answer(body: bytes, encoding: str, size: int = 4096) -> httpx.Response:
    return httpx.Response(200, headers={"Content-Encoding": encoding}, stream=Arriving(body, size))


@pytest.mark.parametrize("size", [1, 4096, 1 << 20])
@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("", SAID[:50_000]),
        ("identity", SAID[:50_000]),
        ("gzip", gzip.compress(SAID)),
        ("X-GZIP", gzip.compress(SAID)),
        ("deflate", zlib.compress(SAID)),
    ],
)
async def test_an_answer_is_the_same_in_whatever_pieces_it_comes(
    encoding: str, body: bytes, size: int
) -> None:
    said = SAID if encoding not in {"", "identity"} else SAID[:50_000]
    assert b"".join(pieces(answer(body, encoding, size))) == said
    found = [each async for each in async_pieces(answer(body, encoding, size))]
    assert b"".join(found) == said


def test_no_more_is_undone_at_once_than_is_looked_at() -> None:
    large = gzip.compress(b"0" * 50_000_000)
    assert max(map(len, pieces(answer(large, "gzip", 1 << 20)))) == AT_ONCE


@pytest.mark.parametrize("encoding", ["gzip, gzip", "gzip,deflate", "br", "zstd", "deflate gzip"])
def test_one_layer_is_undone_and_no_more(encoding: str) -> None:
    """A gigabyte is two kilobytes in two layers."""
    twice = gzip.compress(gzip.compress(b"0" * 50_000_000))
    with pytest.raises(httpx.DecodingError), takes_at_most(1):
        list(pieces(answer(twice, encoding)))


def test_a_damaged_answer_is_told_as_one() -> None:
    with pytest.raises(httpx.DecodingError):
        list(pieces(answer(b"this is no gzip", "gzip")))
