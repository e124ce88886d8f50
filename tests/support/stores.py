"""Fixtures for what tests leave in Redis and PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from asgiref.sync import sync_to_async
from django.core.cache import cache
from django.db import connections
from django_redis import get_redis_connection

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator


@pytest.fixture
def redis_clean() -> Iterator[None]:
    """Drafts and caches are empty before and after the test."""
    _flush()
    yield
    _flush()


@pytest.fixture
async def connections_returned() -> AsyncIterator[None]:
    """The thread that answers asynchronous views keeps no connection to the test's database."""
    yield
    await sync_to_async(connections.close_all)()


def _flush() -> None:
    get_redis_connection("drafts").flushdb()
    cache.clear()
