"""Settings: documented, safe in production, the same everywhere."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import yaml
from cryptography.fernet import Fernet
from django.conf import settings

from privexbot.checks import all_checks
from privexbot.env import BASE_DIR

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django.fixtures import Settings

READS = re.compile(r'env(?:iron\.get|\.\w+)\(\s*"([A-Z_]+)"')
SOURCES = [*BASE_DIR.glob("privexbot/*.py"), *BASE_DIR.glob("privexbot/embedded/*.py")]


def variables() -> set[str]:
    return {name for source in SOURCES for name in READS.findall(source.read_text())}


def test_every_variable_is_in_the_example() -> None:
    example = (BASE_DIR / ".env.example").read_text()

    assert {name for name in variables() if f"{name}=" not in example} == set()


def test_compose_uses_the_same_variables() -> None:
    compose = yaml.safe_load((BASE_DIR / "compose.yaml").read_text())

    assert set(compose["services"]) == {"db", "valkey", "migrate", "web", "worker", "beat"}
    assert set(compose["x-app"]["environment"]) <= variables()
    assert "noeviction" in compose["services"]["valkey"]["command"]


def test_nothing_is_wrong_with_a_deployment(tmp_path: Path) -> None:
    answer = manage("check", "--deploy", tmp_path, PUBLIC_URL="https://bot.example.com")

    assert answer.returncode == 0, answer.stderr
    assert "no issues" in answer.stdout


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"DJANGO_SECRET_KEY": "tooshort"}, "E001"),
        ({"CREDENTIALS_KEYS": "nonsense"}, "E002"),
        ({"DATABASE_URL": "postgresql://u:postgres@db/x"}, "E003"),
        ({"DATABASE_URL": "postgresql://u@db/x"}, "E003"),
        ({"DJANGO_DEBUG": "true"}, "E004"),
        ({"SIGN_UP": "friends"}, "E005"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, variables: dict[str, str], said: str) -> None:
    answer = manage("check", "", tmp_path, PUBLIC_URL="https://bot.example.com", **variables)

    assert answer.returncode == 1
    assert f"privexbot.{said}" in answer.stderr


def test_generated_secrets_are_strong_and_stay(tmp_path: Path) -> None:
    manage("check", "", tmp_path)
    first = (tmp_path / "secret_key").read_text()
    manage("check", "", tmp_path)

    assert (tmp_path / "secret_key").read_text() == first
    assert len(first) >= 50
    assert Fernet((tmp_path / "credentials_key").read_text())
    assert {oct(path.stat().st_mode)[-3:] for path in tmp_path.glob("*_key")} == {"600"}


def test_a_database_on_this_machine_needs_no_password(settings: Settings) -> None:
    settings.HTTPS = True

    assert all_checks(None) == []


def test_https_makes_cookies_secure(tmp_path: Path) -> None:
    names = ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_HSTS_SECONDS", "ALLOWED_HOSTS")
    code = f"from django.conf import settings as s; print([getattr(s, n) for n in {names}])"
    answer = python("-c", code, data_dir=tmp_path, PUBLIC_URL="https://bot.example.com")

    assert answer.stdout.strip() == (
        "[True, True, 31536000, ['bot.example.com', 'localhost', '127.0.0.1']]"
    )


def test_hosts_are_answered_besides_that_of_the_public_address(tmp_path: Path) -> None:
    code = "from django.conf import settings as s; print(s.ALLOWED_HOSTS)"
    env = {"PUBLIC_URL": "https://bot.example.com", "ALLOWED_HOSTS": "bots.internal"}
    answer = python("-c", code, data_dir=tmp_path, **env)

    assert answer.stdout.strip() == (
        "['bot.example.com', 'localhost', '127.0.0.1', 'bots.internal']"
    )


def test_drafts_have_a_redis_database_of_their_own() -> None:
    caches = [str(settings.CACHES[name]["LOCATION"]) for name in ("default", "drafts")]

    assert caches[0].endswith("?db=2")
    assert caches[1].endswith("?db=1")
    assert settings.CELERY_BROKER_URL.endswith("?virtual_host=0")


def manage(
    command: str, option: str, data_dir: Path, **env: str
) -> subprocess.CompletedProcess[str]:
    options = [option] if option else []
    return python("manage.py", command, *options, data_dir=data_dir, **env)


def python(*words: str, data_dir: Path, **env: str) -> subprocess.CompletedProcess[str]:
    own = {
        "PATH": os.environ["PATH"],
        "PRIVEXBOT_ENV_FILE": os.devnull,
        "PRIVEXBOT_DATA_DIR": str(data_dir),
        "DJANGO_SETTINGS_MODULE": "privexbot.settings",
    }
    return subprocess.run(
        [sys.executable, *words],
        cwd=BASE_DIR,
        env=own | env,
        capture_output=True,
        text=True,
        check=False,
    )
