"""Whatever a reader does: the worker gets an answer or a sentence, and nothing is left behind."""

from __future__ import annotations

import json
import logging
import os
import signal
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from knowledge.parsing import sandbox
from knowledge.parsing.errors import UnreadableError
from knowledge.parsing.files import parse
from knowledge.parsing.sandbox import CancelledError, Limits, Sandbox
from knowledge.texts import Page, Parsed

READER = "tests.knowledge.parsing.misbehaving"
MEBIBYTE = 1024 * 1024
STANDARD = Limits()


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file to read; temporary files go to a folder of their own, which must be empty after."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    path = tmp_path / "file.txt"
    path.write_text("text")
    return path


@pytest.fixture(autouse=True)
def nothing_is_left(file: Path) -> Any:
    before = open_files()
    yield
    assert list((file.parent / "temporary").iterdir()) == []
    # What an earlier test left may have been closed meanwhile.
    assert open_files() <= before
    assert zombies() == []


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def zombies() -> list[Path]:
    """Children of this process that ended and were not taken note of."""
    found = []
    for each in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, parent = each.read_text().rsplit(")", 1)[1].split()[:2]
            found += [each] if state == "Z" and int(parent) == os.getpid() else []
    return found


def told(file: Path, deed: str, limits: Limits = STANDARD) -> str:
    with pytest.raises(UnreadableError) as caught:
        parse(file, deed, limits=limits, reader=READER)
    return str(caught.value)


def answer(file: Path, deed: str, limits: Limits = STANDARD) -> Any:
    return json.loads(parse(file, deed, limits=limits, reader=READER).pages[0].text)


def is_alive(pid: int) -> bool:
    """Not gone and not merely waiting to be taken note of."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
    except OSError:
        return False


def is_soon_dead(pid: int) -> bool:
    until = time.monotonic() + 5
    while is_alive(pid) and time.monotonic() < until:
        time.sleep(0.05)
    return not is_alive(pid)


def test_a_file_is_read_and_cleaned(file: Path) -> None:
    assert parse(file, "file.txt") == Parsed((Page(1, "text"),), mime_type="text/plain")
    found = parse(file, "dirty", reader=READER)
    assert found == Parsed((Page(2, "ab\nc"),), title="Title")


def test_a_path_may_be_relative_and_names_odd(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(file.parent)
    for name in ("a\0b.txt", "\udcff.txt", "../../x.txt", "--help.txt", "ä" * 300 + ".TXT"):
        assert parse(Path("file.txt"), name).pages[0].text == "text"


def test_it_starts_fast(file: Path) -> None:
    times = []
    for _ in range(3):
        begun = time.monotonic()
        parse(file, "file.txt")
        times.append(time.monotonic() - begun)
    assert min(times) < 0.3


def test_the_child_sees_no_secret(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "SECRET_KEY", "OPENAI_API_KEY", "PYTHONPATH", "LD_PRELOAD_X"):
        monkeypatch.setenv(name, "a secret")
    found = answer(file, "environment")
    assert "a secret" not in found.values()
    assert set(found) <= {"PATH", "LANG", "LC_CTYPE", "TMPDIR", "OPENBLAS_NUM_THREADS"}


def test_the_child_is_on_its_own(file: Path) -> None:
    found = answer(file, "surroundings", Limits(files=50, memory=300 * MEBIBYTE))
    assert not [each for each in found["modules"] if each.split(".")[0] in {"django", "celery"}]
    assert found["session"] == found["group"] != os.getpgrp()
    # The three usual ones, the answer, and the listing itself.
    assert len(found["open"]) == 5
    assert found["limits"]["RLIMIT_CORE"] == [0, 0]
    assert found["limits"]["RLIMIT_NOFILE"] == [50, 50]
    assert found["limits"]["RLIMIT_AS"] == [300 * MEBIBYTE] * 2
    assert found["limits"]["RLIMIT_CPU"] == [60, 61]
    assert found["limits"]["RLIMIT_FSIZE"] == [48 * MEBIBYTE] * 2
    assert sandbox.ROOT.as_posix() in found["path"]


def test_reading_itself_needs_no_framework(file: Path) -> None:
    found = {each.split(".")[0] for each in answer(file, "imported")}
    assert "knowledge" in found
    assert not found & {"django", "celery", "pypdfium2", "lxml", "openpyxl", "numpy"}


def test_too_much_memory(file: Path) -> None:
    assert told(file, "hog", Limits(memory=200 * MEBIBYTE)) == sandbox.TOO_LARGE


@pytest.mark.parametrize("deed", ["loop", "sleep", "deaf"])
def test_too_much_time(file: Path, deed: str) -> None:
    begun = time.monotonic()
    assert told(file, deed, Limits(seconds=0.5)) == sandbox.TOO_LONG
    assert time.monotonic() - begun < 5


def test_too_much_work(file: Path) -> None:
    assert told(file, "loop", Limits(cpu_seconds=1)) == sandbox.TOO_LONG


def test_nothing_it_started_survives_it(file: Path) -> None:
    found = answer(file, "grandchild")
    if found == "started":
        assert is_soon_dead(int(file.with_suffix(".pid").read_text()))
    else:
        assert found == "BlockingIOError"


def test_a_fork_bomb_ends_with_its_time(file: Path) -> None:
    begun = time.monotonic()
    assert told(file, "forks", Limits(seconds=1.5)) == sandbox.TOO_LONG
    assert time.monotonic() - begun < 10
    pids = [int(each.name) for each in file.with_suffix(".forks").iterdir()]
    assert pids
    assert all(is_soon_dead(pid) for pid in pids)


def test_a_flood_of_output(file: Path) -> None:
    assert told(file, "flood", Limits(written=MEBIBYTE)) == sandbox.BROKE_DOWN


def test_chatter_does_not_disturb_the_answer(file: Path) -> None:
    assert answer(file, "chatter") == "done"


@pytest.mark.parametrize("deed", ["crash", "leave", "fail", "recursion", "no such deed"])
def test_a_crash_in_whatever_way(file: Path, deed: str) -> None:
    assert told(file, deed) == sandbox.BROKE_DOWN


def test_what_failed_is_logged(file: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        told(file, "fail")
        told(file, "crash")
    assert "a fault of the reader's" in caplog.text
    assert "signal 11" in caplog.text


def test_a_file_that_is_gone_is_no_failure(file: Path, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(UnreadableError) as caught:
        parse(file.with_name("gone.pdf"), "gone.pdf")
    assert str(caught.value) == sandbox.GONE
    assert caplog.text == ""


def test_killed_from_outside_is_for_want_of_memory(file: Path) -> None:
    assert told(file, "killed") == sandbox.TOO_LARGE


def test_a_reader_that_cannot_be_imported(file: Path) -> None:
    with pytest.raises(UnreadableError) as caught:
        parse(file, "file.txt", reader="no.such.reader")
    assert str(caught.value) == sandbox.BROKE_DOWN


def test_what_the_reader_says_is_said(file: Path) -> None:
    assert told(file, "refuse") == "Not this one."


def test_too_much_text(file: Path) -> None:
    expected = "The file holds more than 1 MB of text. Split it into smaller files."
    assert told(file, "long_text", Limits(text=MEBIBYTE)) == expected
    assert told(file, "long_text", Limits(text=MEBIBYTE, output=4096)) == expected
    assert len(parse(file, "long_text", reader=READER).pages[0].text) == 600_000


def test_too_many_pages(file: Path) -> None:
    expected = "The file has more than 10 pages. Split it into smaller files."
    assert told(file, "many_pages", Limits(pages=10)) == expected
    assert len(parse(file, "many_pages", limits=Limits(pages=11), reader=READER).pages) == 11


def test_too_many_files(file: Path) -> None:
    assert answer(file, "many_files", Limits(files=20)) < 20


def test_what_it_leaves_lying_about_is_cleared_away(file: Path) -> None:
    name = Path(answer(file, "litter"))
    assert name.is_relative_to(file.parent / "temporary")
    assert not name.exists()


def test_it_stops_when_nobody_wants_it(file: Path) -> None:
    begun = time.monotonic()
    with pytest.raises(CancelledError):
        parse(file, "sleep", cancelled=file.with_suffix(".pid").exists, reader=READER)
    assert time.monotonic() - begun < 3
    assert is_soon_dead(int(file.with_suffix(".pid").read_text()))


def test_it_is_ended_when_the_question_fails(file: Path) -> None:
    def lost() -> bool:
        if file.with_suffix(".pid").exists():
            raise ConnectionError
        return False

    with pytest.raises(ConnectionError):
        parse(file, "sleep", cancelled=lost, reader=READER)
    assert is_soon_dead(int(file.with_suffix(".pid").read_text()))


def pid(sandbox: Sandbox, file: Path) -> int:
    return int(json.loads(sandbox.read(file, "process")["pages"][0]["text"]))


def test_one_process_reads_file_after_file(file: Path) -> None:
    with Sandbox(READER) as sandbox:
        first = pid(sandbox, file)
        assert pid(sandbox, file) == first
    assert is_soon_dead(first)


@pytest.mark.parametrize("deed", ["crash", "fail", "sleep", "leave", "refuse", "hog"])
def test_after_a_failure_another_process_reads_on(file: Path, deed: str) -> None:
    with Sandbox(READER, Limits(seconds=2, memory=200 * MEBIBYTE)) as sandbox:
        first = pid(sandbox, file)
        with pytest.raises(UnreadableError):
            sandbox.read(file, deed)
        assert is_soon_dead(first)
        assert pid(sandbox, file) != first


def test_a_process_that_was_killed_while_nobody_asked_is_followed_by_another(file: Path) -> None:
    with Sandbox(READER) as sandbox:
        first = pid(sandbox, file)
        os.kill(first, signal.SIGKILL)
        assert is_soon_dead(first)
        assert pid(sandbox, file) != first


def test_each_file_has_its_time(file: Path) -> None:
    with Sandbox(READER, Limits(seconds=1.5)) as sandbox:
        first = pid(sandbox, file)
        time.sleep(2)
        assert pid(sandbox, file) == first


def test_several_threads_read_at_once(file: Path) -> None:
    found: list[Parsed] = []
    threads = [
        threading.Thread(target=lambda: found.append(parse(file, "file.txt"))) for _ in range(6)
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert found == [Parsed((Page(1, "text"),), mime_type="text/plain")] * 6
