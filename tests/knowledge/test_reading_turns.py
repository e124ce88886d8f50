"""Files of live bases are read while the request waits: only a few at once, and in words beyond."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from time import sleep
from typing import TYPE_CHECKING

import pytest
from django.conf import settings

from common.problems import Problem
from drafts import editing
from knowledge.live import reading_turns
from knowledge.live.reading_turns import AT_ONCE, FOLDER, turn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.knowledge.client import KnowledgeApi
    from workspaces.access import Actor

HOLDING = """
import sys
from fcntl import LOCK_EX, flock
held = [open(path, "ab") for path in sys.argv[1:]]
[flock(each, LOCK_EX) for each in held]
print("held", flush=True)
sys.stdin.read()
"""


@contextmanager
def another_process() -> Iterator[subprocess.Popen[bytes]]:
    """A process that has all turns."""
    folder = Path(settings.MEDIA_ROOT) / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    paths = [str(folder / str(number)) for number in range(AT_ONCE)]
    command = [sys.executable, "-c", HOLDING, *paths]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdout.readline() == b"held\n"
        yield process
        process.kill()


def test_no_more_than_a_few_have_their_turn_at_once() -> None:
    counting, now, most = Lock(), 0, 0

    def act(_number: int) -> None:
        nonlocal now, most
        with turn():
            with counting:
                now += 1
                most = max(most, now)
            sleep(0.05)
            with counting:
                now -= 1

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(act, range(16)))
    assert most == AT_ONCE


def test_whoever_fails_or_dies_gives_the_turn_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_turns, "PATIENCE", 0)
    for _time in range(AT_ONCE + 1):
        with pytest.raises(ZeroDivisionError), turn():
            raise ZeroDivisionError
    with another_process() as process:
        with pytest.raises(Problem, match="Too many files"), turn():
            pass
        process.kill()
        process.wait()
        with turn():
            pass


def test_a_file_beyond_is_refused_and_leaves_nothing(
    api: KnowledgeApi, alice: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading_turns, "PATIENCE", 0.2)
    draft_id = api.new_draft()
    api.add_text(draft_id, "Parcels take three days.")
    kb_id = api.deployed(draft_id)
    (document,) = api.get(f"/{kb_id}/documents").json()["documents"]
    doors = (("POST", f"/{kb_id}/documents"), ("PUT", f"/{kb_id}/documents/{document['id']}"))
    with another_process():
        for method, path in doors:
            refused = api.send_file(method, path, "manual.md", b"# Manual")
            assert refused.status_code == 503
            assert refused["Retry-After"]
            assert "Too many files" in refused.json()["detail"]
    assert editing.list_drafts(alice) == []
    assert len(api.get(f"/{kb_id}/documents").json()["documents"]) == 1
    for method, path in doors:
        assert api.send_file(method, path, "manual.md", b"# Manual\n\nPress.").status_code == 202
