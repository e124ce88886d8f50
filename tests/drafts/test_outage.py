"""A store that is killed, hangs, or comes back: nothing saved is lost, and everybody is told."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings as live_settings

from common.problems import Problem
from drafts import creating, editing
from drafts.access import open_draft
from drafts.storage.connection import LEAST_ROOM
from privexbot.embedded import valkey
from privexbot.embedded.endpoints import VALKEY_SOCKET, socket_dir

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django.fixtures import Settings

    from privexbot.embedded.children import Child
    from tests.drafts.notes import NoteDraft
    from workspaces.access import Actor

MIB = 1024 * 1024
PRODUCTS: Any = live_settings.CACHES["drafts"]
# Seconds: on a busy machine a server that is there may take longer than the product waits for one.
PATIENT = {"SOCKET_TIMEOUT": 60, "SOCKET_CONNECT_TIMEOUT": 60}


class OwnValkey:
    """A server of this test's own, which may be killed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.child: Child | None = None

    def start(self) -> None:
        self.child = valkey.launch(self.folder)
        valkey.wait(self.child, self.folder)

    def send(self, number: int) -> None:
        assert self.child
        os.kill(self.child.process.pid, number)
        if number == signal.SIGKILL:
            self.child.process.wait()

    def stop(self) -> None:
        assert self.child
        self.send(signal.SIGCONT)
        self.child.stop()

    @property
    def url(self) -> str:
        return f"unix://{socket_dir(self.folder) / VALKEY_SOCKET}?db=1"


@pytest.fixture
def folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="privexbot-outage-"))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def small_disk(folder: Path, notes: NoteDraft, settings: Settings) -> Iterator[Path]:
    """The disk of the store, with a little more room than it insists on."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("needs root on Linux")
    size = LEAST_ROOM + 4 * MIB
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("mounting is not possible on this machine")
    settings.DRAFTS_FOLDER = folder / "valkey"
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@contextmanager
def reached(folder: Path, settings: Settings, **more: Any) -> Iterator[OwnValkey]:
    """A server that drafts are kept in, with ``more`` options than the product's own."""
    own = OwnValkey(folder)
    own.start()
    drafts = PRODUCTS | {"LOCATION": own.url, "OPTIONS": {**PRODUCTS["OPTIONS"], **more}}
    settings.CACHES = live_settings.CACHES | {"drafts": drafts}
    yield own
    if own.child and own.child.alive:
        own.stop()


@pytest.fixture
def server(folder: Path, notes: NoteDraft, settings: Settings) -> Iterator[OwnValkey]:
    with reached(folder, settings, **PATIENT) as own:
        yield own


@pytest.fixture
def hurried_server(folder: Path, notes: NoteDraft, settings: Settings) -> Iterator[OwnValkey]:
    """It is waited for only as long as the product does."""
    with reached(folder, settings) as own:
        yield own


def refused(attempt: Any) -> Problem:
    with pytest.raises(Problem) as problem:
        attempt()
    return problem.value


def test_a_killed_store_loses_nothing_that_was_saved(
    server: OwnValkey, notes: NoteDraft, alice: Actor
) -> None:
    draft = creating.create(alice, notes, {"name": "Before"})
    editing.patch(alice, notes, draft.id, {"name": "Saved"})
    server.send(signal.SIGKILL)
    for attempt in (
        lambda: editing.patch(alice, notes, draft.id, {"name": "Lost?"}),
        lambda: creating.create(alice, notes, {}),
        lambda: open_draft(alice, notes, draft.id),
        lambda: editing.list_drafts(alice),
        lambda: editing.undo(alice, notes, draft.id),
    ):
        problem = refused(attempt)
        assert problem.status == 503
        assert "othing was lost" in problem.detail
        assert "Retry-After" in problem.headers
    server.start()
    assert open_draft(alice, notes, draft.id).data == {"name": "Saved"}
    assert editing.patch(alice, notes, draft.id, {"name": "After"}).version == 3


def test_a_hanging_store_does_not_hold_the_request(
    hurried_server: OwnValkey, notes: NoteDraft, alice: Actor
) -> None:
    server = hurried_server
    draft = creating.create(alice, notes, {"name": "Before"})
    server.send(signal.SIGSTOP)
    # It hangs for good: that this comes to an end at all is what is proved.
    problem = refused(lambda: editing.patch(alice, notes, draft.id, {"name": "x"}, patch_id="p"))
    server.send(signal.SIGCONT)
    assert problem.status == 503
    again = editing.patch(alice, notes, draft.id, {"name": "x"}, patch_id="p")
    assert again.version == open_draft(alice, notes, draft.id).version == 2


def fill(disk: Path, *, left: int = 0) -> None:
    with (disk / "filler").open("ab", buffering=0) as file, suppress(OSError):
        while shutil.disk_usage(disk).free > left:
            file.write(bytes(4096))


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
def test_nothing_is_called_saved_that_does_not_fit_on_the_disk(
    small_disk: Path, server: OwnValkey, notes: NoteDraft, alice: Actor, end: signal.Signals
) -> None:
    draft = creating.create(alice, notes, {"name": "Before"})
    editing.patch(alice, notes, draft.id, {"name": "Saved"})
    fill(small_disk)
    for attempt in (
        lambda: editing.patch(alice, notes, draft.id, {"name": "Lost?"}),
        lambda: editing.undo(alice, notes, draft.id),
        lambda: creating.create(alice, notes, {}),
    ):
        problem = refused(attempt)
        assert (problem.status, "Retry-After" in problem.headers) == (503, True)
    assert open_draft(alice, notes, draft.id).data == {"name": "Saved"}

    server.send(end)
    assert server.child
    server.child.process.wait()
    (small_disk / "filler").unlink()
    server.start()
    assert open_draft(alice, notes, draft.id).data == {"name": "Saved"}
    assert editing.patch(alice, notes, draft.id, {"name": "After"}).version == 3


def test_saving_stops_before_the_disk_is_full(
    small_disk: Path, server: OwnValkey, notes: NoteDraft, alice: Actor
) -> None:
    draft = creating.create(alice, notes, {"name": "Before"})
    fill(small_disk, left=LEAST_ROOM + MIB)
    assert editing.patch(alice, notes, draft.id, {"name": "Saved"}).version == 2
    fill(small_disk, left=LEAST_ROOM - MIB)
    assert refused(lambda: editing.patch(alice, notes, draft.id, {"name": "x"})).status == 503
    (small_disk / "filler").unlink()
    assert editing.patch(alice, notes, draft.id, {"name": "After"}).version == 3
