"""Keeps services alive until told to stop. Knows nothing about what they do."""

from __future__ import annotations

import os
import select
import signal
import time
from collections import defaultdict, deque
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import FrameType

    from privexbot.embedded.children import Service

# What dies this often within so many seconds will not get better by being started again.
DEATHS, WITHIN = 5, 60.0
TICK = 0.25


class StopRequestedError(Exception):
    """Ctrl-C or SIGTERM came before everything was up."""


class HopelessError(Exception):
    """A service cannot be kept alive; the message says which."""


class Supervisor:
    """Starts services, starts again what dies, stops all at once."""

    def __init__(self, say: Callable[[str], object], parent: int | None = None) -> None:
        self.say = say
        self.parent = parent
        self.stopping = False
        self.services: list[Service] = []
        self.without_room: set[int] = set()
        # By service: one that takes others along when it dies is to blame alone.
        self.deaths: defaultdict[int, deque[float]] = defaultdict(partial(deque, maxlen=DEATHS))
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop_soon)

    def _stop_soon(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def is_to_stop(self) -> bool:
        """Whether somebody said so, or ``parent``, with whom we stop, is gone."""
        return self.stopping or (self.parent is not None and os.getppid() != self.parent)

    def start(self, service: Service) -> None:
        self.services.append(service)
        service.start()

    def stop(self) -> None:
        for service in self.services:
            service.ask_to_stop()
        while self.services:
            self.services.pop().await_end()

    def wait_for(self, report: int) -> None:
        """Return when something can be read from ``report``."""
        while not select.select([report], [], [], TICK)[0]:
            if self.is_to_stop():
                raise StopRequestedError
        if not os.read(report, 100):  # closed without a word
            raise HopelessError("The web server does not start; see above.")

    def watch(self, others: Sequence[Service] = ()) -> None:
        """Keep ours and ``others`` alive; return when told to stop."""
        while not self.is_to_stop():
            for service in (*others, *self.services):
                if service.alive and service.lingers():
                    self._end(service)
                if not service.alive:
                    self._revive(service)
            time.sleep(TICK)

    def _end(self, service: Service) -> None:
        self.say(f"{service.name} was told to stop and waits for others to leave. Ending it.")
        service.stop()

    def _revive(self, service: Service) -> None:
        if not service.has_room:
            self._tell_of_full_disk(service)
            return
        self.without_room.discard(id(service))
        deaths = self.deaths[id(service)]
        deaths.append(time.monotonic())
        if len(deaths) == DEATHS and deaths[-1] - deaths[0] < WITHIN:
            raise HopelessError(f"{service.name} stops again and again.")
        self.say(f"{service.name} stopped unexpectedly. Starting it again.")
        service.start()

    def _tell_of_full_disk(self, service: Service) -> None:
        """Once, although it is looked at again and again."""
        if id(service) not in self.without_room:
            self.say(f"The disk is full. {service.name} starts again as soon as there is room.")
        self.without_room.add(id(service))
