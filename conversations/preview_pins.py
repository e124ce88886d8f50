"""What parts of a draft are said to give in its preview, instead of being asked: ``pins:{draft}``
in Redis, a hash by their names. They are no part of the document: what goes live never has them.
``tried:{draft}`` is what parts gave when they were tried alone, which can be pinned as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
from django.utils.translation import gettext as _
from django_redis import get_redis_connection

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

MOST_BYTES, MOST_PINS = 64 * 1024, 50

# In one step, so that of many at once none passes the others.
_PIN = """
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0
    and redis.call('HLEN', KEYS[1]) >= tonumber(ARGV[4]) then
  return 0
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('PEXPIREAT', KEYS[1], ARGV[3])
return 1
"""


class PinError(Exception):
    """A pin cannot be kept; the message says why."""


def pin(draft_id: str, name: str, given: dict[str, Any], expires_at: datetime) -> None:
    """Let the part called ``name`` give ``given``; raises ``PinError`` where that is too much."""
    written, key = orjson.dumps(given), _key(draft_id)
    if len(written) > MOST_BYTES:
        words = _("A pinned output has at most %(most)d KB.")
        raise PinError(words % {"most": MOST_BYTES // 1024})
    until = int(expires_at.timestamp() * 1000)
    if not _redis().eval(_PIN, 1, key, name, written, until, MOST_PINS):
        words = _("At most %(most)d nodes of a draft can be pinned.")
        raise PinError(words % {"most": MOST_PINS})


def unpin(draft_id: str, name: str) -> bool:
    """Whether there was such a pin."""
    return bool(_redis().hdel(_key(draft_id), name))


def pins_of(draft_id: str, expires_at: datetime | None = None) -> dict[str, dict[str, Any]]:
    """The draft's pins, by name; with ``expires_at`` they live on until then."""
    found = _redis().hgetall(_key(draft_id))
    if found and expires_at:
        _redis().pexpireat(_key(draft_id), expires_at)
    return {name.decode(): orjson.loads(given) for name, given in found.items()}


def pinned_in(draft_id: str) -> frozenset[str]:
    """The names of the parts that are pinned."""
    return frozenset(name.decode() for name in _redis().hkeys(_key(draft_id)))


def pinned_in_each(drafts: Mapping[str, datetime]) -> dict[str, frozenset[str]]:
    """``pinned_in`` of several, by their ids; what is pinned lives on until the moments given."""
    pipe = _redis().pipeline()
    for draft_id, expires_at in drafts.items():
        pipe.hkeys(_key(draft_id))
        pipe.pexpireat(_key(draft_id), expires_at)
    names = pipe.execute()[::2]
    return {
        draft_id: frozenset(name.decode() for name in pinned)
        for draft_id, pinned in zip(drafts, names, strict=True)
    }


def note_tried(draft_id: str, name: str, given: dict[str, Any], expires_at: datetime) -> bool:
    """Remember what the part called ``name`` has just given; False where that could not be pinned,
    being too much."""
    written, key = orjson.dumps(given, default=str), _tried(draft_id)
    pipe = _redis().pipeline()
    pipe.hdel(key, name)
    fits = len(written) <= MOST_BYTES
    if fits:
        pipe.hset(key, name, written)
        pipe.pexpireat(key, expires_at)
    pipe.execute()
    return fits


def tried(draft_id: str, name: str) -> dict[str, Any] | None:
    """What the part gave when it was tried last, if that is still known."""
    found = _redis().hget(_tried(draft_id), name)
    return orjson.loads(found) if found else None


def forget(draft_id: str) -> None:
    """Remove all of a draft that is gone. Safe to run twice."""
    _redis().delete(_key(draft_id), _tried(draft_id))


def _key(draft_id: str) -> str:
    return f"pins:{draft_id}"


def _tried(draft_id: str) -> str:
    return f"tried:{draft_id}"


def _redis() -> Any:
    return get_redis_connection("drafts")
