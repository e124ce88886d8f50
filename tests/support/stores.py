"""Fixtures for what tests keep in Redis."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.cache import cache
from django_redis import get_redis_connection

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def redis_clean() -> Iterator[None]:
    """Drafts and caches are empty before and after the test."""
    _flush()
    yield
    _flush()


def _flush() -> None:
    get_redis_connection("drafts").flushdb()
    cache.clear()
