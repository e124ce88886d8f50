"""How many questions to live bases requests may be at once: each keeps one of the few threads that
answer pages too, for as long as a server that embeds takes, or reranking does."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from common.problems import too_many
from knowledge.places import Places

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

# In one process, and of these for one workspace.
AT_ONCE = 8
EACH = 5
_asked = Places(AT_ONCE, EACH)


@contextmanager
def turn(workspace_id: UUID) -> Iterator[None]:
    """Have one while the block runs; raises ``Problem`` 429 at once when there is none: whoever
    waits here keeps a thread too."""
    with _asked.one(str(workspace_id)) as has_place:
        if not has_place:
            words = _("Too many questions are being asked at once. Try again in a moment.")
            raise too_many(words, retry_after=1)
        yield
