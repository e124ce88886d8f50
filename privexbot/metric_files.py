"""The folder in which the processes of one product count, for ``privexbot.metrics``.

It is in memory where the system has a place for that: what is counted need not outlive the product,
and nobody should wait for a disk to count a request.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from privexbot.embedded.endpoints import short_name
from privexbot.embedded.errors import EmbeddedError

if TYPE_CHECKING:
    from collections.abc import Iterator

IN_MEMORY = Path("/dev/shm")  # noqa: S108 (nobody else's folder is used)
# More than the processes ever need; see ``privexbot.metric_values`` for when it goes to others.
NEEDED_BYTES = 8 * 1024 * 1024


def folder(data_dir: Path) -> Path:
    """Where the product of ``data_dir`` counts: in memory, or among the temporary files."""
    place = IN_MEMORY if _is_usable(IN_MEMORY) else Path(tempfile.gettempdir())
    return place / f"{short_name(data_dir)}-metrics"


@contextmanager
def empty(folder: Path) -> Iterator[None]:
    """Inside the block ``folder`` is there, for this user alone; it starts empty and ends gone."""
    _remove(folder)
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        raise EmbeddedError(
            f"{folder} belongs to somebody else. Remove it and start again."
        ) from None
    try:
        yield
    finally:
        _remove(folder)


def _is_usable(place: Path) -> bool:
    may_write = place.is_dir() and os.access(place, os.W_OK | os.X_OK)
    return may_write and shutil.disk_usage(place).free >= NEEDED_BYTES


def _remove(folder: Path) -> None:
    """Remove it if it is a folder: a link leads to files that are not ours."""
    shutil.rmtree(folder, ignore_errors=True)
