"""The sockets that the web processes answer on."""

from __future__ import annotations

import errno
import os
import socket
import tempfile
import time
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from privexbot.embedded.endpoints import own_folder
from privexbot.embedded.lock import Lock

if TYPE_CHECKING:
    from collections.abc import Iterator

LOOPBACK = ("127.0.0.1", "::1")


class PortTakenError(Exception):
    """Somebody else listens there; the message says what to do."""


@contextmanager
def claimed(port: int, *, patience: float = 0) -> Iterator[None]:
    """Keep other products of this user off ``port``, whatever their folders.

    ``patience``: seconds to wait for a predecessor that is still going away.

    The sockets alone cannot: they are made to be shared, and until somebody listens on them the
    next one who looks finds the port free.
    """
    folder = own_folder(Path(tempfile.gettempdir()) / f"privexbot-{os.getuid()}")
    with closing(Lock(folder / f"port-{port}.lock")) as lock:
        deadline = time.monotonic() + patience
        while not lock.take():
            if time.monotonic() > deadline:
                raise PortTakenError(_taken(port))
            time.sleep(0.1)
        yield


def bind(host: str, port: int, processes: int, *, patience: float = 0) -> list[list[socket.socket]]:
    """Bound sockets for each of ``processes``; the kernel spreads connections over them.

    ``patience``: seconds to wait for a predecessor that is still going away.
    """
    hosts = LOOPBACK if host == "localhost" else (host,)
    _await_free(hosts[0], port, patience)
    return [
        [bound for name in hosts if (bound := _bound(name, port, shared=True))]
        for _ in range(processes)
    ]


def _await_free(host: str, port: int, patience: float) -> None:
    deadline = time.monotonic() + patience
    while True:
        try:
            probe = _bound(host, port, shared=False)
        except PortTakenError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            if probe:
                probe.close()
            return


def _bound(host: str, port: int, *, shared: bool) -> socket.socket | None:
    """A bound socket; None where the machine has no such address (IPv6 switched off)."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        new = socket.socket(family)
        new.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if shared:
            new.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        if family == socket.AF_INET6:
            new.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        new.bind((host, port))
    except OSError as error:
        if error.errno in {errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT} and host == LOOPBACK[1]:
            return None
        raise PortTakenError(_words(error, host, port)) from error
    new.set_inheritable(True)
    return new


def _words(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return _taken(port)
    if error.errno == errno.EACCES:
        return f"Port {port} is reserved for root. Choose one above 1023: make run PORT=8000"
    return f"Cannot listen on {host}, port {port}: {error.strerror}."


def _taken(port: int) -> str:
    return (
        f"Port {port} is taken by another program. "
        f"Stop that program, or choose another port: make run PORT={port + 1}"
    )
