"""What a process remembers stays small and in one piece, however many threads use it."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from common.memory import Memory, opaque_key
from privexbot import dispatch

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def hurried() -> Iterator[None]:
    """Threads take turns as often as they can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def test_what_nobody_asked_for_the_longest_goes_first() -> None:
    memory: Memory[str, int] = Memory(2)
    memory.keep("a", 1)
    memory.keep("b", 2)
    assert memory.get("a") == 1
    memory.keep("c", 3)
    assert [memory.get(key) for key in "abc"] == [1, None, 3]


def test_what_is_heavy_takes_the_room_of_many() -> None:
    memory: Memory[str, str] = Memory(10, lambda key, value: len(key) + len(value))
    for key in "abcd":
        memory.keep(key, "x")
    memory.keep("e", "x" * 6)
    assert [memory.get(key) for key in "abcde"] == [None, None, None, "x", "x" * 6]
    memory.keep("e", "y")
    memory.keep("f", "x" * 4)
    assert [memory.get(key) for key in "def"] == ["x", "y", "x" * 4]
    memory.keep("g", "x" * 10)
    assert [memory.get(key) for key in "defg"] == [None] * 4
    memory.keep("h", "x")
    assert memory.get("h") == "x"


def test_a_long_path_is_not_remembered() -> None:
    remembered = dispatch._is_stream.cache_info().currsize
    assert not any(dispatch.is_stream(f"/{number}{'x' * 60_000}") for number in range(3))
    assert dispatch.is_stream("/healthz")
    assert dispatch._is_stream.cache_info().currsize <= remembered + 1


def test_what_is_there_is_not_made_again() -> None:
    memory: Memory[str, object] = Memory(2)
    first = memory.get_or("a", object)
    assert memory.get_or("a", object) is first
    assert memory.keep("a", "other") == memory.get("a") == "other"


def test_many_threads_share_a_full_memory(hurried: None) -> None:
    memory: Memory[int, int] = Memory(3)

    def use(start: int) -> None:
        for n in range(3000):
            key = (start + n) % 7
            assert memory.get_or(key, lambda key=key: key * 10) == key * 10  # type: ignore[misc]

    with ThreadPoolExecutor(8) as threads:
        for done in [threads.submit(use, start) for start in range(8)]:
            done.result()
    assert sum(memory.get(key) is not None for key in range(7)) == 3


def test_threads_that_make_the_same_at_once_are_given_one(hurried: None) -> None:
    for _ in range(200):
        memory: Memory[str, object] = Memory(3)
        with ThreadPoolExecutor(4) as threads:
            made = [threads.submit(memory.get_or, "a", object) for _ in range(4)]
        assert len({id(each.result()) for each in made}) == 1


def test_an_opaque_key_is_the_same_for_the_same_alone() -> None:
    assert opaque_key("a", "b") == opaque_key("a", "b")
    assert len({opaque_key("a", "b"), opaque_key("ab", ""), opaque_key("a", "b", "")}) == 3
    assert b"a" * 20 not in opaque_key("a" * 20)
