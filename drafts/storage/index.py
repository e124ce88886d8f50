"""Which drafts there are: a workspace's living and expired ones, and those locked by a deploy."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import orjson

from common.plain_text import visible
from drafts.address import ENDS, FROZEN, Address, index_keys, workspace_keys
from drafts.storage.connection import answering, connection
from drafts.storage.snapshot import moment

if TYPE_CHECKING:
    from datetime import datetime

KEPT_AFTER_EXPIRY = 30 * 24 * 3600 * 1000
LAST_MOMENT = 1000  # a draft about to expire is not listed: it would be gone when it is opened
KNOWN = (
    *("ws", "type", "status", "v", "by", "owner"),
    *("created", "updated", "expires", "target", "base"),
)


@answering
def rows(workspace_id: UUID) -> list[tuple[str, dict[str, str]]]:
    """The living drafts of a workspace: id, and what is known about each, its name included."""
    redis = connection()
    index, names = index_keys(workspace_id)
    seconds, micros = redis.time()
    members = redis.zrangebyscore(index, seconds * 1000 + micros // 1000 + LAST_MOMENT, "+inf")
    pipeline = redis.pipeline(transaction=False)
    for member in members:
        pipeline.hmget(b"draft:" + member, [*(f"m:{name}" for name in KNOWN), "f:name"])
    found, lost = [], []
    for member, values in zip(members, pipeline.execute(), strict=True):
        if values[0] is None or values[0].decode() != str(workspace_id):
            lost.append(member)
        else:
            found.append((member.decode().split(":", 1)[1], _row(values)))
    if lost:
        redis.zrem(index, *lost)
        redis.hdel(names, *lost)
    return found


def _row(values: list[bytes | None]) -> dict[str, str]:
    *known, name = values
    row = {
        key: value.decode() for key, value in zip(KNOWN, known, strict=True) if value is not None
    }
    return row | {"name": as_name(name)}


def as_name(text: bytes | None) -> str:
    name = orjson.loads(text) if text else ""
    return visible(name) if isinstance(name, str) else ""


@answering
def expired(address: Address) -> tuple[datetime, str] | None:
    """When a draft of the workspace expired, and its name, within the time that this is kept."""
    index, names = index_keys(address.workspace_id)
    pipeline = connection().pipeline(transaction=False)
    pipeline.time()
    pipeline.zscore(index, address.member)
    pipeline.hget(names, address.member)
    (seconds, micros), score, name = pipeline.execute()
    age = seconds * 1000 + micros / 1000 - (score or 0)
    if score is None or not 0 <= age < KEPT_AFTER_EXPIRY:
        return None
    return moment(score), as_name(name)


@answering
def everything(workspace_id: UUID) -> list[tuple[str, str]]:
    """Kind and id of each draft of a workspace, expired ones included."""
    members = connection().zrange(index_keys(workspace_id)[0], 0, -1)
    return [(kind, draft_id) for kind, draft_id in (m.decode().split(":", 1) for m in members)]


@answering
def forget(workspace_id: UUID) -> None:
    """Remove the lists of a workspace that was deleted."""
    connection().delete(*workspace_keys(workspace_id))


@answering
def frozen() -> dict[tuple[str, str], datetime]:
    """Every locked draft by kind and id, and since when."""
    entries = connection().zrange(FROZEN, 0, -1, withscores=True)
    members = ((member.decode().split(":", 1), score) for member, score in entries)
    return {(kind, draft_id): moment(score) for (kind, draft_id), score in members}


@answering
def workspace_of(kind: str, draft_id: str) -> str | None:
    """The workspace of any draft. For the sweep, which acts for nobody."""
    found = connection().hget(f"draft:{kind}:{draft_id}", "m:ws")
    return found.decode() if isinstance(found, bytes) else None


@answering
def ended(at: datetime) -> list[Address]:
    """The drafts of all workspaces that ended before ``at`` and are not ``settled`` yet."""
    members = connection().zrangebyscore(ENDS, "-inf", at.timestamp() * 1000)
    parts = (member.decode().split(":") for member in members)
    return [Address(kind, draft_id, UUID(workspace)) for kind, draft_id, workspace in parts]


@answering
def settled(address: Address) -> None:
    """Nothing is left of a draft that ended."""
    connection().zrem(ENDS, address.ending)


@answering
def forget_frozen(kind: str, draft_id: str) -> None:
    connection().zrem(FROZEN, f"{kind}:{draft_id}")
