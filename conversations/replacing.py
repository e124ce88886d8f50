"""An answer is replaced once: who asks for another one while it is made has to wait for it."""

from __future__ import annotations

from django.core.cache import cache
from django.utils.translation import gettext as _

from common.problems import conflict

# Seconds, longer than any model may take. Nothing is given back: an answer that was replaced is
# nobody's last one any more, and one that was not, for a crash, can be asked for again after this.
LONGEST = 240


def claim(answer_id: str | None) -> None:
    """Be the one whose answer takes the place of this one; raises ``Problem`` 409 for all others.
    None: there is nothing to replace."""
    if answer_id and not cache.add(f"replacing:{answer_id}", 1, LONGEST):
        raise conflict(_("Another answer to this is being written already. Wait for it to end."))
