"""The embedded servers: where they listen, as whom they run, what they say when they cannot."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import environ
import psycopg
import pytest

from privexbot import ports
from privexbot.embedded import EmbeddedError, endpoints, postgres
from privexbot.embedded.children import LAUNCHER
from privexbot.embedded.endpoints import LONGEST_SOCKET_PATH, POSTGRES_SOCKET, socket_dir
from privexbot.embedded.launch import NOBODY
from privexbot.embedded.running import kept

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT_ON_LINUX = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0, reason="needs root on Linux"
)


def env_of(**variables: str) -> environ.Env:
    env = environ.Env()
    env.ENVIRON = variables
    return env


@pytest.fixture
def closed(tmp_path: Path) -> Path:
    """A data folder inside a folder that only its owner may enter, like root's home."""
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    return home / "var"


def test_without_addresses_the_embedded_sockets_are_used(tmp_path: Path) -> None:
    found = endpoints(env_of(), tmp_path)

    assert found.database_url == f"postgresql://postgres@/{tmp_path}/run/privexbot"
    assert found.redis_url(1) == f"unix://{tmp_path}/run/valkey.sock?db=1"
    assert found.broker_url == f"redis+socket://{tmp_path}/run/valkey.sock?virtual_host=0"


@pytest.mark.parametrize(
    ("given", "drafts", "broker"),
    [
        ("redis://h:1", "redis://h:1/1", "redis://h:1/0"),
        ("redis://h:1/7", "redis://h:1/1", "redis://h:1/0"),
        ("redis://:p%40ss@h/0?x=1", "redis://:p%40ss@h/1?x=1", "redis://:p%40ss@h/0?x=1"),
        ("rediss://h", "rediss://h/1", "rediss://h/0?ssl_cert_reqs=required"),
        ("redis://h/?db=3&x=1", "redis://h/1?x=1", "redis://h/0?x=1"),
        ("unix://:p@/s?db=3", "unix://:p@/s?db=1", "redis+socket://:p@/s?virtual_host=0"),
        ("unix:///s.sock?db=3", "unix:///s.sock?db=1", "redis+socket:///s.sock?virtual_host=0"),
    ],
)
def test_the_three_databases_of_a_given_redis(given: str, drafts: str, broker: str) -> None:
    found = endpoints(env_of(REDIS_URL=given), Path("/nowhere"))

    assert found.redis_url(1) == drafts
    assert found.broker_url == broker


def test_a_long_folder_name_moves_the_sockets_to_a_short_one(tmp_path: Path) -> None:
    folder = socket_dir(tmp_path / ("long" * 30))

    assert len(str(folder / POSTGRES_SOCKET)) <= LONGEST_SOCKET_PATH
    assert folder != socket_dir(tmp_path / ("long" * 31))


def test_a_socket_folder_that_somebody_put_there_is_refused(tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "var" / "run").symlink_to(tmp_path / "elsewhere")

    with (
        pytest.raises(EmbeddedError, match="belongs to somebody else"),
        kept(endpoints(env_of(), tmp_path / "var"), "a test"),
    ):
        pass


def test_so_is_the_folder_of_the_claims_on_ports(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / f"privexbot-{os.getuid()}").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(EmbeddedError, match="belongs to somebody else"), ports.claimed(8000):
        pass
    assert not list((tmp_path / "elsewhere").iterdir())


@pytest.fixture(params=["namespace", "nobody"])
def running(request: pytest.FixtureRequest, closed: Path) -> Iterator[tuple[str, Path]]:
    """PostgreSQL started by root in one of the two ways of not being root."""
    mode = request.param
    trial = [sys.executable, str(LAUNCHER), str(os.getpid()), "9", mode, "/bin/true"]
    if subprocess.run(trial, check=False).returncode:
        pytest.skip(f"{mode} is not possible on this machine")
    child = postgres.launch(closed, mode=mode)
    try:
        postgres.wait(child, closed)
        yield mode, closed
    finally:
        child.stop()


@ROOT_ON_LINUX
def test_root_runs_postgresql_as_somebody_else(running: tuple[str, Path]) -> None:
    mode, data_dir = running
    address = f"host={socket_dir(data_dir)} user=postgres dbname=privexbot"
    with psycopg.connect(address) as connection:
        connection.execute("CREATE EXTENSION vector")
        connection.execute("CREATE EXTENSION pg_trgm")
        found = connection.execute("SELECT '[1,2]'::vector <-> '[1,3]'").fetchone()

    owner = (data_dir / "postgres").stat().st_uid
    assert found == (1.0,)
    assert owner == {"namespace": 0, "nobody": NOBODY}[mode]
    assert stat.S_IMODE(data_dir.parent.stat().st_mode) == 0o700


@ROOT_ON_LINUX
def test_one_way_takes_over_from_the_other(closed: Path) -> None:
    """A machine may forbid tomorrow what it allows today."""
    for mode in ("namespace", "nobody", "namespace"):
        child = postgres.launch(closed, mode=mode)
        try:
            postgres.wait(child, closed)
        finally:
            child.stop()


def test_a_full_disk_is_named(tmp_path: Path) -> None:
    words = postgres._failure("FATAL: could not write: No space left on device\n")

    assert "disk is full" in words
    assert "your data is kept" in words


@ROOT_ON_LINUX
def test_too_little_room_is_told_before_anything_is_made(tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=50m", "tmpfs", str(small)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("mounting is not possible on this machine")
    try:
        with pytest.raises(EmbeddedError, match=r"Too little room .* 300 MB are needed"):
            postgres.launch(small / "var")
        assert not (small / "var" / "postgres").exists()
    finally:
        subprocess.run(["umount", str(small)], check=True)
