"""Workers that are killed, in processes of their own, and the time after that."""

from __future__ import annotations

import subprocess
import sys

from django_redis import get_redis_connection

from knowledge.models import IndexedDocument
from tests.support.live import environment


def work_on(what: str, base_id: str, crash_at: str = "", **env: str) -> int:
    """``index`` or ``remove`` the base in another process, which dies at ``crash_at``; its exit
    status. ``env`` is its environment's."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.knowledge.crashing", what, base_id],
        env=environment() | env | {"CRASH_AT": crash_at},
        check=False,
        timeout=100,
    )
    return done.returncode


def later() -> None:
    """As if the leases of whoever was killed had run out."""
    IndexedDocument.objects.exclude(leased_until=None).update(leased_until="2000-01-01T00:00:00Z")
    redis = get_redis_connection("drafts")
    for name in redis.scan_iter("kb:base:*"):
        redis.delete(name)
