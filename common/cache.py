"""The ordinary cache: Redis, and this process where Redis takes nothing or is away."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.locmem import LocMemCache
from django_redis.cache import RedisCache
from redis.exceptions import RedisError


class Cache(RedisCache):  # type: ignore[misc]
    """What is counted here, such as tries to sign in, is still counted while Redis is full: by each
    process for itself. Nobody is let in uncounted, and nobody is locked out."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._own = LocMemCache("own", {"OPTIONS": {"MAX_ENTRIES": 10_000}})

    def get(self, key: str, default: Any = None, version: int | None = None, **more: Any) -> Any:
        found = None
        with suppress(RedisError):
            found = super().get(key, None, version, **more)
        return self._own.get(key, default, version) if found is None else found

    def add(
        self,
        key: str,
        value: Any,
        timeout: float | None = DEFAULT_TIMEOUT,
        version: int | None = None,
        **more: Any,
    ) -> bool:
        try:
            return bool(super().add(key, value, timeout, version, **more))
        except RedisError:
            return self._own.add(key, value, timeout, version)

    def set(
        self,
        key: str,
        value: Any,
        timeout: float | None = DEFAULT_TIMEOUT,
        version: int | None = None,
        **more: Any,
    ) -> bool:
        try:
            kept = bool(super().set(key, value, timeout, version, **more))
        except RedisError:
            self._own.set(key, value, timeout, version)
            with suppress(RedisError):  # what it held before is no longer true
                super().delete(key, version)
            return True
        self._own.delete(key, version)
        return kept

    def clear(self) -> None:
        self._own.clear()
        super().clear()

    def delete(self, key: str, version: int | None = None, **more: Any) -> bool:
        was_here = self._own.delete(key, version)
        with suppress(RedisError):
            return bool(super().delete(key, version, **more)) or was_here
        return was_here
