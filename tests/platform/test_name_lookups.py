"""Names whose servers never answer, between others."""

from __future__ import annotations

import asyncio
import socket
from threading import Event
from typing import TYPE_CHECKING, Any

import pytest

from common.name_lookups import MOST_OF_DOMAIN, BusyError, NameLookups

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def answered() -> Iterator[Event]:
    """The servers of evil.test answer when it is set."""
    event = Event()
    yield event
    event.set()


async def test_slow_names_hold_up_neither_others_nor_the_process(answered: Event) -> None:
    def look_up(host: str, port: int) -> list[Any]:
        if "evil" in host and not answered.is_set():
            answered.wait(30)
        return socket.getaddrinfo("127.0.0.1", port)

    names = NameLookups(look_up)
    slow = [
        asyncio.ensure_future(names.infos(f"x{number}.evil.test.", 80, 30))
        for number in range(MOST_OF_DOMAIN)
    ]
    await asyncio.sleep(0)
    with pytest.raises(BusyError):
        await names.infos("another.EVIL.test", 80, 30)
    assert await names.infos("shop.example", 80, 30)
    assert await asyncio.get_running_loop().getaddrinfo("127.0.0.1", 80)
    assert not any(each.done() for each in slow)
    answered.set()
    assert all(await asyncio.gather(*slow))
    assert await names.infos("another.evil.test", 80, 30)


async def test_a_name_that_takes_too_long_is_waited_for_no_longer(answered: Event) -> None:
    names = NameLookups(lambda _host, _port: [answered.wait(30)])
    with pytest.raises(TimeoutError):
        await names.infos("slow.evil.test", 80, 0.01)
