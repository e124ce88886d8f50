"""A service that cannot be kept alive ends the product; many that die once each do not."""

from __future__ import annotations

import signal
import sys
import time
from functools import partial
from typing import TYPE_CHECKING

import pytest

from privexbot.embedded.children import Service, start
from privexbot.supervisor import DEATHS, HopelessError, Supervisor

if TYPE_CHECKING:
    from collections.abc import Iterator

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@pytest.fixture
def supervisor() -> Iterator[Supervisor]:
    before = [signal.getsignal(each) for each in SIGNALS]
    yield Supervisor(say=lambda words: None)
    for each, handler in zip(SIGNALS, before, strict=True):
        signal.signal(each, handler)


def dying(name: str) -> Service:
    """One whose process ends by itself."""
    service = Service(partial(start, name, [sys.executable, "-c", ""]))
    service.start()
    return service


def revive(supervisor: Supervisor, service: Service) -> None:
    """Start ``service`` again once it has died."""
    end(service)
    supervisor._revive(service)
    end(service)


def end(service: Service) -> None:
    while service.alive:
        time.sleep(0.01)


def test_what_dies_again_and_again_is_given_up(supervisor: Supervisor) -> None:
    broken = dying("Broken")
    for _death in range(DEATHS - 1):
        revive(supervisor, broken)
    with pytest.raises(HopelessError, match="Broken stops again and again"):
        revive(supervisor, broken)


def test_many_that_die_once_are_all_started_again(supervisor: Supervisor) -> None:
    services = [dying(f"Service {number}") for number in range(DEATHS)]
    for service in services:
        revive(supervisor, service)
