"""Reads the environment once: a ``.env`` file beside ``manage.py`` is read if present."""

from pathlib import Path

import environ

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env", overwrite=False)

DATA_DIR = Path(env.str("PRIVEXBOT_DATA_DIR", default=str(BASE_DIR / "var"))).resolve()
