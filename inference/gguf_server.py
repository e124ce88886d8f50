"""A process of its own that serves one GGUF file by the OpenAI protocol, on loopback.

``python -m inference.gguf_server FILE PORT``. It ends when its standard input does, so it does not
outlive whoever started it, however that one ended. Needs the optional package ``xllamacpp``.
"""

from __future__ import annotations

import os
import sys

from xllamacpp import CommonParams, Server  # type: ignore[import-not-found,unused-ignore]


def serve(path: str, port: int) -> None:
    params = CommonParams()
    params.model.path = path
    params.hostnames = ["127.0.0.1"]
    params.port = port
    params.cpuparams.n_threads = max(1, (os.cpu_count() or 2) - 1)
    server = Server(params)
    sys.stdin.read()
    # Not a return: the server's threads would have to be waited for.
    del server
    os._exit(0)


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]))
