"""A draft as it lay in Redis at one moment: its leaves and what is known about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import UUID

from drafts.draft import Draft, Status
from drafts.storage.flat import unflatten

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True)
class Stamp:
    """Who last changed a leaf, when, and in which version."""

    version: int
    at: datetime
    by: str


def moment(milliseconds: float | str | bytes) -> datetime:
    """From milliseconds since 1970, as the scripts write them."""
    return datetime.fromtimestamp(int(milliseconds) / 1000, UTC)


def stamp_of(text: str) -> Stamp:
    version, at, by = text.split(" ", 2)
    return Stamp(int(version), moment(at), by)


@dataclass(frozen=True)
class Snapshot:
    """``fields`` are the leaves by path, ``stamps`` the raw stamps, of deleted leaves too."""

    draft_id: str
    keyed: Mapping[str, str]
    meta: dict[str, str]
    fields: dict[str, str]
    stamps: dict[str, str]

    @classmethod
    def of(cls, draft_id: str, keyed: Mapping[str, str], stored: Sequence[str]) -> Snapshot:
        """From the hash's names and values by turns; what counts the leaves is left out."""
        parts: dict[str, dict[str, str]] = {"m": {}, "f": {}, "r": {}, "c": {}}
        for name, value in zip(stored[::2], stored[1::2], strict=True):
            parts[name[0]][name[2:]] = value
        return cls(draft_id, keyed, parts["m"], parts["f"], parts["r"])

    @property
    def version(self) -> int:
        return int(self.meta["v"])

    @cached_property
    def document(self) -> dict[str, Any]:
        return unflatten(self.fields, self.keyed)

    def changed_since(self, version: int) -> dict[str, Stamp]:
        """The paths that were written or deleted after ``version``."""
        newer = {
            path: text
            for path, text in self.stamps.items()
            if int(text[: text.index(" ")]) > version
        }
        return {path: stamp_of(text) for path, text in newer.items()}

    def undoable(self) -> int | None:
        """The version that undoing takes back."""
        return self._reachable("undo")

    def redoable(self) -> int | None:
        return self._reachable("redo")

    def _reachable(self, chain: str) -> int | None:
        version = int(self.meta[chain])
        return version if version >= int(self.meta["first"]) else None

    def draft(self) -> Draft:
        meta = self.meta
        return Draft(
            id=self.draft_id,
            kind=meta["type"],
            workspace_id=UUID(meta["ws"]),
            created_by=meta["by"],
            status=Status(meta["status"]),
            version=self.version,
            created_at=moment(meta["created"]),
            updated_at=moment(meta["updated"]),
            expires_at=moment(meta["expires"]),
            target_id=UUID(meta["target"]),
            base_version=int(meta["base"]) if meta.get("base") else None,
            failure=meta.get("failure", ""),
            data=self.document,
            can_undo=self.undoable() is not None,
            can_redo=self.redoable() is not None,
        )
