"""How often questions may be tried on drafts, and how many at once."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext as _
from limits import RateLimitItemPerMinute

from common.limits import Limit
from common.problems import too_many
from knowledge.places import Places

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from workspaces.access import Actor

# In one process, and for one workspace: each has the words and vectors of a whole draft in memory.
AT_ONCE = 2
EACH = 1
# Seconds that one more waits for these.
PATIENCE = 10
_tried = Places(AT_ONCE, EACH)


def of_trying(actor: Actor) -> list[Limit]:
    """What one person, or one key, may ask of a workspace's drafts."""
    most = settings.PREVIEWS_PER_MINUTE
    if not most:
        return []
    detail = _("At most %(most)s questions a minute can be tried.") % {"most": most}
    key = ("try", str(actor.workspace_id), actor.identity)
    return [Limit(RateLimitItemPerMinute(most), key, detail)]


@contextmanager
def in_turn(workspace_id: UUID) -> Iterator[None]:
    """Have the block run beside few others; raises ``Problem`` 429 when they take too long."""
    with _tried.one(str(workspace_id), PATIENCE) as has_place:
        if not has_place:
            words = _("Many questions are being tried at the moment. Try again in a few seconds.")
            raise too_many(words, retry_after=PATIENCE)
        yield
