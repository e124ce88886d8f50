"""What went on inside of a draft's last answers, whole, so that it can be looked at and done again.

In Redis beside the preview sessions: ``run:{draft}:{id}`` is one record, ``runs:{draft}`` names a
draft's by the time they were made, ``runs_of:{workspace}`` a workspace's: of too many the oldest
goes. ``runs_digest:{draft}`` is what somebody made of a draft's records, so that not all of them
have to be read again. All of them go with the draft.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import orjson
from django_redis import get_redis_connection

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from uuid import UUID

    from conversations.outcome import Outcome

MOST_BYTES = 256 * 1024
MOST_OF_DRAFT, MOST_OF_WORKSPACE = 20, 100
# Seconds for which a digest is kept: it can be made again.
DIGEST_LIFE = 3600

Record = dict[str, Any]


def record_of(outcome: Outcome, version: int, **more: Any) -> Record:
    """What is kept of an answer to the draft's ``version``: what it began with, and each step.

    Steps that do not fit into ``MOST_BYTES`` are left with their names and marked ``shortened``,
    the largest first.
    """
    turn = outcome.turn
    record: Record = {
        "id": str(outcome.id),
        "at": outcome.asked_at.timestamp(),
        "version": version,
        "session_id": outcome.session_id,
        "message": turn.message,
        "occasion": asdict(turn.occasion) if turn.occasion else None,
        "history": [asdict(said) for said in turn.history],
        "with_person": [asdict(said) for said in turn.with_person],
        "variables": dict(turn.variables),
        "state": turn.state,
        "status": outcome.status,
        "answer": outcome.text,
        "error": outcome.error,
        "steps": list(outcome.whole or ()),
        **more,
    }
    return _fitting(record)


def _fitting(record: Record) -> Record:
    """``record`` with what is too large taken out of it."""
    excess = len(_dumped(record)) - MOST_BYTES
    steps: list[dict[str, Any]] = record["steps"]
    by_size = sorted(range(len(steps)), key=lambda at: -len(_dumped(steps[at])))
    for at in by_size:
        if excess <= 0:
            break
        shortened = {**steps[at], **_NOTHING, "shortened": True}
        excess -= len(_dumped(steps[at])) - len(_dumped(shortened))
        steps[at] = shortened
    if excess > 0:  # the conversation itself is too long
        record |= {"history": [], "state": {}, "shortened": True}
    return record


_NOTHING: dict[str, Any] = {"input": {}, "output": None, "effects": {}}


def keep(workspace_id: UUID, draft_id: str, record: Record, expires_at: datetime) -> None:
    """Keep ``record`` until ``expires_at``, or until there are too many newer ones."""
    name, of_draft, of_all = record["id"], f"runs:{draft_id}", f"runs_of:{workspace_id}"
    pipe = _redis().pipeline()
    pipe.set(f"run:{draft_id}:{name}", _dumped(record), pxat=expires_at)
    pipe.zadd(of_draft, {name: record["at"]})
    pipe.zadd(of_all, {f"{draft_id}:{name}": record["at"]})
    for index in (of_draft, of_all):
        # As long as the draft that lives longest.
        pipe.pexpireat(index, expires_at, nx=True)
        pipe.pexpireat(index, expires_at, gt=True)
    pipe.zrange(of_draft, 0, -MOST_OF_DRAFT - 1)
    pipe.zrange(of_all, 0, -MOST_OF_WORKSPACE - 1)
    *_done, too_many, too_many_of_all = pipe.execute()
    gone = [(draft_id, each.decode()) for each in too_many]
    gone += [tuple(each.decode().split(":", 1)) for each in too_many_of_all]
    _remove(workspace_id, gone)


def kept(draft_id: str) -> list[Record]:
    """The draft's records, the newest first."""
    return some(draft_id, ids(draft_id))


def ids(draft_id: str) -> list[str]:
    """The ids of the draft's records, the newest first."""
    return [name.decode() for name in _redis().zrevrange(f"runs:{draft_id}", 0, -1)]


def some(draft_id: str, run_ids: Iterable[str]) -> list[Record]:
    """Those of the draft's records with ``run_ids`` that are still there, in this order."""
    keys = [f"run:{draft_id}:{run_id}" for run_id in run_ids]
    found = _redis().mget(keys) if keys else ()
    return [orjson.loads(each) for each in found if each]


def digest(draft_id: str) -> Any:
    """What ``keep_digest`` was given last; None where that is not known any more."""
    found = _redis().get(f"runs_digest:{draft_id}")
    return orjson.loads(found) if found else None


def keep_digest(draft_id: str, made: Any) -> None:
    """Keep what somebody ``made`` of the draft's records, as plain JSON."""
    _redis().set(f"runs_digest:{draft_id}", _dumped(made), ex=DIGEST_LIFE)


def one(draft_id: str, run_id: str) -> Record | None:
    """One of the draft's records, if it is still there."""
    found = _redis().get(f"run:{draft_id}:{run_id}")
    return orjson.loads(found) if found else None


def forget(draft_id: str) -> None:
    """Remove all records of a draft that is gone. Safe to run twice."""
    names = _redis().zrange(f"runs:{draft_id}", 0, -1)
    keys = [f"run:{draft_id}:{name.decode()}" for name in names]
    _redis().delete(f"runs:{draft_id}", f"runs_digest:{draft_id}", *keys)


def _remove(workspace_id: UUID, gone: Sequence[tuple[str, ...]]) -> None:
    if not gone:
        return
    pipe = _redis().pipeline()
    for draft_id, name in gone:
        pipe.delete(f"run:{draft_id}:{name}")
        pipe.zrem(f"runs:{draft_id}", name)
        pipe.zrem(f"runs_of:{workspace_id}", f"{draft_id}:{name}")
    pipe.execute()


def _dumped(value: Any) -> bytes:
    return orjson.dumps(value, default=str, option=orjson.OPT_NON_STR_KEYS)


def _redis() -> Any:
    return get_redis_connection("drafts")
