"""Makes the product ready to serve: tables, what was left half deployed, static files, the demo
workspace. Safe to repeat."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from common import leases
from drafts import jobs
from drafts.deploying.handover import sweep
from workspaces.demo import EMAIL, DemoLogin, ensure_demo
from workspaces.models import User

if TYPE_CHECKING:
    from collections.abc import Iterator

Say = Callable[[str], object]


def prepare(say: Say) -> DemoLogin | None:
    """Bring everything up to date; the demo's login if it still opens the door."""
    migrate(say)
    if settings.SINGLE_MACHINE:
        # Nobody serves or works yet, so whoever was at something when it ended last is gone.
        leases.forget_all()
        jobs.forget_wakes()
        sweep(patience=timedelta(0))
    collect_static(say)
    login = ensure_demo()
    if login is not None:
        _remember(login)
    return login or _remembered()


def migrate(say: Say) -> None:
    """Apply the migrations that are not applied."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        say(f"Applying {len(plan)} migrations")
        call_command("migrate", verbosity=0, interactive=False)


def collect_static(say: Say) -> None:
    """Copy, hash and compress the static files if any of them changed since the last time."""
    stamp, now = settings.DATA_DIR / "static.stamp", _fingerprint()
    if settings.DEBUG or (_text(stamp) == now and Path(settings.STATIC_ROOT).is_dir()):
        return
    say("Preparing the static files")
    call_command("collectstatic", verbosity=0, interactive=False)
    stamp.write_text(now)


def _fingerprint() -> str:
    """Changes when a static file, or the folder they go to, is another one."""
    lines = sorted(_files(), key=str)
    return hashlib.sha256(f"{settings.STATIC_ROOT}\n{lines}".encode()).hexdigest()


def _files() -> Iterator[tuple[str, int, int]]:
    for finder in get_finders():
        for path, storage in finder.list([]):
            status = Path(storage.path(path)).stat()
            yield path, status.st_size, status.st_mtime_ns


def _remember(login: DemoLogin) -> None:
    path = settings.DATA_DIR / "demo_login"
    path.touch(mode=0o600)
    path.write_text(login.password)


def _remembered() -> DemoLogin | None:
    """The demo's login from an earlier start, unless its owner changed the password."""
    path = settings.DATA_DIR / "demo_login"
    password = _text(path)
    user = User.objects.filter(email=EMAIL).first() if password else None
    if user is not None and user.check_password(password):
        return DemoLogin(user.email, password)
    path.unlink(missing_ok=True)
    return None


def _text(path: Path) -> str:
    return path.read_text().strip() if path.is_file() else ""
