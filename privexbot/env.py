"""Reads the environment once: a ``.env`` file beside ``manage.py`` is read if present."""

import os
from pathlib import Path

import environ

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
_file = Path(os.environ.get("PRIVEXBOT_ENV_FILE", BASE_DIR / ".env"))
if _file.is_file():
    environ.Env.read_env(_file, overwrite=False)

DATA_DIR = Path(env.str("PRIVEXBOT_DATA_DIR", default="") or BASE_DIR / "var").resolve()
