"""Exports over real HTTP: more rows than one piece holds, while others use the server too."""

from __future__ import annotations

import csv
import io
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING

import httpx
import pytest
from django.db import connection
from django.utils import timezone

from common.paging import LOT
from conversations.models import Conversation, Lead
from tests.conversations.conftest import deployed
from workspaces import keys

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.live import Live
    from workspaces.models import Workspace

ROWS = 2 * LOT + 7


@pytest.fixture
def site(live: Live, acme: Workspace) -> Iterator[httpx.Client]:
    """Acme's API on the running server, with many conversations and a lead from each."""
    bot, now = deployed(acme), timezone.now()
    moments = [now - timedelta(minutes=n // 3) for n in range(ROWS)]  # three at a time
    rows = Conversation.objects.bulk_create(
        Conversation(
            workspace=acme,
            entity=bot,
            channel="website",
            session_id=f"s{n}",
            opening="Hello",
            message_count=2,
            created_at=moment,
            last_message_at=moment,
        )
        for n, moment in enumerate(moments)
    )
    Lead.objects.bulk_create(
        Lead(workspace=acme, entity=bot, conversation=row, name="Ana", created_at=row.created_at)
        for row in rows
    )
    headers = {"Authorization": f"Bearer {keys.issue(acme, 'server', 'manage')[1]}"}
    with httpx.Client(base_url=live.url, headers=headers, trust_env=False, timeout=60) as client:
        yield client


@pytest.mark.parametrize(
    ("path", "model"), [("conversations", Conversation), ("leads", Lead)], ids=["talks", "leads"]
)
def test_an_export_holds_every_row_once(
    site: httpx.Client, path: str, model: type[Conversation | Lead]
) -> None:
    with ThreadPoolExecutor(8) as readers:
        exports = [readers.submit(site.get, f"/api/v1/{path}?format=csv") for _ in range(4)]
        pages = [readers.submit(site.get, f"/api/v1/{path}?limit=5") for _ in range(40)]
    assert {page.result().status_code for page in pages} == {200}
    expected = [str(key) for key in model.objects.values_list("pk", flat=True)]
    for export in exports:
        _names, *found = csv.reader(io.StringIO(export.result().text))
        assert [row[0] for row in found] == expected
    assert not _cursors()


def _cursors() -> list[str]:
    """What the server's connections did last with a cursor that outlives its statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT query FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND query LIKE '%%_django_curs_%%'"
        )
        return [row[0] for row in cursor.fetchall()]
