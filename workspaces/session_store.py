"""Sessions in the database and the cache, under a digest of their key."""

from __future__ import annotations

from contextlib import suppress
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.sessions.backends import cached_db
from django.core.cache import caches
from django.utils import timezone
from redis.exceptions import RedisError

if TYPE_CHECKING:
    from django.contrib.sessions.base_session import AbstractBaseSession
    from django.core.cache.backends.base import BaseCache


class _Shortcut:
    """The cache as a way around the database: what it does not answer or take is there."""

    def __init__(self, cache: BaseCache) -> None:
        self._cache = cache
        self.delete = cache.delete  # must not fail unseen: the session would come back

    def get(self, key: str) -> Any:
        with suppress(RedisError):
            return self._cache.get(key)
        return None

    def set(self, key: str, value: Any, timeout: float) -> None:
        try:
            self._cache.set(key, value, timeout)
        except RedisError:
            with suppress(RedisError):  # what it held before is no longer true
                self._cache.delete(key)

    def __contains__(self, key: str) -> bool:
        with suppress(RedisError):
            return key in self._cache
        return False


class SessionStore(cached_db.SessionStore):
    """Only the browser has the key: whoever reads a copy of the database or of the cache cannot
    sign in with what stands there. Synchronous, as all that uses sessions here is."""

    cache_key_prefix = "session."

    def __init__(self, session_key: str | None = None) -> None:
        super().__init__(session_key)
        self._cache = _Shortcut(caches[settings.SESSION_CACHE_ALIAS])

    @property
    def cache_key(self) -> str:
        key: str = self._get_or_create_session_key()  # type: ignore[attr-defined]
        return self.cache_key_prefix + digest(key)

    def exists(self, session_key: str) -> bool:
        return bool(super().exists(digest(session_key)))

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        instance: AbstractBaseSession = super().create_model_instance(data)
        instance.session_key = digest(instance.session_key)
        return instance

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key:
            super().delete(digest(key))

    def _get_session_from_db(self) -> AbstractBaseSession | None:
        found: AbstractBaseSession | None = None
        if self.session_key:
            of_key = self.model.objects.filter(session_key=digest(self.session_key))
            found = of_key.filter(expire_date__gt=timezone.now()).first()
        if found is None:
            self._session_key = None
        return found


def digest(session_key: str) -> str:
    """What a session is kept under: as long as the column is wide."""
    return sha256(session_key.encode()).hexdigest()[:40]
