"""BM25, as the database reckons it and as it is reckoned in memory."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = float | NDArray[Any]

K1 = 1.2
B = 0.75


def idf(chunks: float, frequency: float) -> float:
    """What a term is worth that ``frequency`` of ``chunks`` chunks hold."""
    return math.log(1 + (max(chunks - frequency, 0) + 0.5) / (frequency + 0.5))


def saturation(frequency: Numbers, length: Numbers, average: float) -> Numbers:
    """What it means that a chunk of ``length`` holds a term ``frequency`` times. Of one chunk, or
    of many at once."""
    return frequency * (K1 + 1) / (frequency + K1 * (1 - B + B * length / max(average, 1)))
