"""Work in the background on a draft that somebody has asked for and waits for: one of each name.

A job has an attempt's number; what an older attempt still does is written nowhere. Whoever works on
it has it as a lease, so that a job that nobody has can be given to another worker, unless too many
were lost over it.
"""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

import orjson
from django.conf import settings
from django_redis import get_redis_connection

from common import leases, lost_workers

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from contextlib import AbstractContextManager

    from common.leases import Lease

RUNNING, DONE, STOPPED, FAILED = "running", "done", "stopped", "failed"
# Seconds that a message to a worker may take until it is sent again.
PATIENCE = 15
_WRITE = """
local held = redis.call('GET', KEYS[1])
if not held then return 0 end
local job = cjson.decode(held)
if job.attempt ~= ARGV[1] then return 0 end
if job.status ~= 'running' and job.status ~= ARGV[2] then return 0 end
redis.call('SET', KEYS[1], ARGV[3], 'EX', ARGV[4])
return 1
"""
_BEGIN = """
local held = redis.call('GET', KEYS[1])
if held and cjson.decode(held).status == 'running' then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])
return 1
"""
# The text is kept as it is: decoded and encoded again, an empty list would become an object.
_STOP = """
local held = redis.call('GET', KEYS[1])
if not held or cjson.decode(held).status ~= 'running' then return false end
held = string.gsub(held, '"status":"running"', '"status":"stopped"', 1)
redis.call('SET', KEYS[1], held, 'EX', ARGV[1])
return held
"""


@dataclass(frozen=True)
class Job:
    """How far it is: ``done`` of ``total``, and what it has to remember. ``error`` says why it
    failed."""

    attempt: str
    status: str = RUNNING
    done: int = 0
    total: int = 0
    error: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_running(self) -> bool:
        return self.status == RUNNING

    def ended(self, status: str, error: str = "") -> Job:
        """As it is when nobody works on it any more; what it had to remember is forgotten."""
        return replace(self, status=status, error=error, data={})


def begin(draft_id: str, name: str, data: Mapping[str, Any]) -> Job:
    """A new attempt, whatever there was before."""
    job = Job(secrets.token_hex(8), data=data)
    _redis().set(_key(draft_id, name), _text(job), ex=_life())
    return job


def begin_if_idle(draft_id: str, name: str, data: Mapping[str, Any], total: int) -> Job | None:
    """A new attempt; None while there is one that is running. Of two at once one begins."""
    begun = Job(secrets.token_hex(8), total=total, data=data)
    is_begun = _redis().eval(_BEGIN, 1, _key(draft_id, name), _text(begun), _life())
    return begun if is_begun else None


def job(draft_id: str, name: str) -> Job | None:
    """The newest attempt."""
    return jobs([draft_id], name).get(draft_id)


def jobs(draft_ids: Sequence[str], name: str) -> dict[str, Job]:
    """The newest attempts for several drafts, by their ids."""
    keys = [_key(draft_id, name) for draft_id in draft_ids]
    held = _redis().mget(keys) if keys else ()
    found = zip(draft_ids, held, strict=True)
    return {draft_id: Job(**orjson.loads(text)) for draft_id, text in found if text}


def write(draft_id: str, name: str, given: Job) -> bool:
    """Keep how far it is if its attempt is the newest and it has not ended otherwise; says
    whether."""
    key, text = _key(draft_id, name), _text(given)
    return bool(_redis().eval(_WRITE, 1, key, given.attempt, given.status, text, _life()))


def stop(draft_id: str, name: str) -> Job | None:
    """End it where it is; gives it with all that it had to remember, None when it is not running.
    Whoever works on it writes nothing any more."""
    held = _redis().eval(_STOP, 1, _key(draft_id, name), _life())
    return Job(**orjson.loads(held)) if held else None


def held(draft_id: str, name: str) -> AbstractContextManager[Lease | None]:
    """Be the one who works on it while the block runs; None when somebody is at it."""
    return leases.lease(_lease(draft_id, name))


def counted(draft_id: str, given: Job, name: str) -> AbstractContextManager[None]:
    """Be at it while the block runs; raises ``LostWorkersError`` where too many workers were lost
    over this attempt."""
    return lost_workers.counted(_lost(draft_id, name), given.attempt, _life())


def woken(draft_id: str, name: str) -> None:
    """A worker is being told."""
    _redis().set(_woken(draft_id, name), 1, ex=PATIENCE)


def is_left_alone(draft_id: str, name: str) -> bool:
    """Whether nobody works on it and nobody was told to for a while."""
    return bool(left_alone([draft_id], name))


def left_alone(draft_ids: Sequence[str], name: str) -> list[str]:
    """Those of the drafts whose job ``is_left_alone``."""
    had = leases.taken([_lease(draft_id, name) for draft_id in draft_ids])
    wakes = _redis().mget([_woken(draft_id, name) for draft_id in draft_ids]) if draft_ids else ()
    told = zip(draft_ids, wakes, strict=True)
    return [each for each, woken in told if woken is None and _lease(each, name) not in had]


def forget_wakes() -> None:
    """Let workers be told again at once: whoever was told is known to be gone."""
    redis = _redis()
    for key in redis.scan_iter(_woken("*", "*")):
        redis.delete(key)


def forget(draft_id: str, names: Iterable[str]) -> None:
    """Remove what is known of a draft that is gone. Safe to run twice. Whoever is still at it gives
    the lease back."""
    for name in names:
        _redis().delete(_key(draft_id, name), _woken(draft_id, name), _lost(draft_id, name))


def _key(draft_id: str, name: str) -> str:
    return f"job:{draft_id}:{name}"


def _lease(draft_id: str, name: str) -> str:
    return f"job:{draft_id}:{name}"


def _woken(draft_id: str, name: str) -> str:
    return f"job:{draft_id}:{name}:woken"


def _lost(draft_id: str, name: str) -> str:
    return f"job:{draft_id}:{name}:lost"


def _life() -> int:
    life: int = 2 * settings.DRAFT_TTL_SECONDS
    return life


def _text(given: Job) -> bytes:
    return orjson.dumps(asdict(given))


def _redis() -> Any:
    return get_redis_connection("drafts")
