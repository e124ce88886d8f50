"""Sessions in the database and the cache, under a digest of their key."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.contrib.sessions.backends import cached_db
from django.utils import timezone

if TYPE_CHECKING:
    from django.contrib.sessions.base_session import AbstractBaseSession


class SessionStore(cached_db.SessionStore):
    """Only the browser has the key: whoever reads a copy of the database or of the cache cannot
    sign in with what stands there. Synchronous, as all that uses sessions here is."""

    cache_key_prefix = "session."

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
