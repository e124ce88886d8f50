"""What a visitor's browser may know of an assistant, as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from conversations.runtime import Profile


def as_json(profile: Profile) -> dict[str, Any]:
    """Every field of the profile, which is all that is public."""
    return asdict(profile)
