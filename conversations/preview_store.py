"""Preview sessions in Redis, beside the draft they talk to: one hash each, with the draft's life.

``preview:{draft}:{session}`` holds ``meta`` (the workspace, the variables, the lead, and what the
assistant keeps from message to message), one field
``m:{id}`` per message, one ``f:{id}`` per feedback and one ``r:{id}`` per list of suggested
replies; the set ``preview:{draft}`` names the
draft's sessions, so that they go with it. ``previews:{workspace}`` names a workspace's sessions by
the time they were last spoken in: of too many the oldest goes, so that nobody can fill the store.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import orjson
from django_redis import get_redis_connection

from conversations.past import Past, Said

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

# A preview is for trying out: what goes beyond this is forgotten, the oldest first.
MOST_MESSAGES = 200
MOST_BYTES = 256 * 1024
MOST_SESSIONS = 100


@dataclass(frozen=True)
class Session:
    """What a preview session holds. ``messages`` is oldest first, as a browser is shown them."""

    draft_id: str
    id: str
    workspace_id: UUID
    messages: tuple[dict[str, Any], ...] = ()
    variables: Mapping[str, Any] = field(default_factory=dict)
    has_lead: bool = False
    state: Mapping[str, Any] = field(default_factory=dict)
    state_before: Mapping[str, Any] = field(default_factory=dict)

    def kept_on(self, state: Mapping[str, Any] | None, *, again: bool) -> Session:
        """The session after a turn that left ``state`` (None: nothing new); ``again``: the last
        turn was taken once more."""
        if state is None:
            return self
        before = self.state_before if again else self.state
        return replace(self, state=state, state_before=before)

    @property
    def key(self) -> str:
        return f"{self.index}:{self.id}"

    @property
    def index(self) -> str:
        return f"preview:{self.draft_id}"

    @property
    def workspace_index(self) -> str:
        return f"previews:{self.workspace_id}"

    @property
    def past(self) -> Past:
        said = [Said(m["id"], m["role"], m["content"], m["status"]) for m in self.messages]
        return Past(said, self.variables, None, self.state, self.state_before)


def load(workspace_id: UUID, draft_id: str, session_id: str) -> Session:
    """The session of the workspace's draft; an empty one when nobody has spoken in it."""
    session = Session(draft_id, session_id, workspace_id)
    held = {name.decode(): orjson.loads(v) for name, v in _redis().hgetall(session.key).items()}
    meta = held.get("meta", {})
    if meta.get("workspace") != str(workspace_id):
        return session
    messages = sorted((m for n, m in held.items() if n.startswith("m:")), key=lambda m: m["at"])
    for message in messages:
        message["feedback"] = held.get(f"f:{message['id']}")
        message["follow_ups"] = held.get(f"r:{message['id']}", [])
    return Session(
        draft_id,
        session_id,
        workspace_id,
        tuple(messages),
        meta["variables"],
        meta["has_lead"],
        meta.get("state", {}),
        meta.get("state_before", {}),
    )


def newest(workspace_id: UUID, draft_id: str) -> Session | None:
    """The session of the draft in which somebody spoke last; None where nobody has."""
    sessions = [each.decode() for each in _redis().smembers(f"preview:{draft_id}")]
    if not sessions:
        return None
    names = [f"{draft_id}:{session_id}" for session_id in sessions]
    spoken = _redis().zmscore(f"previews:{workspace_id}", names)
    last = max(zip(spoken, sessions, strict=True), key=lambda each: each[0] or 0)[1]
    found = load(workspace_id, draft_id, last)
    return found if found.messages else None


def renew(session: Session, expires_at: datetime) -> None:
    """Let the session live as long as its draft does now."""
    pipe = _redis().pipeline()
    _expire(pipe, session, expires_at)
    pipe.execute()


def append(
    session: Session,
    messages: list[dict[str, Any]],
    *,
    replaces: str | None,
    expires_at: datetime,
) -> None:
    """Add what was just said; ``session`` is as it was read before."""
    added = {f"m:{m['id']}": orjson.dumps(m) for m in messages}
    gone = _overflow(session, sum(map(len, added.values())), len(added))
    gone += [replaces] if replaces else []
    _write(session, added, expires_at, removed=[f"{kind}:{id_}" for id_ in gone for kind in "mfr"])


def _overflow(session: Session, size: int, count: int) -> list[str]:
    """The oldest messages that must go for ``count`` more of ``size`` bytes."""
    kept = 0
    for message in reversed(session.messages):
        size, count = size + len(orjson.dumps(message)), count + 1
        if size > MOST_BYTES or count > MOST_MESSAGES:
            break
        kept += 1
    return [m["id"] for m in session.messages[: len(session.messages) - kept]]


def keep_feedback(session: Session, message_id: str, value: str | None) -> bool:
    """Keep or take back (None) what was thought of an answer; False when it is not there."""
    if not any(m["id"] == message_id and m["role"] == "assistant" for m in session.messages):
        return False
    if value is None:
        _redis().hdel(session.key, f"f:{message_id}")
    else:
        _redis().hset(session.key, f"f:{message_id}", orjson.dumps(value))
    return True


def keep_replies(
    session: Session, message_id: str, replies: list[str], expires_at: datetime
) -> None:
    """Keep what was suggested with an answer, which is known once that was kept."""
    pipe = _redis().pipeline()
    pipe.hset(session.key, f"r:{message_id}", orjson.dumps(replies))
    _expire(pipe, session, expires_at)
    pipe.execute()


def keep_lead(session: Session, expires_at: datetime) -> None:
    """Note that the lead form was filled in; a preview keeps nobody's name."""
    _write(replace(session, has_lead=True), {}, expires_at)


def reset(draft_id: str, session_id: str) -> None:
    pipe = _redis().pipeline()
    pipe.delete(f"preview:{draft_id}:{session_id}")
    pipe.srem(f"preview:{draft_id}", session_id)
    pipe.execute()


def forget(draft_id: str) -> None:
    """Remove every session of a draft that is gone. Safe to run twice."""
    redis, index = _redis(), f"preview:{draft_id}"
    sessions = [session.decode() for session in redis.smembers(index)]
    redis.delete(index, *(f"{index}:{session}" for session in sessions))


def _write(
    session: Session,
    fields: dict[str, bytes],
    expires_at: datetime,
    removed: list[str] | None = None,
) -> None:
    meta = {
        "workspace": str(session.workspace_id),
        "variables": dict(session.variables),
        "has_lead": session.has_lead,
        "state": session.state,
        "state_before": session.state_before,
    }
    pipe = _redis().pipeline()
    pipe.hset(session.key, mapping=fields | {"meta": orjson.dumps(meta)})
    if removed:
        pipe.hdel(session.key, *removed)
    pipe.sadd(session.index, session.id)
    _expire(pipe, session, expires_at)
    pipe.zadd(session.workspace_index, {f"{session.draft_id}:{session.id}": time.time()})
    pipe.pexpireat(session.workspace_index, expires_at)
    # All but the newest MOST_SESSIONS.
    pipe.zrange(session.workspace_index, 0, -MOST_SESSIONS - 1)
    for name in pipe.execute()[-1]:
        _redis().zrem(session.workspace_index, name)
        reset(*name.decode().split(":", 1))


def _expire(pipe: Any, session: Session, expires_at: datetime) -> None:
    for key in (session.key, session.index):
        pipe.pexpireat(key, expires_at)


def _redis() -> Any:
    return get_redis_connection("drafts")
