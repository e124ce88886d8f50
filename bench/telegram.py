"""Telegram as a benchmark needs it: a process that takes every call and counts what was sent.

How faithful a stand-in is does not matter here, only that it takes next to nothing of the machine:
the tests' own is in ``tests/servers/telegram.py``. ``python -m bench.telegram PORT``
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
import urllib.request
from typing import Any

from bench.product import ROOT, free_port, wait_for

_BOT = {"id": 7, "is_bot": True, "first_name": "Bench", "username": "bench_bot"}


class _Service:
    """``told`` is what the webhook was set to, ``sent`` how many messages, ``last`` when."""

    def __init__(self) -> None:
        self.told: dict[str, Any] = {}
        self.sent, self.last = 0, 0.0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = 0
                for line in head.lower().split(b"\r\n"):
                    if line.startswith(b"content-length:"):
                        length = int(line.partition(b":")[2])
                body = await reader.readexactly(length)
                method = head.split(b" ", 2)[1].rpartition(b"/")[2].decode()
                answer = json.dumps(self._answer(method, body)).encode()
                writer.write(
                    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b"
                    % (len(answer), answer)
                )
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    def _answer(self, method: str, body: bytes) -> dict[str, Any]:
        match method:
            case "counts":
                return {"told": self.told, "sent": self.sent, "last": self.last}
            case "setWebhook":
                self.told = json.loads(body)
            case "getMe":
                return {"ok": True, "result": _BOT}
            case "sendMessage":
                self.sent, self.last = self.sent + 1, time.time()
                return {"ok": True, "result": {"message_id": self.sent}}
        return {"ok": True, "result": True}


class Telegram:
    """The process, from outside."""

    def __init__(self) -> None:
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        command = [sys.executable, "-m", "bench.telegram", str(port)]
        self.process = subprocess.Popen(command, cwd=ROOT)
        wait_for(f"{self.url}/counts", 20)

    def counts(self) -> dict[str, Any]:
        with urllib.request.urlopen(f"{self.url}/counts", timeout=5) as answer:
            found: dict[str, Any] = json.load(answer)
            return found

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(10)


async def main(port: int) -> None:
    server = await asyncio.start_server(_Service().serve, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
