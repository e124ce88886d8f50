"""How many files requests may have read at once on a machine, however many processes serve them.

What reads a file may take a GiB; a worker reads only a few at a time anyway. A turn is a lock on a
file, so that whoever dies gives it back.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path
from typing import IO, TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext as _

from common.problems import unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = "reading-turns"
AT_ONCE = 2
# Seconds that a request waits for its turn, and between two looks.
PATIENCE = 5.0
PAUSE = 0.1


@contextmanager
def turn() -> Iterator[None]:
    """Have one of the turns while the block runs; raises ``Problem`` 503 when none comes free."""
    deadline = time.monotonic() + PATIENCE
    while (lock := _free()) is None:
        if time.monotonic() > deadline:
            raise unavailable(_("Too many files are being read at once. Try again in a moment."))
        time.sleep(PAUSE)
    with lock:
        yield


def _free() -> IO[bytes] | None:
    """A turn that nobody has, taken until it is closed; None when there is none."""
    folder = Path(settings.MEDIA_ROOT) / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(AT_ONCE):
        lock = (folder / str(number)).open("ab")
        try:
            flock(lock, LOCK_EX | LOCK_NB)
        except BlockingIOError:
            lock.close()
        else:
            return lock
    return None
