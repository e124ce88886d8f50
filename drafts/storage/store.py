"""The draft store: drafts read and changed in Redis, each change one atomic step.

A draft is a hash at ``draft:{type}:{id}`` with one field per leaf, beside it a log of its changes.
Whoever asks for a foreign draft is told what whoever asks for an unknown one is told.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import ceil
from typing import TYPE_CHECKING, Any

import orjson
from django.conf import settings

from drafts import limits
from drafts.storage import scripts
from drafts.storage.connection import answering, connection, for_writing
from drafts.storage.snapshot import Snapshot, moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from drafts.address import Address
    from drafts.document import Change
    from drafts.draft import Status

NEVER = moment(0)


@dataclass(frozen=True)
class Outcome:
    """A script's answer. ``paths`` are those in conflict, ``wait`` is in seconds."""

    verdict: str
    version: int = 0
    updated_at: datetime = NEVER
    expires_at: datetime = NEVER
    merged: bool = False
    paths: tuple[str, ...] = ()
    wait: int = 0


@dataclass(frozen=True)
class Write:
    """One change to write and who makes it; see ``patch.lua`` for the conditions."""

    change: Change
    by: str
    seen: int
    mode: str = "patch"
    patch_id: str | None = None
    match: int | None = None
    expected: int | None = None
    base: int | None = None


@dataclass(frozen=True)
class LogEntry:
    """One change as it was logged: ``before`` holds the leaves' texts before it (None: absent);
    an undo or a redo ``reverts`` the change that made that version."""

    version: int
    at: datetime
    by: str
    mode: str
    before: dict[str, str | None] = field(default_factory=dict)
    reverts: int | None = None


@answering
def create(
    address: Address, fields: Mapping[str, str], by: str, meta: Mapping[str, str]
) -> Outcome:
    ask = address.ask(
        by=by,
        meta={"type": address.kind, **meta},
        most_drafts=limits.MOST_DRAFTS,
        most_bytes=limits.MOST_BYTES,
        most_fields=limits.MOST_FIELDS,
        most_together=settings.DRAFT_WORKSPACE_BYTES,
        most_written=limits.MOST_WRITTEN,
    )
    pairs = [part for pair in fields.items() for part in pair]
    return _written(scripts.create(for_writing(), address.keys, ask, pairs))


@answering
def read(address: Address, keyed: Mapping[str, str]) -> Snapshot | None:
    """The draft; None when it is unknown, gone or another workspace's."""
    return _snapshot(address, keyed, scripts.read(connection(), (address.draft,), address.ask()))


@answering
def read_each(addresses: Sequence[Address], keyed: Mapping[str, str]) -> list[Snapshot | None]:
    """As ``read``, for several drafts of one kind in one go."""
    calls = [((address.draft,), address.ask()) for address in addresses]
    answers = scripts.read.each(connection(), calls)
    return [
        _snapshot(address, keyed, answer)
        for address, answer in zip(addresses, answers, strict=True)
    ]


def _snapshot(address: Address, keyed: Mapping[str, str], answer: list[Any]) -> Snapshot | None:
    verdict, *rest = answer
    return Snapshot.of(address.draft_id, keyed, orjson.loads(rest[0])) if verdict == "OK" else None


@answering
def write(address: Address, write: Write) -> Outcome:
    ask = address.ask(
        by=write.by,
        mode=write.mode,
        seen=write.seen,
        patch_id=write.patch_id,
        match=write.match,
        expected=write.expected,
        base=write.base,
        most_bytes=limits.MOST_BYTES,
        most_fields=limits.MOST_FIELDS,
        most_entries=limits.MOST_ENTRIES,
        most_logged=limits.MOST_LOGGED,
        most_together=settings.DRAFT_WORKSPACE_BYTES,
        most_written=limits.MOST_WRITTEN,
    )
    return _written(scripts.patch(for_writing(), address.keys, ask, _arguments(write.change)))


@answering
def given(address: Address, patch_id: str) -> Outcome | None:
    """The answer that was given to a patch of this id, while it is remembered."""
    text = connection().hget(address.log, f"p:{patch_id}")
    return None if text is None else _written(["REPLAY", text])


def _arguments(change: Change) -> Iterable[str | bytes | int]:
    yield len(change.sets)
    for pair in change.sets.items():
        yield from pair
    yield len(change.deletes)
    yield from change.deletes
    guards = {"=": change.unchanged, "~": change.follows, "+": change.present, "-": change.absent}
    yield sum(map(len, guards.values()))
    for kind, paths in guards.items():
        yield from (kind + path for path in paths)


def _written(answer: list[Any]) -> Outcome:
    verdict, *rest = answer
    if verdict == "REPLAY":
        rest = [int(number) for number in rest[0].split()]
    if verdict in ("OK", "REPLAY"):
        version, updated, expires, merged = rest
        return Outcome(verdict, version, moment(updated), moment(expires), bool(merged))
    if verdict == "TOO_OFTEN":
        return Outcome(verdict, wait=max(1, ceil(rest[0] / 1000)))
    paths = tuple(path.decode() for path in rest[1:])
    return Outcome(verdict, rest[0] if rest else 0, paths=paths)


@answering
def touch(address: Address) -> datetime | None:
    """Let the draft live for another ttl; None when it is not there."""
    verdict, *rest = scripts.touch(connection(), address.keys, address.ask())
    return moment(rest[0]) if verdict == "OK" else None


@answering
def freeze(address: Address, version: int, token: str) -> str:
    """Lock the draft at ``version``: ``OK``, ``GONE``, ``LOCKED`` or ``STALE``."""
    ask = address.ask(version=version, token=token)
    return str(scripts.freeze(connection(), address.keys, ask)[0])


@answering
def holds(address: Address, token: str) -> bool:
    """Whether the lock that ``token`` stands for still holds."""
    return bool(connection().hget(address.draft, "m:token") == token.encode())


@answering
def thaw(
    address: Address,
    status: Status,
    failure: str = "",
    *,
    token: str | None = None,
    base: int | None = None,
) -> None:
    """Make a locked draft editable again (with ``token``: only if the lock is still that one).

    ``base`` is the live release that the draft starts from now on.
    """
    ask = address.ask(status=status.value, failure=failure, token=token, base=base)
    scripts.thaw(connection(), address.keys, ask)


@answering
def remove(address: Address, *, status: str, deploying: bool | None = None) -> str:
    """Remove the draft and what is kept with it: ``OK``, ``GONE`` or ``LOCKED``.

    ``deploying`` given: only if it is, or is not, locked by a deploy. ``status`` is announced.
    """
    ask = address.ask(status=status, deploying=deploying)
    return str(scripts.remove(connection(), address.keys, ask)[0])


@answering
def log(address: Address) -> dict[int, LogEntry]:
    """Every logged change by its version, oldest first."""
    stored = connection().hgetall(address.log)
    entries = [_entry(int(name[2:]), text) for name, text in stored.items() if name[:2] == b"e:"]
    return {entry.version: entry for entry in sorted(entries, key=lambda entry: entry.version)}


@answering
def logged(address: Address, version: int) -> LogEntry | None:
    text = connection().hget(address.log, f"e:{version}")
    return None if text is None else _entry(version, text)


def _entry(version: int, text: Any) -> LogEntry:
    entry = orjson.loads(text)
    flat = entry.get("changes") or []
    before = {
        path: None if old is False else old for path, old in zip(flat[::2], flat[1::2], strict=True)
    }
    return LogEntry(
        version, moment(entry["at"]), entry["by"], entry["mode"], before, entry.get("reverts")
    )
