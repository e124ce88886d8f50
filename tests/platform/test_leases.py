"""That one worker is at something and no other, however long a step of it takes."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from django_redis import get_redis_connection

from common import leases
from drafts import jobs
from tests.knowledge.client import wait

if TYPE_CHECKING:
    from common.leases import Lease

pytestmark = pytest.mark.usefixtures("redis_clean")
NAME = "kb:something"


@pytest.fixture
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leases that run out within the test."""
    monkeypatch.setattr(leases, "SECONDS", 1.0)
    monkeypatch.setattr(leases, "EVERY", 0.1)


def taken_by_another(name: str) -> bool:
    with leases.lease(name) as theirs:
        return theirs is not None


def lose(mine: Lease) -> str:
    """As if the machine had stood still for so long that another worker took over what there is;
    its key in Redis."""
    redis = get_redis_connection("drafts")
    key: str = next(iter(redis.scan_iter("lease:*"))).decode()
    redis.set(key, "another worker's token")
    wait(lambda: not mine.is_mine)
    return key


@pytest.mark.usefixtures("_short")
def test_it_is_kept_for_longer_than_it_lasts() -> None:
    with leases.lease(NAME) as mine:
        assert mine is not None
        time.sleep(2 * leases.SECONDS)
        assert mine.is_mine
        assert leases.is_taken(NAME)
        assert not taken_by_another(NAME)
    assert not leases.is_taken(NAME)
    assert taken_by_another(NAME)


@pytest.mark.usefixtures("_short")
def test_what_was_lost_is_not_taken_from_whoever_has_it_now() -> None:
    with leases.lease(NAME) as mine:
        assert mine is not None
        key = lose(mine)
    assert get_redis_connection("drafts").get(key) == b"another worker's token"


@pytest.mark.usefixtures("_short")
def test_a_job_that_was_lost_is_not_taken_from_whoever_has_it_now() -> None:
    begun = jobs.begin("draft", "evaluation", {})
    with jobs.held("draft", "evaluation") as mine:
        assert mine is not None
        lose(mine)
    assert not jobs.is_left_alone("draft", "evaluation")
    jobs.forget("draft", ["evaluation"])
    assert not jobs.is_left_alone("draft", "evaluation")
    assert begun.is_running


@pytest.mark.usefixtures("_short")
def test_after_the_end_of_all_workers_everything_can_be_begun_again() -> None:
    with leases.lease(NAME) as mine:
        assert mine is not None
        leases.forget_all()
        assert not leases.is_taken(NAME)
        assert taken_by_another(NAME)
        wait(lambda: not mine.is_mine)


def test_a_failure_gives_it_back() -> None:
    with pytest.raises(ZeroDivisionError), leases.lease(NAME):
        raise ZeroDivisionError
    assert not leases.is_taken(NAME)


def test_of_many_at_once_one_has_it() -> None:
    def held_for_a_while(_number: int) -> bool:
        with leases.lease(NAME) as mine:
            time.sleep(0.5)
            return mine is not None

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(held_for_a_while, range(8))) == 1
