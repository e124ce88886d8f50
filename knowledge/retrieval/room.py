"""How many passages each of several indexes may still give."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Sequence

    from knowledge.retrieval.query import Target


@dataclass
class Room:
    """``left`` is what each index may still give; those that are not ``reserved`` share
    ``common``."""

    left: dict[int, int]
    reserved: frozenset[int]
    common: int

    @classmethod
    def of(cls, targets: Sequence[Target], top_k: int) -> Self:
        left = {each.index.pk: top_k if each.top_k is None else each.top_k for each in targets}
        reserved = frozenset(each.index.pk for each in targets if each.reserved)
        return cls(left, reserved, top_k - sum(left[key] for key in reserved))

    def is_for(self, index_id: int) -> bool:
        """Whether one more passage of the index has room."""
        return self.left[index_id] > 0 and (index_id in self.reserved or self.common > 0)

    def take(self, index_id: int) -> None:
        """Count a passage of the index."""
        self.left[index_id] -= 1
        if index_id not in self.reserved:
            self.common -= 1
