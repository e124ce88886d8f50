"""API keys: issued once, kept as a hash, bound to their scope."""

from __future__ import annotations

import re
from collections import Counter
from datetime import timedelta
from io import StringIO
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone

from common.http import problem_of
from tests.support.people import signed_in
from workspaces import founding, keys
from workspaces.access import actor_for_key, may_chat_with
from workspaces.models import ApiKey, AuditEntry, Workspace

if TYPE_CHECKING:
    from collections.abc import Callable

    from workspaces.access import Actor

    Bearer = Callable[[str], dict[str, str]]

LIST = "/api/v1/credentials"
RAW = re.compile(r"pxb_[a-z2-9]{10}_[A-Za-z0-9_-]{43}")


def status(headers: dict[str, str], path: str = LIST) -> int:
    return Client().get(path, headers=headers).status_code


def test_a_key_is_shown_once_with_a_button_to_copy_it(alice: Actor, bearer: Bearer) -> None:
    client = signed_in(Client(), alice)
    page = client.post("/w/acme/settings/keys/new/", {"name": "Billing", "expires": "30"})
    (raw,) = set(RAW.findall(page.content.decode()))
    assert f'data-copy="{raw}"' in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert status(bearer(raw)) == 200
    later = client.get("/w/acme/settings/keys/").content.decode()
    assert raw not in later
    assert "Billing" in later
    expires = ApiKey.objects.get().expires_at
    assert expires
    assert expires > timezone.now() + timedelta(days=29)


def test_a_revoked_key_stops_at_once(alice: Actor, manage_key: str, bearer: Bearer) -> None:
    key = ApiKey.objects.get()
    signed_in(Client(), alice).post(f"/w/acme/settings/keys/{key.pk}/revoke/")
    assert status(bearer(manage_key)) == 401
    assert AuditEntry.objects.filter(action="key.revoked", target="Server").exists()


def test_an_expired_key_is_refused(alice: Actor, manage_key: str, bearer: Bearer) -> None:
    ApiKey.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert status(bearer(manage_key)) == 401


def test_the_keys_of_a_deleted_workspace_are_gone(
    alice: Actor, manage_key: str, bearer: Bearer
) -> None:
    signed_in(Client(), alice).post("/w/acme/settings/general/delete/", {"name": "Acme"})
    assert status(bearer(manage_key)) == 401


def test_the_keys_of_a_deleted_person_are_gone(
    alice: Actor, manage_key: str, bearer: Bearer
) -> None:
    assert alice.user
    alice.user.delete()
    assert status(bearer(manage_key)) == 401


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Bearer x", "Bearer pxb_", "Basic {raw}", "{raw}", "Token {raw}",
     "Bearer {raw}x", "Bearer {raw} {raw}", "Bearer {upper}", "Bearer {other}", "Bearer \u00e9"],
)  # fmt: skip
def test_nothing_but_the_key_itself_opens_the_door(manage_key: str, header: str) -> None:
    other = manage_key[:-2] + ("aa" if manage_key[-2:] != "aa" else "bb")
    sent = header.format(raw=manage_key, upper=manage_key.upper(), other=other)
    answer = Client().get(LIST, headers={"Authorization": sent})
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["WWW-Authenticate"] == "Bearer"
    assert manage_key not in answer.content.decode()


@pytest.mark.parametrize("carrier", ["X-Api-Key", "Api-Key", "X-Authorization", "Cookie", "query"])
def test_no_other_carrier_is_taken(manage_key: str, carrier: str) -> None:
    if carrier == "query":
        for name in ("key", "api_key", "token", "access_token"):
            assert Client().get(LIST, {name: manage_key}).status_code == 401
    else:
        assert status({carrier: f"api_key={manage_key}"}) == 401
        assert status({carrier: manage_key}) == 401
        assert status({carrier: f"Bearer {manage_key}"}) == 401


def test_a_session_is_no_key(alice: Actor) -> None:
    assert signed_in(Client(), alice).get(LIST).status_code == 401


@pytest.mark.parametrize("method", ["get", "post", "put", "delete", "patch"])
def test_a_chat_key_reaches_nothing_of_the_management(
    alice: Actor, stored: object, method: str, bearer: Bearer
) -> None:
    assistant = uuid4()
    raw = keys.issue(alice.workspace, "Shop", ApiKey.Scope.CHAT, assistant, alice)[1]
    for path in (LIST, f"{LIST}/{stored.pk}", f"{LIST}/{stored.pk}/test"):  # type: ignore[attr-defined]
        answer = getattr(Client(headers=bearer(raw)), method)(path)
        assert answer.status_code in {403, 405}
    actor = actor_for_key(raw)
    assert may_chat_with(actor, assistant)
    assert not may_chat_with(actor, uuid4())


def test_ten_thousand_keys_share_nothing_and_use_every_character_alike(acme: Workspace) -> None:
    made = [keys.text() for _ in range(10_000)]
    prefixes, secrets = {one[0] for one in made}, {one[1] for one in made}
    assert len(secrets) == 10_000
    assert len(prefixes) > 9_990
    assert all(RAW.fullmatch(f"pxb_{prefix}_{secret}") for prefix, secret in made)
    counts = Counter("".join(secret[:42] for _, secret in made))
    expected = 42 * 10_000 / 64
    assert len(counts) == 64
    assert all(abs(count - expected) < 6 * expected**0.5 for count in counts.values())
    assert not any(prefix in secret for prefix, secret in made)


def test_use_is_noted_at_most_once_a_minute(alice: Actor, manage_key: str, bearer: Bearer) -> None:
    status(bearer(manage_key))
    first = ApiKey.objects.get().last_used_at
    status(bearer(manage_key))
    assert first is not None
    assert ApiKey.objects.get().last_used_at == first


class TestCommand:
    """``manage.py api_key``"""

    def run(self, *words: str) -> str:
        out = StringIO()
        call_command("api_key", *words, stdout=out)
        return out.getvalue()

    def test_it_prints_the_key_and_nothing_else(self, acme: Workspace, bearer: Bearer) -> None:
        printed = self.run("--workspace", "acme", "--scope", "manage")
        assert RAW.fullmatch(printed.removesuffix("\n"))
        assert status(bearer(printed.strip())) == 200

    def test_it_makes_the_workspace_when_asked(self, db: None) -> None:
        with pytest.raises(CommandError, match="--create"):
            self.run("--workspace", "new-one")
        assert RAW.match(self.run("--workspace", "new-one", "--create"))
        assert RAW.match(self.run("--workspace", "new-one", "--create"))
        assert Workspace.objects.filter(slug="new-one").count() == 1

    def test_an_address_that_cannot_be_one_is_refused(self, db: None) -> None:
        with pytest.raises(CommandError, match="cannot be an address"):
            self.run("--workspace", "New One", "--create")

    def test_a_chat_key_needs_its_assistant(self, acme: Workspace) -> None:
        with pytest.raises(CommandError, match="--assistant"):
            self.run("--workspace", "acme", "--scope", "chat")
        assert RAW.match(
            self.run("--workspace", "acme", "--scope", "chat", "--assistant", str(uuid4()))
        )


@pytest.mark.django_db(transaction=True)
def test_no_key_is_made_in_a_workspace_that_was_deleted_meanwhile(alice: Actor) -> None:
    founding.delete(alice)
    with pytest.raises(IntegrityError) as refused:
        keys.issue_by(alice, "Late", ApiKey.Scope.MANAGE)
    told = problem_of(refused.value)
    assert told is not None
    assert (told.status, ApiKey.objects.count()) == (409, 0)
