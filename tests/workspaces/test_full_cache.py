"""A cache that takes nothing more: people sign in, stay signed in, and are still counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.cache import cache
from django_redis import get_redis_connection

from drafts import creating, editing
from drafts.deploying import deploy
from drafts.types import draft_types
from tests.support.people import PASSWORD, signed_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.test import Client

    from workspaces.access import Actor

pytestmark = pytest.mark.usefixtures("redis_clean")


@pytest.fixture
def full() -> Iterator[None]:
    redis = get_redis_connection("default")
    before = redis.config_get("maxmemory")["maxmemory"]
    redis.config_set("maxmemory", 1)
    yield
    redis.config_set("maxmemory", before)


def test_people_sign_in_and_out(full: None, client: Client, alice: Actor) -> None:
    answer = client.post("/accounts/login/", {"login": alice.identity, "password": PASSWORD})
    assert answer.status_code == 302, answer.content
    assert client.get("/w/acme/").status_code == 200
    assert client.get("/w/acme/settings/general/").status_code == 200
    assert client.post("/accounts/logout/").status_code == 302
    assert client.get("/w/acme/").status_code == 302


def test_who_is_signed_in_stays_so(client: Client, alice: Actor) -> None:
    signed_in(client, alice)
    assert client.get("/w/acme/").status_code == 200
    redis = get_redis_connection("default")
    redis.config_set("maxmemory", 1)
    try:
        for _time in range(2):
            assert client.get("/w/acme/").status_code == 200
        redis.flushdb()
        assert client.get("/w/acme/").status_code == 200
    finally:
        redis.config_set("maxmemory", 0)
    assert client.get("/w/acme/").status_code == 200


def test_pages_are_shown_and_saving_says_that_it_cannot(client: Client, bob: Actor) -> None:
    kind = draft_types.get("chatbot")
    data = {"name": "Ada", "system_prompt": "Help."}
    live = deploy.deploy(bob, kind, creating.create(bob, kind, data).id).entity
    draft = creating.create(bob, kind, data)
    signed_in(client, bob)
    redis = get_redis_connection("default")
    redis.config_set("maxmemory", 1)
    try:
        base = f"/w/acme/chatbots/draft/{draft.id}/"
        for path in ("/w/acme/", "/w/acme/chatbots/", f"/w/acme/chatbots/{live.pk}/"):
            assert client.get(path).status_code == 200, path
        for path in ("basic/", "deploy/", "plan/", "history/"):
            assert client.get(base + path).status_code == 200, path
        save = client.post(f"{base}basic/", {"_changed": "description", "description": "New"})
        assert save.status_code == 503
        assert "Nothing was lost" in save.content.decode()
        assert client.post(f"{base}abandon/").status_code == 302
    finally:
        redis.config_set("maxmemory", 0)
    assert not editing.list_drafts(bob)


def test_guessing_passwords_is_still_counted(full: None, client: Client, alice: Actor) -> None:
    wrong = {"login": alice.identity, "password": "a guess of somebody else"}
    answers = [client.post("/accounts/login/", wrong) for _time in range(12)]
    assert "Too many" in answers[-1].content.decode()


def test_what_was_kept_before_is_not_told_for_what_was_kept_last(full: None) -> None:
    redis = get_redis_connection("default")
    redis.config_set("maxmemory", 0)
    cache.set("name", "old", 60)
    redis.config_set("maxmemory", 1)
    cache.set("name", "new", 60)
    assert cache.get("name") == "new"
    assert cache.add("lock", 1, 60)
    assert not cache.add("lock", 1, 60)
    assert cache.delete("name")
    assert cache.get("name") is None
