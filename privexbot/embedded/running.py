"""Keeps the embedded servers up for as long as somebody needs them.

The first process to come starts them and is their keeper; those who come later are guests. A
keeper that is done waits for its guests before it stops the servers. The product itself does not
wait: it stops when it is told to.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from privexbot.embedded import postgres, valkey
from privexbot.embedded.children import Service
from privexbot.embedded.errors import AlreadyRunningError, EmbeddedError
from privexbot.embedded.lock import Lock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from privexbot.embedded.children import Child
    from privexbot.embedded.endpoints import Endpoints

Say = Callable[[str], object]
GUEST_PATIENCE = 60.0
READY = "ready"


def whisper(_: str) -> None:
    """Say nothing."""


@dataclass
class Servers:
    """The embedded servers that ``endpoints`` need, kept by the one who holds ``lock``."""

    endpoints: Endpoints
    lock: Lock
    signature: str
    # The last keeper did not take its leave: its other processes may still be going away.
    after_crash: bool = False
    services: list[Service] = field(default_factory=list)

    def start(self, say: Say = whisper) -> None:
        """Start what is needed, both at once, and return when it answers."""
        data_dir, waits = self.endpoints.data_dir, []
        if not self.endpoints.given_redis_url:
            waits.append((valkey.wait, self._start(Service(partial(valkey.launch, data_dir)))))
        if not self.endpoints.given_database_url:
            if not (data_dir / "postgres").exists():
                say("Making the database (this once)")
            lingers = partial(postgres.lingers, data_dir)
            service = Service(partial(postgres.launch, data_dir), lingers=lingers)
            waits.append((postgres.wait, self._start(service)))
        for wait, child in waits:
            wait(child, data_dir)
        self.lock.sign(f"{self.signature}\n{READY}")

    def _start(self, service: Service) -> Child:
        service.folder = self.endpoints.data_dir
        self.services.append(service)
        return service.start()

    def stop(self) -> None:
        """Stop in reverse order."""
        while self.services:
            self.services.pop().stop()


@contextmanager
def keeping(endpoints: Endpoints, who: str) -> Iterator[Servers]:
    """Be the keeper of servers still to be started; ``AlreadyRunningError`` when another is."""
    signature = f"{who} (process {os.getpid()})"
    with closing(keeper_lock(endpoints.data_dir)) as lock:
        if not lock.take():
            raise AlreadyRunningError(lock.signature().partition("\n")[0])
        servers = Servers(endpoints, lock, signature, after_crash=bool(lock.signature()))
        lock.sign(signature)
        try:
            yield servers
        finally:
            servers.stop()
            lock.sign("")


@contextmanager
def kept(endpoints: Endpoints, who: str, say: Say = whisper) -> Iterator[Servers]:
    """The same with the servers started."""
    with keeping(endpoints, who) as servers:
        servers.start(say)
        yield servers


def keeper_lock(data_dir: Path) -> Lock:
    return Lock(data_dir / "keeper.lock")


def guest_lock(data_dir: Path) -> Lock:
    return Lock(data_dir / "guests.lock")


@contextmanager
def running(endpoints: Endpoints, who: str) -> Iterator[None]:
    """The servers are up inside the block, ours or somebody's who is running already."""
    if endpoints.given_database_url and endpoints.given_redis_url:
        yield
        return
    with ExitStack() as stack:
        deadline = time.monotonic() + GUEST_PATIENCE
        while not (_joined(endpoints, stack) or _keeping(endpoints, who, stack)):
            if time.monotonic() > deadline:
                raise EmbeddedError("The databases of this data folder do not become ready.")
            time.sleep(0.05)
        yield


def _keeping(endpoints: Endpoints, who: str, stack: ExitStack) -> bool:
    """Become the keeper, who sees the guests off before the servers stop."""
    with ExitStack() as attempt:
        guests = attempt.enter_context(closing(guest_lock(endpoints.data_dir)))
        try:
            attempt.enter_context(kept(endpoints, who))
        except AlreadyRunningError:
            return False
        attempt.callback(_see_off, guests)
        stack.push(attempt.pop_all())
        return True


def _joined(endpoints: Endpoints, stack: ExitStack) -> bool:
    """Become a guest of a keeper whose servers are ready."""
    with ExitStack() as attempt:
        guest = attempt.enter_context(closing(guest_lock(endpoints.data_dir)))
        if not guest.take(shared=True):  # the keeper is seeing its guests off
            return False
        keeper = attempt.enter_context(closing(keeper_lock(endpoints.data_dir)))
        if keeper.take() or not keeper.signature().endswith(READY):
            return False
        keeper.close()
        stack.push(attempt.pop_all())
        return True


def _see_off(guests: Lock) -> None:
    """Wait for the guests; nobody becomes one from here until ``guests`` is closed."""
    if not guests.take():
        sys.stderr.write("Waiting for other commands that use the databases.\n")
        guests.take(wait=True)
