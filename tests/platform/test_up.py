"""The one command: it starts, stops, survives, and says plainly what is in its way."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING

import httpx
import pytest
import redis

from tests.support.product import Product, free_port, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at processes in /proc")


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Product:
    """A product that was started once."""
    product = Product(tmp_path_factory.mktemp("up") / "var", free_port())
    product.start()
    product.stop()
    return product


@pytest.fixture
def product(prepared: Product) -> Iterator[Product]:
    """A product that is not running; whatever the test leaves running is killed."""
    yield prepared
    prepared.end()
    wait_until(prepared.port_is_free)


def keep_a_draft(product: Product) -> None:
    with store(product) as client:
        client.set("draft:chatbot:x", "kept")


def has_the_draft(product: Product) -> bool:
    with store(product) as client:
        return bool(client.get("draft:chatbot:x") == b"kept")


def store(product: Product) -> redis.Redis:
    return redis.Redis(unix_socket_path=str(product.data_dir / "run" / "valkey.sock"), db=1)


def kill(product: Product, words: str) -> None:
    """Kill -9 the first process whose command line holds ``words``."""
    os.kill(product.processes(words)[0], signal.SIGKILL)


def test_the_first_start_says_what_it_does_and_how_to_sign_in(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    product = Product(tmp_path_factory.mktemp("first") / "var", free_port())
    product.start()
    words = product.output
    ready = product.is_ready()

    assert product.stop() == 0
    assert ready
    assert re.search(r"Making the database.*Applying \d+ migrations", words, re.DOTALL)
    assert "demo@privexbot.local with the password" in words
    assert words.index("demo@") < words.index(f"PrivexBot runs at http://localhost:{product.port}")
    assert product.processes() == []
    assert "database system is shut down" in (product.data_dir / "log/postgres.log").read_text()


def test_a_later_start_keeps_the_data_and_the_login(product: Product) -> None:
    password = product.data_dir.joinpath("demo_login").read_text()
    product.start()
    again = product.output
    product.stop(signal.SIGINT)

    assert f"with the password {password}\n" in again
    assert "migrations" not in again
    assert "static files" not in again


def test_the_built_files_are_served_for_ever_and_compressed(product: Product) -> None:
    product.start()
    page = httpx.get(f"{product.url}/accounts/login/").text
    hashed = re.search(r"/static/css/app\.[0-9a-f]{12}\.css", page)
    assert hashed
    answer = httpx.get(product.url + hashed[0], headers={"Accept-Encoding": "gzip"})
    plain = httpx.get(f"{product.url}/static/css/app.css")

    assert "max-age=315360000" in answer.headers["Cache-Control"]
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "immutable" not in plain.headers["Cache-Control"]


def test_two_starts_in_one_folder(product: Product) -> None:
    product.start()
    assert product.process is not None
    elsewhere = {"PORT": str(free_port())}
    second = subprocess.run(
        product.command("up"),
        env=product.environment() | elsewhere,
        capture_output=True,
        text=True,
        check=False,
    )

    assert second.returncode == 1
    assert f"Already running: PrivexBot (process {product.process.pid})" in second.stdout
    assert product.is_ready()


def taken(port: int) -> socket.socket:
    """A server of somebody else's on ``port``, as soon as the last product has left it."""
    with suppress(OSError):
        return socket.create_server(("127.0.0.1", port))
    time.sleep(0.1)
    return taken(port)


def test_a_port_that_is_taken(product: Product) -> None:
    with taken(product.port):
        product.run()
        assert product.process is not None
        status = product.process.wait(30)

    assert status == 1
    assert f"Port {product.port} is taken" in product.output
    assert f"make run PORT={product.port + 1}" in product.output
    assert product.processes() == []


def test_two_started_at_once_on_one_port(product: Product, tmp_path: Path) -> None:
    """The second comes when the first has bound the port and does not listen there yet."""
    rival = Product(tmp_path / "var", product.port)
    product.run()
    rival.run()
    try:
        wait_until(lambda: product.exited or rival.exited)
        refused, runs = (product, rival) if product.exited else (rival, product)
        assert f"Port {product.port} is taken" in refused.output
        wait_until(lambda: "Ctrl-C stops it" in runs.output or runs.exited)
        assert runs.is_ready()
    finally:
        rival.end()


def test_kill_9_takes_everything_with_it_and_the_next_start_works(product: Product) -> None:
    product.start()
    keep_a_draft(product)
    assert product.process is not None
    product.process.kill()
    wait_until(lambda: not product.processes(), 20)
    product.start()

    assert product.is_ready()
    assert has_the_draft(product)


def test_kill_9_of_everything_at_once(product: Product) -> None:
    product.start()
    keep_a_draft(product)
    product.end()
    product.start()

    assert product.is_ready()
    assert has_the_draft(product)


def test_a_deploy_that_was_killed_is_called_off_by_the_next_start(product: Product) -> None:
    product.start()
    draft = "draft:chatbot:draft_chatbot_x"
    known = {"ws": str(uuid.uuid4()), "status": "deploying", "token": "t", "v": 1}
    with store(product) as client:
        client.hset(draft, mapping={f"m:{name}": value for name, value in known.items()})
        client.zadd("drafts:frozen", {"chatbot:draft_chatbot_x": time.time() * 1000})
        client.waitaof(1, 0, 5000)  # unlike a deploy's lock, the two are not written in one step
    product.end()
    product.start()

    with store(product) as client:
        assert client.hmget(draft, "m:status", "m:token") == [b"failed", None]
        client.delete(draft)


@pytest.mark.parametrize("victim", ["valkey-server", "bin/postgres", "manage.py serve", "celery"])
def test_what_dies_is_started_again(product: Product, victim: str) -> None:
    product.start()
    keep_a_draft(product)
    before = set(product.processes(victim))
    kill(product, victim)

    wait_until(lambda: "Starting it again" in product.output)
    wait_until(lambda: bool(set(product.processes(victim)) - before))
    wait_until(product.is_ready)
    assert has_the_draft(product)
    assert product.stop() == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGQUIT])
def test_a_database_that_is_told_to_stop_is_back_at_once(
    product: Product, number: signal.Signals
) -> None:
    """After SIGTERM it would wait for our connections to end, letting no new ones in."""
    product.start()
    with ThreadPoolExecutor(20) as threads:  # each has a connection that breaks
        assert all(threads.map(lambda _: product.is_ready(), range(40)))
    pid_file = product.data_dir / "postgres" / "postmaster.pid"
    os.kill(int(pid_file.read_text().split()[0]), number)
    wait_until(lambda: "PostgreSQL stopped unexpectedly. Starting it again" in product.output, 10)

    assert all(product.is_ready() for _ in range(20))
    assert product.stop() == 0


def test_lock_files_with_the_number_of_a_living_stranger(product: Product) -> None:
    product.data_dir.joinpath("postgres/postmaster.pid").write_text(
        f"{os.getpid()}\n{product.data_dir}/postgres\n{int(time.time())}\n5432\n\n\n0 0\n"
    )
    product.data_dir.joinpath("run/.s.PGSQL.5432.lock").write_text(f"{os.getpid()}\n")
    product.data_dir.joinpath("valkey/valkey.pid").write_text(f"{os.getpid()}\n")
    product.start()

    assert product.is_ready()


def test_it_stops_with_the_one_who_called_it(product: Product) -> None:
    words = " ".join(product.command("up", "--stop-with-parent"))
    caller = subprocess.Popen(
        ["/bin/sh", "-c", f"{words} > {product.data_dir}/output 2>&1; true"],
        env=product.environment(),
    )
    wait_until(product.is_ready)
    caller.kill()
    caller.wait()

    wait_until(lambda: not product.processes(), 20)


def test_a_key_from_the_shell_while_it_runs_and_while_it_does_not(product: Product) -> None:
    make = ("api_key", "--workspace", "demo", "--scope", "manage")
    resting = product.manage(*make)
    product.start()
    running = product.manage(*make)

    for key in (resting, running):
        assert re.fullmatch(r"pxb_\S+\n", key)
        bearer = {"Authorization": f"Bearer {key.strip()}"}
        answer = httpx.get(f"{product.url}/api/v1/credentials", headers=bearer)
        assert answer.status_code == 200


def test_commands_at_once_share_the_databases(product: Product) -> None:
    """The first to come starts them; it stops them only when the others are done."""
    sleep = "import time; time.sleep"
    count = "from workspaces.models import User; print(User.objects.count())"
    commands = [
        subprocess.Popen(
            product.command("shell", "--verbosity", "0", "-c", f"{sleep}({wait}); {count}"),
            env=product.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for wait in (0, 1.5, 3)
    ]
    answers = [command.communicate(timeout=90) for command in commands]

    assert [out.strip() for out, _ in answers] == ["1", "1", "1"]
    assert product.processes() == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DJANGO_SECRET_KEY", "Zy8#kQ2p"),
        ("DJANGO_SECRET_KEY", "django-insecure-0123456789abcdefghijklmnopqrst"),
        ("DJANGO_SECRET_KEY", "a" * 50),
        ("CREDENTIALS_KEYS", "not-a-key"),
    ],
)
def test_weak_secrets_keep_it_from_starting(product: Product, name: str, value: str) -> None:
    product.env = {name: value}
    product.run()
    assert product.process is not None
    status = product.process.wait(60)
    product.env = {}

    assert status == 1
    assert name in product.output
    assert value not in product.output
