"""A store that is killed, hangs, or comes back: nothing saved is lost, and everybody is told."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings as live_settings

from common.problems import Problem
from drafts import creating, editing
from drafts.access import open_draft
from privexbot.embedded import valkey
from privexbot.embedded.endpoints import VALKEY_SOCKET, socket_dir

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django.fixtures import Settings

    from privexbot.embedded.children import Child
    from tests.drafts.notes import NoteDraft
    from workspaces.access import Actor


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
def server(notes: NoteDraft, settings: Settings) -> Iterator[OwnValkey]:
    folder = Path(tempfile.mkdtemp(prefix="privexbot-outage-"))
    own = OwnValkey(folder)
    own.start()
    drafts = live_settings.CACHES["drafts"] | {"LOCATION": own.url}
    settings.CACHES = live_settings.CACHES | {"drafts": drafts}
    yield own
    if own.child and own.child.alive:
        own.stop()
    shutil.rmtree(folder)


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
    started = time.monotonic()
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
    assert time.monotonic() - started < 10
    server.start()
    assert open_draft(alice, notes, draft.id).data == {"name": "Saved"}
    assert editing.patch(alice, notes, draft.id, {"name": "After"}).version == 3


def test_a_hanging_store_does_not_hold_the_request(
    server: OwnValkey, notes: NoteDraft, alice: Actor
) -> None:
    draft = creating.create(alice, notes, {"name": "Before"})
    server.send(signal.SIGSTOP)
    started = time.monotonic()
    problem = refused(lambda: editing.patch(alice, notes, draft.id, {"name": "x"}, patch_id="p"))
    waited = time.monotonic() - started
    server.send(signal.SIGCONT)
    assert problem.status == 503
    assert waited < 5
    again = editing.patch(alice, notes, draft.id, {"name": "x"}, patch_id="p")
    assert again.version == open_draft(alice, notes, draft.id).version == 2
