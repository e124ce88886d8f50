"""Whoever reads the database or the cache learns no secret that was ever handed out."""

from __future__ import annotations

import base64
import re
import zlib
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.core import mail
from django.db import connection
from django.test import Client
from django_redis import get_redis_connection

from tests.support.people import PASSWORD, signed_in
from tests.workspaces.conftest import CANARY
from tests.workspaces.mailbox import code_to, link_to
from workspaces import credentials, demo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workspaces.access import Actor

RAW = re.compile(r"pxb_[a-z2-9]{10}_([A-Za-z0-9_-]{43})")


@pytest.fixture
def handed_out(alice: Actor) -> list[str]:
    """Everything secret that a person, a program or a mailbox gets to see, once each."""
    client = signed_in(Client(), alice)
    made = client.post("/w/acme/settings/keys/new/", {"name": "Server"}).content.decode()
    key = RAW.search(made)
    client.post("/w/acme/settings/members/invite/", {"email": "grace@example.com", "role": "20"})
    token = link_to("grace@example.com").split("/")[2]
    Client().get(f"/invitations/{token}/")
    Client().post("/accounts/password/reset/", {"email": "alice@example.com"})
    reset = link_to("alice@example.com").rstrip("/").rsplit("-", 1)[1]
    values = {"api_key": CANARY}
    credential = credentials.create(alice, name="x", kind="llm", values=values)
    client.post(f"/w/acme/settings/credentials/{credential.pk}/", {"values.api_key": CANARY + "2"})
    assert key
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    return [key[1], token, reset, CANARY, PASSWORD, session]


def test_no_text_in_the_database_holds_what_was_handed_out(handed_out: list[str]) -> None:
    everything = list(_texts_of_all_tables())
    assert len(everything) > 50
    for secret in handed_out:
        assert not [where for where, text in everything if secret in text], secret[:6]


def test_nothing_in_redis_holds_what_was_handed_out(handed_out: list[str]) -> None:
    everything = "\n".join(_texts_of_redis())
    assert everything
    for secret in handed_out:
        assert secret not in everything


def test_a_code_for_an_address_dies_when_it_is_used(client: Client, db: None) -> None:
    """The one short secret that a session holds: for minutes, for three tries, in one browser."""
    data = {"email": "grace@example.com", "password1": PASSWORD}
    client.post("/accounts/signup/", data)
    code = code_to("grace@example.com")
    client.post("/accounts/confirm-email/", {"code": code})
    assert not [where for where, text in _texts_of_all_tables() if code in text]


def test_the_demo_password_is_not_kept(db: None) -> None:
    login = demo.ensure_demo()
    assert login
    assert not [where for where, text in _texts_of_all_tables() if login.password in text]


def test_no_mail_holds_a_password_or_a_stored_value(handed_out: list[str]) -> None:
    texts = "".join(f"{one.subject}{one.body}" for one in mail.outbox)
    assert CANARY not in texts
    assert PASSWORD not in texts


def _texts_of_all_tables() -> Iterator[tuple[str, str]]:
    """Every row as text, as ``pg_dump`` would write it, with sessions unpacked."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            yield from ((table, row[0]) for row in cursor.fetchall())
        cursor.execute("SELECT session_data FROM django_session")
        yield from (("a session", _unpacked(row[0])) for row in cursor.fetchall())


def _unpacked(session: str) -> str:
    """A signed session is not encrypted: base64, and compressed if that is shorter."""
    data = session.split(":", maxsplit=1)[0]
    compressed, data = data.startswith("."), data.removeprefix(".")
    raw = base64.urlsafe_b64decode(data + "=" * (-len(data) % 4))
    return (zlib.decompress(raw) if compressed else raw).decode()


def _texts_of_redis() -> Iterator[str]:
    for alias in ("default", "drafts"):
        redis: Any = get_redis_connection(alias)
        for key in redis.scan_iter():
            yield key.decode("utf-8", "replace")
            yield _dumped(redis, key)


def _dumped(redis: Any, key: bytes) -> str:
    read = {b"string": redis.get, b"hash": redis.hgetall, b"set": redis.smembers}
    kind = redis.type(key)
    if kind == b"zset":
        return str(redis.zrange(key, 0, -1))
    return str(read[kind](key)) if kind in read else str(redis.lrange(key, 0, -1))
