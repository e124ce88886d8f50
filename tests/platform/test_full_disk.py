"""A data disk without room stops nobody: what needs no room is served, the rest is told so."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import httpx
import psycopg
import pytest

from tests.support.product import Product, free_port, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0, reason="needs root on Linux"
)
PIECE = b"\0" * 1024 * 1024


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    """A product that runs on a small disk of its own; its output goes elsewhere."""
    product = Product(tmp_path / "var", free_port())
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


def fill(product: Product) -> None:
    with filler(product).open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(PIECE)


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


def status(product: Product, path: str) -> int:
    return httpx.get(product.url + path, trust_env=False, timeout=10).status_code


def test_pages_are_served_while_the_disk_is_full(product: Product) -> None:
    before = product.processes("manage.py serve")
    fill(product)
    for _ in range(3):
        assert status(product, "/accounts/login/") == status(product, "/metrics") == 200
        time.sleep(0.2)

    assert product.processes("manage.py serve") == before
    assert product.stop() == 0


def test_a_database_without_room_comes_back_when_there_is_some(product: Product) -> None:
    before = product.processes("manage.py serve")
    fill_the_log_of_the_database(product)
    wait_until(lambda: "The disk is full. PostgreSQL starts again as soon as" in product.output)
    away = status(product, "/accounts/login/"), product.is_ready()
    make_room(product)
    wait_until(product.is_ready)

    assert away == (200, False)
    assert product.processes("manage.py serve") == before
    assert product.stop() == 0
