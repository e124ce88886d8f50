"""Reads a source as a worker does, with credentials that the test gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from knowledge.sources import described
from knowledge.sources.base import Reading

if TYPE_CHECKING:
    from collections.abc import Mapping

    from knowledge.texts import Parsed

CREDENTIAL = "7b0f1f5e-6a64-4f7e-9d5c-1c1f0f9a5e11"


class Reader:
    """Remembers what it was told meanwhile; ``stop_after`` so many looks it wants no more."""

    def __init__(self, kind: str = "", **values: str) -> None:
        self.kind, self.given = kind, values
        self.progress: list[int] = []
        self.notes: list[str] = []
        self.looks, self.stop_after = 0, 1_000_000

    def read(self, type_: str, **source: Any) -> Parsed:
        given = {"type": type_, "credential_id": CREDENTIAL, **source}
        reading = Reading(None, self.progress.append, self.notes.append, self._stopped, self.values)
        return described(type_).read(given, reading)

    def values(self, kind: str, credential_id: str) -> Mapping[str, str]:
        if (kind, credential_id) != (self.kind, CREDENTIAL):
            raise LookupError(credential_id)
        return self.given

    def _stopped(self) -> bool:
        self.looks += 1
        return self.looks > self.stop_after
