"""The public sets that goals were set for. They are no part of the project: tests read them where
``PRIVEXBOT_DATA_SETS`` says that they lie."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import settings

if TYPE_CHECKING:
    from collections.abc import Callable

SETS = Path(os.environ.get("PRIVEXBOT_DATA_SETS", settings.BASE_DIR.parent / "shared" / "data"))


def goal(test: Callable[..., None]) -> Callable[..., None]:
    """Marks a test as one of ``make quality``. Each document is written for good, as the product
    does it: in one transaction the database keeps all versions of what they share, and a set of
    1,399 was written in 50 s instead of 11."""
    here = pytest.mark.skipif(not SETS.exists(), reason=f"the public sets are not in {SETS}")
    on_its_own = pytest.mark.django_db(transaction=True)
    marked: Callable[..., None] = pytest.mark.quality(on_its_own(here(test)))
    return marked
