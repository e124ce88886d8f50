"""A blank of no width, which keeps signs apart that would mean something side by side."""

from __future__ import annotations

import re

UNSEEN = "\u200b"
_BESIDE_ANOTHER = re.compile(r"`(?=`)")


def with_lone_backticks(text: str) -> str:
    """``text`` with no two backticks side by side, so that no code ends within it."""
    return _BESIDE_ANOTHER.sub(f"`{UNSEEN}", text)
