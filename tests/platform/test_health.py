"""/healthz, /readyz and /metrics."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest
from django.db import InterfaceError, OperationalError
from django.test import AsyncClient
from django_redis import get_redis_connection
from psycopg_pool import PoolTimeout

from privexbot import health

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client
    from pytest_django.fixtures import Settings

    from tests.support.live import Live


def test_the_process_says_that_it_serves(live: Live) -> None:
    assert httpx.get(f"{live.url}/healthz").status_code == 200


def test_ready_when_database_redis_and_migrations_are_in_order(live: Live) -> None:
    answer = httpx.get(f"{live.url}/readyz")

    assert answer.status_code == 200
    assert answer.json()["checks"] == {"database": "ok", "redis": "ok", "migrations": "ok"}


@pytest.mark.django_db
def test_a_store_that_would_evict_drafts_is_named(client: Client) -> None:
    server = get_redis_connection("drafts")
    server.config_set("maxmemory-policy", "allkeys-lru")
    try:
        answer = client.get("/readyz")
    finally:
        server.config_set("maxmemory-policy", "noeviction")

    assert answer.status_code == 503
    assert "allkeys-lru" in answer.json()["checks"]["redis"]


@pytest.mark.parametrize("error", [InterfaceError, OperationalError, PoolTimeout])
@pytest.mark.parametrize("check", [health.database, health.migrations])
def test_a_database_that_is_away_is_named_however_it_shows(
    check: Callable[[], str], error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A connection that broke off shows in several ways that cannot be brought about here."""

    class Broken:
        def cursor(self) -> None:
            raise error

        introspection = property(cursor)

    monkeypatch.setattr(health, "connection", Broken())
    assert check()


def test_metrics_count_requests(live: Live) -> None:
    httpx.get(f"{live.url}/nowhere")

    text = httpx.get(f"{live.url}/metrics").text

    assert 'privexbot_requests_total{area="other",method="GET",status="404"}' in text
    assert "privexbot_draft_keys" in text


async def test_metrics_are_for_whoever_holds_the_token(settings: Settings) -> None:
    assert (await AsyncClient().get("/metrics")).status_code == 200
    settings.METRICS_TOKEN = "only-for-prometheus"
    for given in ("", "Bearer", "Bearer other", "only-for-prometheus", "Bearer \u00e4"):
        refused = await AsyncClient().get("/metrics", headers={"Authorization": given})
        assert refused.status_code == 401
        assert "privexbot_requests" not in refused.content.decode()
    held = {"Authorization": "Bearer only-for-prometheus"}
    assert (await AsyncClient().get("/metrics", headers=held)).status_code == 200
