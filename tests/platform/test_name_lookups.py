"""Names whose servers never answer, between others."""

from __future__ import annotations

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Semaphore
from typing import TYPE_CHECKING, Any

import pytest

from common import outbound
from common.name_lookups import MOST_OF_DOMAIN, MOST_WAITING, BusyError, NameLookups

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


def test_whoever_typed_a_name_waits_for_it_no_longer(
    answered: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its thread answers requests of others."""
    found = Event()

    def look_up(host: str, port: int, **_options: Any) -> list[Any]:
        answered.wait(20)
        found.set()
        return [(None, None, None, "", ("127.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    monkeypatch.setattr(outbound, "SOON", 0.01, raising=False)
    assert outbound.refusal("slow.evil.test", 443) == ""
    assert not found.is_set()


def test_few_threads_wait_for_names(answered: Event) -> None:
    begun = Semaphore(0)

    def look_up(_host: str, _port: int) -> list[Any]:
        begun.release()
        return [answered.wait(20)]

    names = NameLookups(look_up)
    with ThreadPoolExecutor() as threads:
        waiting = [
            threads.submit(names.infos_at_once, f"slow{number}.test", 443, 20)
            for number in range(MOST_WAITING)
        ]
        assert all(begun.acquire(timeout=20) for _ in range(MOST_WAITING))
        with pytest.raises(BusyError):
            names.infos_at_once("another.example", 443, 20)
        answered.set()
        assert all(each.result() for each in waiting)
    assert names.infos_at_once("another.example", 443, 20)
