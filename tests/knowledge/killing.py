"""Workers that are killed, in processes of their own, and the time after that."""

from __future__ import annotations

import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from django_redis import get_redis_connection

from common import leases
from drafts import jobs
from knowledge import tasks
from knowledge.beside.states import READING
from knowledge.models import IndexedDocument
from tests.support.live import environment

if TYPE_CHECKING:
    from collections.abc import Iterator

# What a worker is told: a task's name, and its arguments.
Message = tuple[str, tuple[str, ...]]


def work_on(what: str, base_id: str, crash_at: str = "", **env: str) -> int:
    """``index`` or ``remove`` the base in another process, which dies at ``crash_at``; its exit
    status. ``env`` is its environment's."""
    with _process(what, base_id, CRASH_AT=crash_at, **env) as process:
        return process.wait(100)


def work_elsewhere(message: Message, crash_at: str = "") -> int:
    """Do what a worker is told in another process, which dies at ``crash_at``; its exit status."""
    with elsewhere(message, crash_at) as process:
        return process.wait(100)


@contextmanager
def elsewhere(message: Message, crash_at: str = "") -> Iterator[subprocess.Popen[bytes]]:
    """Another process that does what a worker is told; servers of tests are on this machine."""
    task, arguments = message
    env = {"CRASH_AT": crash_at, "OUTBOUND_ALLOWED_HOSTS": "127.0.0.1"}
    with _process("task", _name(task), *arguments, **env) as process:
        yield process


def work_here(message: Message) -> None:
    """Do what a worker is told in this process."""
    task, arguments = message
    getattr(tasks, _name(task))(*arguments)


def later() -> None:
    """As if the leases of whoever was killed had run out."""
    IndexedDocument.objects.exclude(leased_until=None).update(leased_until="2000-01-01T00:00:00Z")
    leases.forget_all()
    jobs.forget_wakes()
    redis = get_redis_connection("drafts")
    for place in redis.zrange(READING, 0, -1):
        redis.zadd(READING, {place: 0})


def _name(task: str) -> str:
    """What the task is called in its module."""
    return task.rpartition(".")[2]


@contextmanager
def _process(*words: str, **env: str) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "tests.knowledge.crashing", *words]
    with subprocess.Popen(command, env=environment() | env) as process:
        try:
            yield process
        finally:
            process.kill()
