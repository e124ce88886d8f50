"""Dialects know no database, no store and no shop."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _clean() -> None:
    """There is nothing to clean: the shop's fixture of this name is not wanted here."""
