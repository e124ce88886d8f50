"""Where a model is reached and with which key. The key shows in no representation or message."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_SECRETS = re.compile(r"(?i)\bbearer\s+\S+|\b(?:sk|pk|key|org|proj)-[A-Za-z0-9_*.-]{6,}")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
LONGEST = 300


@dataclass(frozen=True)
class Endpoint:
    """``guarded``: the address comes from a workspace, so it may not lead into our own network."""

    base_url: str
    key: str = field(default="", repr=False)
    guarded: bool = False

    def url(self, path: str) -> str:
        return f"{self.base_url.rstrip('/')}/{path}"

    def scrub(self, words: str) -> str:
        """``words`` of the server, without the key or what looks like one, on one short line."""
        if self.key:
            words = words.replace(self.key, "•••")
        return _UNPRINTABLE.sub(" ", _SECRETS.sub("•••", words)).strip()[:LONGEST]
