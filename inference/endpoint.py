"""Where a model is reached and with which key. The key shows in no representation or message."""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from common.memory import opaque_key

if TYPE_CHECKING:
    from collections.abc import Iterator

_SECRETS = re.compile(r"(?i)\bbearer\s+\S+|\b(?:sk|pk|key|org|proj)-[A-Za-z0-9_*.-]{6,}")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")
LONGEST = 300
SHORTEST_IN_BASE64 = 8


@dataclass(frozen=True)
class Endpoint:
    """``guarded``: the address comes from a workspace, so it may not lead into our own network."""

    base_url: str
    key: str = field(default="", repr=False)
    guarded: bool = False

    @property
    def cache_key(self) -> bytes:
        """What to keep things about this endpoint under: another one for another API key, without
        the API key in it."""
        return opaque_key(self.base_url, self.key, str(self.guarded))

    def url(self, path: str) -> str:
        return f"{self.base_url.rstrip('/')}/{path}"

    def scrub(self, words: str) -> str:
        """``words`` of the server, without the key or what looks like one, on one short line."""
        for guise in filter(None, (self.key, *_in_base64(self.key.encode()))):
            words = words.replace(guise, "•••")
        return _UNPRINTABLE.sub(" ", _SECRETS.sub("•••", words)).strip()[:LONGEST]


def _in_base64(key: bytes) -> Iterator[str]:
    """What base64 makes of the key alone, however many bytes stand before it."""
    for before in range(3):
        first, end = -(-before * 8 // 6), (before + len(key)) * 8 // 6
        known = b64encode(bytes(before) + key).decode()[first:end]
        if len(known) >= SHORTEST_IN_BASE64:
            yield known
            yield known.replace("+", "-").replace("/", "_")
