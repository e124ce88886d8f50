"""Numbers that come as text."""

from __future__ import annotations

import re

# As many digits as every store and every reader of JSON can hold.
_WHOLE = re.compile(r"[0-9]{1,15}")


def whole_number(text: str) -> int | None:
    """The number that ``text`` is, in plain digits; None for everything else, such as ``-1``,
    ``²`` and numbers that nothing here could be counted with."""
    return int(text) if _WHOLE.fullmatch(text) else None


def version_number(text: str) -> int | None:
    """The version that ``text`` names; None when it is empty, and 0, which nothing ever has, when
    it is no number."""
    return (whole_number(text) or 0) if text else None
