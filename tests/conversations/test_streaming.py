"""Frames on the wire, whatever becomes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conversations.answering import Frame
from conversations.streaming import encoded, kept_alive

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator


async def _frames(*, broken: Frame | None) -> AsyncGenerator[Frame]:
    yield Frame("token", {"text": "One"})
    if broken is None:
        raise RuntimeError("the frames end")
    yield broken


@pytest.mark.parametrize(
    "broken",
    [None, Frame("token", {"text": "\ud800"})],
    ids=["raises", "holds what cannot be encoded"],
)
async def test_a_stream_that_breaks_off_ends_with_an_error_and_is_logged(
    broken: Frame | None, caplog: pytest.LogCaptureFixture
) -> None:
    stream = kept_alive(encoded(_frames(broken=broken)))
    told = b"".join([chunk async for chunk in stream]).decode()
    assert [line for line in told.splitlines() if line.startswith("event")] == [
        "event: token",
        "event: error",
    ]
    assert '"code":"internal"' in told
    assert caplog.text.count("a stream broke off") == 1
