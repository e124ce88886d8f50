"""What is measured: the product as `make run` starts it, and a stand-in for a model."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import requests

from bench.load import Request
from bench.processes import command_of, tree

ROOT = Path(__file__).resolve().parent.parent
EMAIL = "demo@privexbot.local"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(url: str, seconds: float) -> float:
    """Seconds until ``url`` answers 200; raises ``TimeoutError``."""
    started = time.monotonic()
    while time.monotonic() - started < seconds:
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                if answer.status == 200:
                    return time.monotonic() - started
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(url)


class Model:
    """The stand-in for a model: a process of its own, started with the delays it is to have."""

    def __init__(self, *options: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        command = [sys.executable, str(ROOT / "tests/servers/model.py"), "--port", str(self.port)]
        self.process = subprocess.Popen([*command, *options])
        wait_for(f"{self.url}/v1/models", 20)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(10)

    def question(self, *, stream: bool) -> Request:
        body = {"model": "bench", "messages": [{"role": "user", "content": "Hi"}], "stream": stream}
        return Request("POST", "/v1/chat/completions", body)


class Product:
    """The whole product on a data folder of its own: PostgreSQL, Valkey, web server, worker. ``env``
    is added to its environment."""

    def __init__(self, data: str, model_url: str, **env: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.env = os.environ | {
            "PORT": str(self.port),
            "PRIVEXBOT_DATA_DIR": data,
            "LLM_BASE_URL": f"{model_url}/v1",
            "LLM_MODEL": "bench",
            "PUBLIC_URL": self.url,
            # What is measured is the product, not its limits.
            "API_MESSAGES_PER_MINUTE": "0",
            "SERVER_MODEL_MESSAGES_PER_DAY": "0",
            **env,
        }
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "up"], cwd=ROOT, env=self.env, stdout=subprocess.DEVNULL
        )
        try:
            self.seconds_to_ready = wait_for(f"{self.url}/readyz", 120)
        except TimeoutError:
            self.stop()
            raise
        self.key = ""

    def sign_in(self) -> None:
        """Get a management key, as a person at the shell would."""
        command = [sys.executable, "manage.py", "api_key", "--workspace", "bench"]
        self.key = subprocess.run(
            [*command, "--scope", "manage", "--create"],
            cwd=ROOT, env=self.env, check=True, capture_output=True, text=True,
        ).stdout.strip()  # fmt: skip

    def call(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        request = urllib.request.Request(
            self.url + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers=self.headers | {"Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                found: dict[str, Any] = json.load(answer)
                return found
        except urllib.error.HTTPError as error:
            raise SystemExit(f"{method} {path}: {error.code} {error.read().decode()}") from error

    def seat(self) -> dict[str, str]:
        """The headers of the demo workspace's person, signed in as in a browser."""
        session = requests.Session()
        session.get(f"{self.url}/accounts/login/")
        password = (Path(self.env["PRIVEXBOT_DATA_DIR"]) / "demo_login").read_text()
        form = {"login": EMAIL, "password": password}
        token = {"csrfmiddlewaretoken": session.cookies["csrftoken"]}
        session.post(f"{self.url}/accounts/login/", form | token).raise_for_status()
        cookies = "; ".join(f"{name}={value}" for name, value in session.cookies.items())
        return {"Cookie": cookies, "X-CSRFToken": session.cookies["csrftoken"]}

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}"}

    def web_processes(self) -> list[int]:
        """The web server's processes, without the databases and the Celery worker."""
        others = ("postgres", "valkey-server", "celery")
        pids = tree(self.process.pid)
        return [pid for pid in pids if not any(name in command_of(pid) for name in others)]

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)
