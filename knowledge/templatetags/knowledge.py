"""What templates of knowledge bases look up."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from django import template

if TYPE_CHECKING:
    from collections.abc import Mapping

T = TypeVar("T")
register = template.Library()


@register.filter
def at(found: Mapping[str, T], key: str) -> T | None:
    """The value at ``key``, which a template's dot cannot name when it is a variable."""
    return found.get(key)


@register.filter
def percent(share: float) -> str:
    """A share of 1 in percent."""
    return f"{round(100 * share)} %"
