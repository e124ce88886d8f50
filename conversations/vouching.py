"""What is known of a visitor as more is told of them. What a website's server has vouched for is
not mixed with what any browser can say: under the mark of a person who was checked stands no name
that was not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

CALLED = ("name", "email")
# The same as ``together``, of two JSON objects that are put in.
TOGETHER = """
    CASE WHEN {now} -> 'verified' = 'true' AND {before} -> 'verified' IS DISTINCT FROM 'true'
        THEN {before} - 'name' - 'email' ELSE {before} END
    || CASE WHEN {before} -> 'verified' = 'true' AND {now} -> 'verified' IS NULL
        THEN {now} - 'name' - 'email' ELSE {now} END"""


def together(before: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, Any]:
    """What was known ``before``, and what is told ``now``, where each says by ``verified`` whether
    somebody vouches for it. The newer counts, but for names that nobody vouches for, of a person
    for whom somebody does."""
    was, is_now = before.get("verified"), now.get("verified")
    if is_now is True and was is not True:
        before = _uncalled(before)
    if was is True and is_now is None:
        now = _uncalled(now)
    return {**before, **now}


def _uncalled(visitor: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in visitor.items() if name not in CALLED}
