"""How the reading of each source of a draft goes: a hash in Redis, with the draft's life.

``kb:{draft}:sources`` holds one field per source. A state belongs to one ``attempt`` at reading;
who works on an older attempt can write nothing any more. ``kb:reading`` names the sources that are
waiting or being read, by when somebody should look after them.
"""

from __future__ import annotations

import logging
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

import orjson
from django.conf import settings
from django_redis import get_redis_connection

from drafts.access import is_kept
from knowledge.kind import KIND

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

logger = logging.getLogger(__name__)
PENDING, PARSING, READY, FAILED = "pending", "parsing", "ready", "failed"
# Seconds without a sign of life after which a reading is begun again.
PATIENCE = 60
READING = "kb:reading"
_WRITE = """
local held = redis.call('HGET', KEYS[1], ARGV[1])
if not held or cjson.decode(held).attempt ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
return 1
"""
# Only in place of a state of the same reading.
_REPLACE_SAME = """
local held = redis.call('HGET', KEYS[1], ARGV[1])
if not held then return 0 end
local state = cjson.decode(held)
if state.status ~= ARGV[2] or state.attempt ~= ARGV[3] or state.text ~= ARGV[4] then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[5])
return 1
"""


@dataclass(frozen=True)
class State:
    """How far one source is. ``original`` and ``text`` are names of files, see
    ``knowledge.beside.files``; ``done`` counts what has been read so far, ``title`` is what the
    source calls itself, ``interruptions`` how many workers were lost over it. ``former`` is the
    text before, ``coming`` the one that is being written: it is nobody's if that ends there."""

    status: str = PENDING
    attempt: str = ""
    error: str = ""
    size: int = 0
    mime_type: str = ""
    content_hash: str = ""
    title: str = ""
    pages: int = 0
    characters: int = 0
    done: int = 0
    notes: tuple[str, ...] = ()
    original: str = ""
    text: str = ""
    former: str = ""
    coming: str = ""
    interruptions: int = 0

    @property
    def is_busy(self) -> bool:
        return self.status in (PENDING, PARSING) and bool(self.attempt)


@dataclass(frozen=True)
class Place:
    """One source of one draft."""

    workspace_id: UUID
    draft_id: str
    source_id: str

    def __str__(self) -> str:
        return f"{self.workspace_id} {self.draft_id} {self.source_id}"


def states(draft_id: str) -> dict[str, State]:
    """The states of a draft's sources by id; looking at them lets them live on."""
    pipe = _redis().pipeline(transaction=False)
    pipe.hgetall(_key(draft_id))
    pipe.expire(_key(draft_id), _life())
    held: Mapping[bytes, bytes] = pipe.execute()[0]
    return {name.decode(): _state(value) for name, value in held.items()}


def state(draft_id: str, source_id: str) -> State | None:
    held = _redis().hget(_key(draft_id), source_id)
    return _state(held) if held else None


def put(place: Place, given: State) -> None:
    """Set the state, whatever it was before; of a draft that went meanwhile, nothing is kept."""
    pipe = _redis().pipeline()
    pipe.hset(_key(place.draft_id), place.source_id, _text(given))
    pipe.expire(_key(place.draft_id), _life())
    if given.is_busy:
        pipe.zadd(READING, {str(place): time.time() + PATIENCE})
    else:
        pipe.zrem(READING, str(place))
    pipe.execute()
    if not is_kept(KIND, place.draft_id):
        forget(place.workspace_id, place.draft_id)


def put_all(draft_id: str, given: Mapping[str, State]) -> None:
    """Set the states of a draft that was just made."""
    if given:
        pipe = _redis().pipeline()
        pipe.hset(_key(draft_id), mapping={name: _text(each) for name, each in given.items()})
        pipe.expire(_key(draft_id), _life())
        pipe.execute()


def write(place: Place, given: State) -> bool:
    """Set the state if the attempt that ``given`` belongs to is still the newest; says whether."""
    key = _key(place.draft_id)
    kept = bool(_redis().eval(_WRITE, 1, key, place.source_id, given.attempt, _text(given)))
    if not kept:
        return False
    if given.is_busy:
        alive(place)
    else:
        _redis().zrem(READING, str(place))
    return True


def replace_same(draft_id: str, source_id: str, given: State) -> bool:
    """Set the state if it is still of the same reading, as far and of the same text; says
    whether."""
    same = (given.status, given.attempt, given.text)
    arguments = (_key(draft_id), source_id, *same, _text(given))
    return bool(_redis().eval(_REPLACE_SAME, 1, *arguments))


def alive(place: Place, seconds: float = PATIENCE) -> None:
    """Whoever reads the source is at work; nobody need look after it for so long."""
    _redis().zadd(READING, {str(place): time.time() + seconds})


def overdue(now: float | None = None) -> list[Place]:
    """Sources that somebody should be reading, and that nobody has been heard of for too long."""
    names: Iterable[bytes] = _redis().zrangebyscore(READING, "-inf", now or time.time())
    return [place for name in names if (place := _listed(name.decode()))]


def _listed(name: str) -> Place | None:
    """The place that the list names; what is none is taken off it, and stops nothing else."""
    try:
        return place_of(name)
    except ValueError:
        logger.exception("%r was to be looked after and is no source's name", name)
        _redis().zrem(READING, name)
        return None


def place_of(name: str) -> Place:
    """The place that ``str`` made ``name`` of; raises ``ValueError``."""
    workspace_id, draft_id, source_id = name.split(" ", 2)
    return Place(UUID(workspace_id), draft_id, source_id)


def settled(place: Place) -> None:
    """Nobody need look after the source any more."""
    _redis().zrem(READING, str(place))


def remove(place: Place) -> State | None:
    """Forget the source; gives what it was."""
    found = state(place.draft_id, place.source_id)
    pipe = _redis().pipeline()
    pipe.hdel(_key(place.draft_id), place.source_id)
    pipe.zrem(READING, str(place))
    pipe.execute()
    return found


def forget(workspace_id: UUID, draft_id: str) -> None:
    """Forget all sources of a draft that is gone. Safe to run twice."""
    for source_id in states(draft_id):
        settled(Place(workspace_id, draft_id, source_id))
    _redis().delete(_key(draft_id))


def _key(draft_id: str) -> str:
    return f"kb:{draft_id}:sources"


def _life() -> int:
    """Longer than the draft's own time: what belongs to a draft goes with it (``discarded``), and
    this is for what a lost draft leaves."""
    life: int = 2 * settings.DRAFT_TTL_SECONDS
    return life


def _text(given: State) -> bytes:
    return orjson.dumps(asdict(given))


def _state(text: bytes) -> State:
    held: dict[str, Any] = orjson.loads(text)
    return State(**held | {"notes": tuple(held["notes"])})


def _redis() -> Any:
    return get_redis_connection("drafts")
