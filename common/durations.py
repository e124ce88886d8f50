"""How long something took, as it is read: 80 ms, 1.2 s, 1.5 min. The signs are those of every
language, and ``frontend/app/duration.ts`` says the same.
"""

from __future__ import annotations

import math

from django.utils.formats import number_format

SECOND, MINUTE = 1000, 60_000


def duration(ms: float) -> str:
    """``ms`` milliseconds in their largest fitting unit, seconds and minutes with one decimal."""
    if ms < SECOND:
        return f"{_rounded(ms, 0)} ms"
    return f"{_rounded(ms / SECOND, 1)} s" if ms < MINUTE else f"{_rounded(ms / MINUTE, 1)} min"


def _rounded(value: float, decimals: int) -> str:
    """Half up, as browsers do; a decimal that says nothing is left out."""
    tens = 10**decimals
    whole = math.floor(value * tens + 0.5)
    return number_format(whole // tens if whole % tens == 0 else whole / tens)
