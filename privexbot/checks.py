"""What must hold before the product serves: secrets that are secrets. See ``manage.py check``."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet
from django.conf import settings
from django.core import checks

if TYPE_CHECKING:
    from collections.abc import Iterator

TAG = "privexbot"
SHORTEST_KEY, FEWEST_CHARACTERS = 32, 8
GUESSED = ("django-insecure", "change-me", "changeme", "secret", "password", "example")
GUESSED_PASSWORDS = frozenset(
    {"", "postgres", "password", "privexbot", "admin", "root", "changeme"}
)


def all_checks(app_configs: Any, **options: Any) -> list[checks.CheckMessage]:
    """Every check of ours."""
    return [*_secret_key(), *_credentials_keys(), *_database_password(), *_debug(), *_sign_up()]


def _secret_key() -> Iterator[checks.CheckMessage]:
    key = str(settings.SECRET_KEY)
    weak = len(key) < SHORTEST_KEY or len(set(key)) < FEWEST_CHARACTERS
    if weak or key.lower().startswith(GUESSED):
        yield checks.Error(
            "DJANGO_SECRET_KEY is short or can be guessed.",
            hint="Leave it empty to have one made, or set at least 32 random characters.",
            id="privexbot.E001",
        )


def _credentials_keys() -> Iterator[checks.CheckMessage]:
    if not settings.CREDENTIALS_KEYS or not all(map(_is_fernet_key, settings.CREDENTIALS_KEYS)):
        yield checks.Error(
            "CREDENTIALS_KEYS holds a key that cannot encrypt.",
            hint="Each is 32 random bytes in URL-safe base64; leave it empty to have one made.",
            id="privexbot.E002",
        )


def _is_fernet_key(key: str) -> bool:
    try:
        Fernet(key)
    except ValueError:
        return False
    return len(set(key)) >= FEWEST_CHARACTERS


def _database_password() -> Iterator[checks.CheckMessage]:
    database = settings.DATABASES["default"]
    if settings.HTTPS and _is_remote(database["HOST"]) and _is_guessed(database["PASSWORD"]):
        yield checks.Error(
            "The password in DATABASE_URL is missing or can be guessed.",
            hint="Give the database user a random password.",
            id="privexbot.E003",
        )


def _is_guessed(password: str) -> bool:
    return password.lower() in GUESSED_PASSWORDS


def _is_remote(host: str) -> bool:
    """Whether the way to ``host`` leaves this machine."""
    if not host or host == "localhost" or host.startswith("/"):
        return False
    try:
        return not ipaddress.ip_address(host).is_loopback
    except ValueError:
        return True


def _debug() -> Iterator[checks.CheckMessage]:
    if settings.DEBUG and settings.HTTPS:
        yield checks.Error(
            "DJANGO_DEBUG is on although PUBLIC_URL is a public https address.",
            hint="Error pages would show settings and data to everybody. Switch it off.",
            id="privexbot.E004",
        )


def _sign_up() -> Iterator[checks.CheckMessage]:
    if settings.SIGN_UP not in ("open", "invited", "closed"):
        yield checks.Error(
            "SIGN_UP is none of the values it may have, so nobody can sign up.",
            hint="Set it to open, invited or closed.",
            id="privexbot.E005",
        )
