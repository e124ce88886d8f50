"""The server's own secrets: from the environment, else generated once into the data folder."""

import os
from pathlib import Path

import environ
from cryptography.fernet import Fernet
from django.core.management.utils import get_random_secret_key


def _generated(path: Path, make: str) -> str:
    """The text of ``path``; written first, readable by its owner alone, when it is not there."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        file.write(make)
    return make


def secret_key(env: environ.Env, data_dir: Path) -> str:
    given: str = env.str("DJANGO_SECRET_KEY", default="")
    return given or _generated(data_dir / "secret_key", get_random_secret_key())


def credentials_keys(env: environ.Env, data_dir: Path) -> list[str]:
    """Fernet keys for stored credentials, newest first: the first encrypts, all decrypt."""
    given: list[str] = env.list("CREDENTIALS_KEYS", default=[])
    return given or [_generated(data_dir / "credentials_key", Fernet.generate_key().decode())]
