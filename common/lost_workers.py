"""How many workers were lost over the same work: each says when it begins, and when it has ended.

What kills whoever does it is not to be given to one worker after the other for ever.
"""

from __future__ import annotations

import secrets
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django_redis import get_redis_connection
from redis.exceptions import RedisError

if TYPE_CHECKING:
    from collections.abc import Iterator

# After so many it is theirs no more, but a person's to see to.
MOST = 5


class LostWorkersError(Exception):
    """Too many were lost over it; the message says so."""


@contextmanager
def counted(name: str, work: str, seconds: int) -> Iterator[None]:
    """Be at ``work`` while the block runs, whatever comes of that; raises ``LostWorkersError``
    where too many never said that they had ended. ``name`` is where that is kept, for so many
    ``seconds``: of other ``work`` that had the same name nothing counts."""
    redis, mine = _redis(), f"{work} {secrets.token_hex(8)}"
    lost = sum(each.decode().startswith(f"{work} ") for each in redis.smembers(name))
    if lost >= MOST:
        words = _("It was interrupted %(count)d times. Try again.")
        raise LostWorkersError(words % {"count": lost})
    redis.pipeline().sadd(name, mine).expire(name, seconds).execute()
    try:
        yield
    finally:
        with suppress(RedisError):  # then it counts as lost
            redis.srem(name, mine)


def forget(name: str) -> None:
    """Let none have been lost: somebody wants it tried again, or nobody wants it any more."""
    _redis().delete(name)


def _redis() -> Any:
    return get_redis_connection("drafts")
