"""A disk without room stops nobody: what needs no room is served, the rest is told so."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import psycopg
import pytest
from prometheus_client import CollectorRegistry, Counter, values
from prometheus_client.multiprocess import MultiProcessCollector

from privexbot.metric_values import RoomyDict
from tests.support.product import Product, free_port, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0, reason="needs root on Linux"
)
PIECE = b"\0" * 1024 * 1024
SERVERS = {"WEB_PROCESSES": "2"}


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    """A product that runs on a small disk of its own; its output goes elsewhere."""
    product = Product(tmp_path / "var", free_port(), env=SERVERS)
    product.data_dir.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=400m", "tmpfs", str(product.data_dir)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("mounting is not possible on this machine")
    try:
        (product.data_dir / "output").symlink_to(tmp_path / "output")
        product.start()
        yield product
    finally:
        product.end()
        subprocess.run(["umount", str(product.data_dir)], check=True)


@dataclass
class WithLittleMemory(Product):
    """One whose ``/dev/shm``, where it counts, is its own and small."""

    def command(self, *words: str) -> list[str]:
        script = 'mount -t tmpfs -o size=12m tmpfs /dev/shm && exec "$@"'
        return ["unshare", "-m", "sh", "-c", script, "sh", *super().command(*words)]

    @property
    def memory(self) -> Path:
        assert self.process is not None
        return Path(f"/proc/{self.process.pid}/root/dev/shm")


@pytest.fixture
def with_little_memory(tmp_path: Path) -> Iterator[WithLittleMemory]:
    if subprocess.run(["unshare", "-m", "true"], check=False, capture_output=True).returncode:
        pytest.skip("mounting is not possible on this machine")
    product = WithLittleMemory(tmp_path / "var", free_port(), env=SERVERS)
    try:
        product.start()
        yield product
    finally:
        product.end()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("mounting is not possible on this machine")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(product: Product) -> None:
    fill_up(filler(product))


def fill_up(path: Path) -> None:
    for size in (len(PIECE), 4096):
        with path.open("ab", buffering=0) as file, suppress(OSError):
            while True:
                file.write(PIECE[:size])


def make_room(product: Product) -> None:
    filler(product).unlink()


def filler(product: Product) -> Path:
    return product.data_dir / "filler"


def fill_the_log_of_the_database(product: Product) -> None:
    """Change rows in place until there is no room for the log of the changes."""
    address = f"host={product.data_dir}/run user=postgres dbname=privexbot"
    with suppress(psycopg.Error), psycopg.connect(address, autocommit=True) as connection:
        connection.execute("CREATE TABLE filler (t text) WITH (fillfactor = 10)")
        connection.execute(
            "INSERT INTO filler SELECT repeat('x', 900) FROM generate_series(1, 400)"
        )
        fill(product)
        while True:
            connection.execute("UPDATE filler SET t = repeat(md5(random()::text), 28)")


def all_servers(product: Product) -> list[int]:
    """They say that they run when the first does; the others may still be on their way."""
    wait_until(lambda: len(servers(product)) == int(SERVERS["WEB_PROCESSES"]))
    return servers(product)


def servers(product: Product) -> list[int]:
    return product.processes("manage.py serve")


def status(product: Product, path: str) -> int:
    return httpx.get(product.url + path, trust_env=False, timeout=10).status_code


def test_pages_are_served_while_the_disk_is_full(product: Product) -> None:
    before = all_servers(product)
    fill(product)
    for _ in range(3):
        assert status(product, "/accounts/login/") == status(product, "/metrics") == 200
        time.sleep(0.2)

    assert servers(product) == before
    assert product.stop() == 0


def test_a_database_without_room_comes_back_when_there_is_some(product: Product) -> None:
    before = all_servers(product)
    fill_the_log_of_the_database(product)
    wait_until(lambda: "The disk is full. PostgreSQL starts again as soon as" in product.output)
    away = status(product, "/accounts/login/"), product.is_ready()
    make_room(product)
    wait_until(product.is_ready)

    assert away == (200, False)
    assert servers(product) == before
    assert product.stop() == 0


def test_pages_are_served_while_what_they_are_counted_in_is_full(
    with_little_memory: WithLittleMemory,
) -> None:
    product = with_little_memory
    before = all_servers(product)
    fill_up(product.memory / "filler")
    for path in ("/accounts/login/", "/w/", "/api/v1/", "/static/none", "/metrics") * 5:
        assert status(product, path) < 500

    (product.memory / "filler").unlink()
    for _ in range(4):
        assert status(product, "/admin/") == 302
    assert 'area="admin"' in httpx.get(f"{product.url}/metrics", trust_env=False).text
    assert servers(product) == before
    assert product.stop() == 0


def test_what_found_no_room_is_counted_later(
    small_disk: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(small_disk))
    monkeypatch.setattr(values, "MmapedDict", RoomyDict)
    monkeypatch.setattr(values, "ValueClass", values.MultiProcessValue())  # type: ignore[no-untyped-call]

    fill_up(small_disk / "filler")
    counter = Counter("seen", "Things seen", ["name"], registry=None)
    counter.labels("early").inc()
    assert counted(small_disk) == {}

    (small_disk / "filler").unlink()
    counter.labels("early").inc()
    assert counted(small_disk) == {"early": 2}

    fill_up(small_disk / "filler")
    names = [f"{number} {'long' * 50}" for number in range(200)]
    for name in names:
        counter.labels(name).inc()
    counter.labels("early").inc()
    few = counted(small_disk)
    assert few["early"] == 3
    assert 10 < len(few) < 100

    (small_disk / "filler").unlink()
    for name in names:
        counter.labels(name).inc()
    assert counted(small_disk) == {"early": 3} | dict.fromkeys(names, 2)
    words = f"in memory while they cannot go to {small_disk}: No space left on device"
    assert [record.message for record in caplog.records] == [f"Metrics are counted {words}"]


def counted(folder: Path) -> dict[str, float]:
    """What whoever reads the metrics is told."""
    collector = MultiProcessCollector(CollectorRegistry(), str(folder))  # type: ignore[no-untyped-call]
    samples = [sample for metric in collector.collect() for sample in metric.samples]  # type: ignore[no-untyped-call]
    return {sample.labels["name"]: sample.value for sample in samples}
