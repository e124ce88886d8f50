"""Removes files that belong to no draft: what a crash left between two steps."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from drafts.access import is_kept
from knowledge.beside import files
from knowledge.kind import KIND

if TYPE_CHECKING:
    from pathlib import Path

# Seconds for which a folder is left alone: its draft may be about to be made.
GRACE = 3600


def sweep(now: float | None = None) -> int:
    """Remove the folders of drafts that there are not; gives how many there were. One that was just
    deployed goes when its release has taken over what it needs (``discarded``)."""
    before = (now or time.time()) - GRACE
    orphans = [
        draft_id
        for draft_id in files.drafts_with_files()
        if _changed_at(files.folder_of(draft_id)) < before and not is_kept(KIND, draft_id)
    ]
    for draft_id in orphans:
        files.remove_draft(draft_id)
    return len(orphans)


def _changed_at(folder: Path) -> float:
    try:
        return folder.stat().st_mtime
    except OSError:
        return time.time()
