"""What a draft can begin with."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise


@dataclass(frozen=True)
class Template:
    """A starting point that creates a filled draft in one click."""

    name: str
    label: str | _StrPromise
    description: str | _StrPromise
    data: Mapping[str, Any] = field(default_factory=dict)
    icon: str = "sparkles"
