"""What models cost, as far as it is known: the list prices of providers that publish them.

A model that is not here has no price: one that is served by somebody else may cost anything, or
nothing. Whoever pays something else says so for their workspace.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

AS_OF = date(2026, 11, 1)
_MILLION, _CENT = Decimal(1_000_000), Decimal("0.01")
# What providers put behind the name of a model: -2024-07-18, -20250514, -latest.
_EDITION = re.compile(r"-(?:\d{4}-\d{2}-\d{2}|\d{8}|latest)$")


@dataclass(frozen=True)
class Price:
    """US dollars for a million tokens that a model reads, and for a million that it writes."""

    read: Decimal
    written: Decimal

    @property
    def as_text(self) -> tuple[str, str]:
        """Both as people write prices: with two places, or as many as are needed."""
        return _as_text(self.read), _as_text(self.written)

    def of(self, prompt_tokens: int, completion_tokens: int) -> Decimal:
        """US dollars."""
        return (self.read * prompt_tokens + self.written * completion_tokens) / _MILLION


def _as_text(amount: Decimal) -> str:
    cents = amount.quantize(_CENT)
    return f"{cents if cents == amount else amount.normalize():f}"


def _price(read: str, written: str) -> Price:
    return Price(Decimal(read), Decimal(written))


LIST: Mapping[str, Price] = {
    "gpt-4o": _price("2.50", "10"),
    "gpt-4o-mini": _price("0.15", "0.60"),
    "gpt-4.1": _price("2", "8"),
    "gpt-4.1-mini": _price("0.40", "1.60"),
    "gpt-4.1-nano": _price("0.10", "0.40"),
    "claude-3-haiku": _price("0.25", "1.25"),
    "claude-3-5-haiku": _price("0.80", "4"),
    "claude-haiku-4-5": _price("1", "5"),
    "claude-3-5-sonnet": _price("3", "15"),
    "claude-3-7-sonnet": _price("3", "15"),
    "claude-sonnet-4": _price("3", "15"),
    "claude-sonnet-4-5": _price("3", "15"),
    "claude-opus-4": _price("15", "75"),
    "claude-opus-4-1": _price("15", "75"),
    "claude-opus-4-5": _price("5", "25"),
    # Ours, which quotes.
    "extractive": _price("0", "0"),
}


def list_price(model: str) -> Price | None:
    """The price of ``model``, in whatever edition; None where it is not known."""
    return LIST.get(model) or LIST.get(_EDITION.sub("", model))
