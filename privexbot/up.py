"""Runs the whole product in the foreground: databases, web processes, worker. Without Django.

``python manage.py up``. When it is killed, the kernel stops its children.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from contextlib import ExitStack, suppress
from functools import partial
from typing import TYPE_CHECKING

from privexbot import metric_files, ports
from privexbot.embedded import AlreadyRunningError, EmbeddedError, Servers, endpoints
from privexbot.embedded.children import Child, Service, start
from privexbot.embedded.running import keeping
from privexbot.env import BASE_DIR, DATA_DIR, env
from privexbot.supervisor import HopelessError, StopRequestedError, Supervisor

if TYPE_CHECKING:
    import socket

WHO = "PrivexBot"
# For a command such as migrate that is just using the databases.
PATIENCE_WITH_COMMANDS = 30.0
# For the web processes of a predecessor that was killed.
PATIENCE_WITH_PORT = 6.0
MEMORY_FOR_TWO = 2 * 1024**3
ROOT_IS_FINE = "ignore:You're running the worker with superuser privileges"
METRICS = metric_files.folder(DATA_DIR)


def say(words: str) -> None:
    with suppress(OSError):  # what we write to may be a file on a full disk
        sys.stdout.write(f"{words}\n")
        sys.stdout.flush()


def main(arguments: list[str]) -> int:
    """Run until told to stop; the exit status."""
    parser = argparse.ArgumentParser("manage.py up", description=__doc__)
    parser.add_argument(
        "--stop-with-parent", action="store_true", help="stop when the caller is gone"
    )
    options = parser.parse_args(arguments)
    supervisor = Supervisor(say, os.getppid() if options.stop_with_parent else None)
    try:
        with ExitStack() as stack:
            run(supervisor, stack)
            say("Stopping")
    except StopRequestedError:
        return 0
    except (EmbeddedError, ports.PortTakenError, HopelessError) as error:
        say(str(error))
        return 1
    return 0


def run(supervisor: Supervisor, stack: ExitStack) -> None:
    """Start everything and keep it alive until told to stop."""
    began = time.monotonic()
    servers = keep(stack)
    host, port = env.str("HOST", default="localhost"), env.int("PORT", default=8000)
    patience = PATIENCE_WITH_PORT if servers.after_crash else 0
    stack.enter_context(ports.claimed(port, patience=patience))
    first, *others = ports.bind(host, port, web_processes(), patience=patience)
    stack.enter_context(metric_files.empty(METRICS))
    servers.start(say)
    stack.callback(supervisor.stop)
    start_first_web(supervisor, first)
    for sockets in others:
        supervisor.start(Service(partial(web, sockets)))
    supervisor.start(Service(worker))
    say(f"PrivexBot runs at {address(port)} ({time.monotonic() - began:.1f} s). Ctrl-C stops it.")
    supervisor.watch(servers.services)


def keep(stack: ExitStack) -> Servers:
    """Become the keeper of the databases, if need be after a command that is using them."""
    deadline = time.monotonic() + PATIENCE_WITH_COMMANDS
    while True:
        try:
            return stack.enter_context(keeping(endpoints(env, DATA_DIR), WHO))
        except AlreadyRunningError as error:
            if error.keeper.startswith(WHO) or time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def web_processes() -> int:
    """One per core, at most two by default; one where memory is short."""
    given: int = env.int("WEB_PROCESSES", default=0)
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return given or (2 if (os.cpu_count() or 1) > 1 and memory >= MEMORY_FOR_TWO else 1)


def start_first_web(supervisor: Supervisor, sockets: list[socket.socket]) -> None:
    """Start the process that also brings tables and static files up to date; return when it
    answers."""
    reading, writing = os.pipe()
    service = Service(partial(web, sockets))
    supervisor.services.append(service)
    service.child = web(sockets, "--prepare", "--report", str(writing), also=(writing,))
    os.close(writing)
    supervisor.wait_for(reading)
    os.close(reading)


def web(sockets: list[socket.socket], *options: str, also: tuple[int, ...] = ()) -> Child:
    forget_gauges_of_the_dead()
    descriptors = [each.fileno() for each in sockets]
    words = ("serve", *options, *map(str, descriptors))
    return start(
        "The web server", manage(*words), env=environment(), pass_fds=(*descriptors, *also)
    )


def forget_gauges_of_the_dead() -> None:
    """What a process that was killed had open is not open any more."""
    for file in METRICS.glob("gauge_live*_*.db"):
        pid = file.stem.rpartition("_")[2]
        try:
            os.kill(int(pid), 0)
        except (ProcessLookupError, ValueError):
            file.unlink(missing_ok=True)


def worker() -> Child:
    """Threads, because tasks wait for others most of the time: four of them and the schedule take
    85 MB, two processes and the schedule's take 230 MB. Of the six, knowledge leaves two to all
    other work."""
    python = (sys.executable, "-W", ROOT_IS_FINE, "-m")
    options = ("--pool", "threads", "--concurrency", "8", "--beat-thread")
    quieter = ("--loglevel", "WARNING", "--without-gossip", "--without-mingle")
    command = (*python, "celery", "--quiet", "-A", "privexbot", "worker", *options, *quieter)
    return start("The worker", command, env=environment())


def manage(*words: str) -> list[str]:
    return [sys.executable, str(BASE_DIR / "manage.py"), *words]


def environment() -> dict[str, str]:
    """The children's: they import from here and count into one place."""
    return dict(os.environ) | {
        "PRIVEXBOT_DATA_DIR": str(DATA_DIR),
        "PROMETHEUS_MULTIPROC_DIR": str(METRICS),
        "PYTHONPATH": str(BASE_DIR),
        "DJANGO_SETTINGS_MODULE": "privexbot.settings",
    }


def address(port: int) -> str:
    given: str = env.str("PUBLIC_URL", default="")
    return given or f"http://localhost:{port}"
