"""What came of a draft's test cases, in Redis beside it: the hash ``cases:{draft}``, one field for
each case. ``cases-of:{workspace}`` names the drafts that have results by the time of the newest: of
too many the oldest go, so that nobody can fill the store."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING, Any

import orjson
from django.conf import settings
from django_redis import get_redis_connection

from chatflows.cases.judging import Miss

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

PASSED, FAILED, FAULT = "passed", "failed", "error"
MOST_DRAFTS = 100


@dataclass(frozen=True)
class Result:
    """``fingerprint`` is the key of all that decided it, ``version`` the draft's when it was
    played, ``at`` seconds since 1970. ``answer`` is how the last answer begins, ``ran`` which nodes
    ran for each of the messages, in the order in which they first did. Of one that could not be
    played to its end ``error`` says why, and ``node_id`` which node it was, if it was one."""

    status: str
    fingerprint: str = ""
    version: int = 0
    at: float = 0.0
    answer: str = ""
    ran: tuple[tuple[str, ...], ...] = ()
    misses: tuple[Miss, ...] = ()
    error: str = ""
    node_id: str = ""
    duration_ms: int = 0
    tokens: int = 0

    @property
    def nodes(self) -> tuple[str, ...]:
        """Those that ran for any of the messages."""
        return tuple(dict.fromkeys(chain(*self.ran)))


def results(draft_id: str) -> dict[str, Result]:
    """By the id of the case. They live on while somebody looks at them."""
    return results_of_each([draft_id])[draft_id]


def results_of_each(draft_ids: Iterable[str]) -> dict[str, dict[str, Result]]:
    """``results`` of several drafts, by their ids."""
    ids, pipe = list(draft_ids), _redis().pipeline()
    for draft_id in ids:
        pipe.hgetall(_key(draft_id))
        pipe.expire(_key(draft_id), _life())
    return {
        draft_id: {name.decode(): _result(orjson.loads(text)) for name, text in held.items()}
        for draft_id, held in zip(ids, pipe.execute()[::2], strict=True)
    }


def keep(workspace_id: UUID, draft_id: str, case_id: str, result: Result) -> None:
    """Keep it in the place of what there was before."""
    index, now = f"cases-of:{workspace_id}", time.time()
    pipe = _redis().pipeline()
    pipe.hset(_key(draft_id), case_id, orjson.dumps(asdict(replace(result, at=now))))
    pipe.expire(_key(draft_id), _life())
    pipe.zadd(index, {draft_id: now})
    pipe.expire(index, _life())
    pipe.zrange(index, 0, -MOST_DRAFTS - 1)
    for oldest in pipe.execute()[-1]:
        forget(workspace_id, oldest.decode())


def drop(draft_id: str, case_ids: list[str]) -> None:
    """Forget what came of cases that are gone."""
    if case_ids:
        _redis().hdel(_key(draft_id), *case_ids)


def forget(workspace_id: UUID, draft_id: str) -> None:
    """Remove all results of a draft that is gone. Safe to run twice."""
    pipe = _redis().pipeline()
    pipe.delete(_key(draft_id))
    pipe.zrem(f"cases-of:{workspace_id}", draft_id)
    pipe.execute()


def _result(held: dict[str, Any]) -> Result:
    misses = tuple(Miss(**each) for each in held["misses"])
    # Of results that are older than that it is not known for which message a node ran.
    held.pop("nodes", None)
    ran = tuple(tuple(each) for each in held.get("ran", ()))
    return Result(**held | {"misses": misses, "ran": ran})


def _key(draft_id: str) -> str:
    return f"cases:{draft_id}"


def _life() -> int:
    life: int = 2 * settings.DRAFT_TTL_SECONDS
    return life


def _redis() -> Any:
    return get_redis_connection("drafts")
