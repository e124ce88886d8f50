"""Answers what waits in a chat, as a worker does, in a process of its own that may be killed:
``python -m tests.channels_deploy.messengers.elsewhere <chat>``."""

from __future__ import annotations

import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING
from uuid import UUID

import django

if TYPE_CHECKING:
    from collections.abc import Iterator

    from channels_deploy.models import Chat


@contextmanager
def answering(chat: Chat, **env: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process that is at ``chat``; ``env`` is its environment's."""
    from tests.support.live import environment  # noqa: PLC0415 (not in that process)

    command = [sys.executable, "-m", __name__, str(chat.pk)]
    with subprocess.Popen(command, env=environment() | env) as process:
        try:
            yield process
        finally:
            process.kill()


if __name__ == "__main__":
    django.setup()

    from asgiref.sync import async_to_sync

    from channels_deploy.answering.talking import talk

    async_to_sync(talk)(UUID(sys.argv[1]))
