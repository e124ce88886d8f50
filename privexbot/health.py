"""Whether the product serves, and whether all it needs is in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import redis
from asgiref.sync import sync_to_async
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse, JsonResponse
from django_redis import get_redis_connection

from common.http import DATABASE_ERRORS, STORE_ERRORS, problem_response
from common.problems import unavailable

if TYPE_CHECKING:
    from django.http import HttpRequest


async def healthz(request: HttpRequest) -> HttpResponse:
    """The process serves."""
    return HttpResponse("ok\n", content_type="text/plain")


async def readyz(request: HttpRequest) -> HttpResponse:
    """The database, Redis and the migrations are in order; 503 names what is not."""
    wrong = await sync_to_async(what_is_wrong)()
    if wrong:
        return problem_response(unavailable(" ".join(wrong.values()), checks=wrong))
    return JsonResponse({"status": "ready", "checks": dict.fromkeys(CHECKS, "ok")})


def what_is_wrong() -> dict[str, str]:
    """The checks that fail, with what is wrong."""
    return {name: words for name, check in CHECKS.items() if (words := check())}


def database() -> str:
    """What is wrong with PostgreSQL; empty when nothing is."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (DatabaseError, *DATABASE_ERRORS):
        return "The database does not answer."
    return ""


def migrations() -> str:
    """Which migrations are not applied; empty when all are."""
    try:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except (DatabaseError, *DATABASE_ERRORS):
        return "The migrations cannot be read."
    waiting = ", ".join(str(migration) for migration, _ in plan)
    return f"Migrations are not applied: {waiting}." if waiting else ""


def store() -> str:
    """What is wrong with Redis; empty when nothing is."""
    try:
        return _loss(get_redis_connection("drafts"))
    except STORE_ERRORS:
        return "Redis does not answer."


def _loss(server: redis.Redis) -> str:
    """How this server would lose drafts: by evicting them, or by keeping nothing on disk."""
    policy = server.info("memory").get("maxmemory_policy", "noeviction")
    if policy != "noeviction":
        return f"Redis would evict drafts: maxmemory-policy is {policy}, not noeviction."
    if server.info("persistence").get("aof_enabled") or _saves(server):
        return ""
    return "Redis would forget drafts when it stops: set appendonly yes."


def _saves(server: redis.Redis) -> bool:
    """Whether it writes snapshots; taken for granted where we may not ask."""
    try:
        return bool(server.config_get("save").get("save"))
    except redis.ResponseError:
        return True


CHECKS = {"database": database, "redis": store, "migrations": migrations}
