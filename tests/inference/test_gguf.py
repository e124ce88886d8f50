"""The local model. PRIVEXBOT_TEST_GGUF=/path/model.gguf makes a real one answer (with the package
``xllamacpp`` installed); without it, what can go wrong is tried all the same."""

from __future__ import annotations

import json
import os
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.util import find_spec
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest

from inference import gguf
from inference.client import Completion, InferenceError
from inference.resolve import model_client
from tests.inference.conftest import asking, said

if TYPE_CHECKING:
    from pathlib import Path

FILE = os.environ.get("PRIVEXBOT_TEST_GGUF", "")
PACKAGE = pytest.mark.skipif(find_spec("xllamacpp") is None, reason="xllamacpp is not installed")


@pytest.mark.skipif(not FILE, reason="PRIVEXBOT_TEST_GGUF names no model file")
@PACKAGE
@pytest.mark.timeout(300)
async def test_a_local_model_answers(settings: Any, tmp_path: Path) -> None:
    settings.LLM_GGUF, settings.DATA_DIR = FILE, tmp_path
    settings.LLM_BASE_URL = settings.SECRET_AI_API_KEY = ""
    prompt = Completion("", asking("The capital of France is").messages, max_tokens=12)
    try:
        text, end = await said(model_client(None), prompt)
        assert text
        assert end.completion_tokens > 0
        first = gguf.address(FILE)
        assert gguf.address(FILE) == first
        assert len(gguf._children) == 1
    finally:
        gguf.stop()


@PACKAGE
def test_a_file_that_is_no_model_is_told(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    wrong = tmp_path / "wrong.gguf"
    wrong.write_bytes(b"GGUF" + b"\0" * 100)
    with pytest.raises(InferenceError, match="could not be started"):
        gguf.address(str(wrong))
    gguf.stop()


@pytest.mark.skipif(find_spec("xllamacpp") is not None, reason="xllamacpp is installed")
def test_a_missing_package_is_told(tmp_path: Path) -> None:
    file = tmp_path / "model.gguf"
    file.write_bytes(b"GGUF")
    assert "xllamacpp" in gguf.problem(str(file))


class Healthy(BaseHTTPRequestHandler):
    """A model's server that has loaded its model."""

    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/health" else 404)
        self.end_headers()

    def log_message(self, *words: Any) -> None:
        """Nothing on the screen."""


def test_a_running_server_is_asked_past_every_proxy(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DATA_DIR = tmp_path
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    with HTTPServer(("127.0.0.1", 0), Healthy) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        noted = {"port": server.server_port, "path": "/m.gguf"}
        (gguf._folder() / "server.json").write_text(json.dumps(noted))
        assert gguf._running("/m.gguf") == f"http://127.0.0.1:{server.server_port}/v1"
        assert gguf._running("/other.gguf") == ""
        server.shutdown()
    assert gguf._running("/m.gguf") == ""


def test_a_missing_file_is_told() -> None:
    assert "/nowhere/model.gguf" in gguf.problem("/nowhere/model.gguf")
    assert "LLM_GGUF" in gguf.problem("")
