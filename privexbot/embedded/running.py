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
from typing import TYPE_CHECKING

from privexbot.embedded import postgres, valkey
from privexbot.embedded.errors import AlreadyRunningError, EmbeddedError
from privexbot.embedded.lock import Lock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from privexbot.embedded.children import Child
    from privexbot.embedded.endpoints import Endpoints

Say = Callable[[str], object]
GUEST_PATIENCE = 60.0


def whisper(_: str) -> None:
    """Say nothing."""


@dataclass
class Servers:
    """The embedded servers that ``endpoints`` need."""

    endpoints: Endpoints
    children: list[Child] = field(default_factory=list)

    @property
    def needed(self) -> bool:
        return not (self.endpoints.given_database_url and self.endpoints.given_redis_url)

    def start(self, say: Say = whisper) -> None:
        """Start what is needed, both at once, and return when it answers."""
        data_dir, waits = self.endpoints.data_dir, []
        if not self.endpoints.given_redis_url:
            self.children.append(valkey.launch(data_dir))
            waits.append(valkey.wait)
        if not self.endpoints.given_database_url:
            if not (data_dir / "postgres").exists():
                say("Making the database (this once)")
            self.children.append(postgres.launch(data_dir))
            waits.append(postgres.wait)
        for child, wait in zip(self.children, waits, strict=True):
            wait(child, data_dir)

    def stop(self) -> None:
        """Stop in reverse order."""
        while self.children:
            self.children.pop().stop()


def keeper_lock(data_dir: Path) -> Lock:
    return Lock(data_dir / "keeper.lock")


def guest_lock(data_dir: Path) -> Lock:
    return Lock(data_dir / "guests.lock")


@contextmanager
def kept(endpoints: Endpoints, who: str, say: Say = whisper) -> Iterator[Servers]:
    """Be the keeper and start the servers; ``AlreadyRunningError`` when somebody else is."""
    servers = Servers(endpoints)
    with closing(keeper_lock(endpoints.data_dir)) as lock:
        if not lock.take():
            raise AlreadyRunningError(f"Already running: {lock.signature().partition(chr(10))[0]}.")
        lock.sign(f"{who} (process {os.getpid()})")
        try:
            servers.start(say)
            lock.sign(f"{who} (process {os.getpid()})\nready")
            yield servers
        finally:
            servers.stop()


@contextmanager
def running(endpoints: Endpoints, who: str) -> Iterator[None]:
    """The servers are up inside the block, ours or somebody's who is running already."""
    if not Servers(endpoints).needed:
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
        if keeper.take() or not keeper.signature().endswith("ready"):
            return False
        keeper.close()
        stack.push(attempt.pop_all())
        return True


def _see_off(guests: Lock) -> None:
    """Wait for the guests; nobody becomes one from here until ``guests`` is closed."""
    if not guests.take():
        sys.stderr.write("Waiting for other commands that use the databases.\n")
        guests.take(wait=True)
