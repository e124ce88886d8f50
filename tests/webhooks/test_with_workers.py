"""Events through real workers: told at once, and delivered although a worker is killed."""

from __future__ import annotations

import os
import signal
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from privexbot.embedded import children
from privexbot.env import DATA_DIR
from tests.conversations.conftest import deployed
from tests.support.live import environment
from tests.webhooks.conftest import say
from webhooks import subscribing
from webhooks.models import EventDelivery
from webhooks.subscribing import Wanted
from webhooks.waking import wake

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.servers.receiver import ReceiverServer
    from workspaces.access import Actor

PATIENCE = 30.0


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@contextmanager
def own_worker(name: str) -> Iterator[children.Child]:
    """One that may be killed."""
    words = ["celery", "-A", "privexbot", "worker", "--pool", "threads", "--concurrency", "2"]
    command = [sys.executable, "-m", *words, "--loglevel", "INFO", "--without-mingle"]
    env = environment() | {"OUTBOUND_ALLOWED_HOSTS": "127.0.0.1"}
    child = children.start(name, [*command, "-n", name], env=env, log=DATA_DIR / "log" / name)
    try:
        yield child
    finally:
        child.stop()


@pytest.mark.usefixtures("worker")
def test_an_event_is_told_as_it_happens(alice: Actor, receiver: ReceiverServer) -> None:
    hook = receiver.hook("")
    wanted = Wanted(["conversation.created", "message.created"], hook.url)
    hook.secret = subscribing.create(alice, wanted)[1]
    bot = deployed(alice.workspace)
    for number in range(5):
        say(bot, f"s-{number}")
    taken = receiver.until_taken(hook, 15)
    assert len({each.id for each in taken}) == 15
    until(lambda: EventDelivery.objects.filter(status="sent").count() == 15)


@pytest.mark.usefixtures("transactional_db", "redis_clean")
def test_a_worker_that_is_killed_in_the_midst_is_followed(
    alice: Actor, receiver: ReceiverServer
) -> None:
    hook = receiver.hook("")
    hook.secret = subscribing.create(alice, Wanted(["conversation.created"], hook.url))[1]
    receiver.rule(hook.path, "hang", nth=1)
    with own_worker("killed") as first:
        say(deployed(alice.workspace))
        until(lambda: len(receiver.calls) == 1)
        os.killpg(first.process.pid, signal.SIGKILL)
    with own_worker("second"):
        wake()
        # As long as the lease lasts, nobody else begins.
        until(lambda: EventDelivery.objects.get().attempts == 1)
        assert hook.taken == []
        EventDelivery.objects.update(lease_until=timezone.now())
        wake()
        (taken,) = receiver.until_taken(hook)
        until(lambda: EventDelivery.objects.get().status == "sent")
    row = EventDelivery.objects.get()
    assert (row.attempts, row.event_id) == (2, taken.id)
    assert receiver.calls[0].headers["webhook-id"] == taken.id
