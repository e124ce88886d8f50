"""Creating an account, and signing in with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client

from tests.support.people import PASSWORD
from tests.workspaces.mailbox import code_to, to
from tests.workspaces.pages import words_of
from workspaces.models import AuditEntry, Role, User

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings

    from workspaces.access import Actor

NEW = "grace@example.com"


class CountingHasher(MD5PasswordHasher):
    """Counts how often a password is hashed: that is what takes time in earnest."""

    count = 0

    def encode(self, password: Any, salt: str) -> str:
        type(self).count += 1
        return super().encode(password, salt)


def sign_up(client: Client, email: str = NEW, **more: str) -> Any:
    data = {"name": "Grace", "email": email, "password1": PASSWORD, **more}
    return client.post("/accounts/signup/", data)


def test_signing_up_ends_in_a_workspace_of_ones_own(client: Client, db: None) -> None:
    assert sign_up(client)["Location"] == "/accounts/confirm-email/"
    assert client.get("/").status_code == 302  # not signed in before the code
    answer = client.post("/accounts/confirm-email/", {"code": code_to(NEW)})
    assert answer["Location"] == "/"
    grace = User.objects.get(email=NEW)
    (membership,) = grace.memberships.all()
    assert membership.role == Role.OWNER
    assert membership.workspace.name == "Grace's workspace"
    assert client.get("/")["Location"] == f"/w/{membership.workspace.slug}/"
    assert AuditEntry.objects.filter(workspace=membership.workspace, by=NEW).exists()


def test_a_wrong_code_confirms_nothing_and_tries_are_few(client: Client, db: None) -> None:
    sign_up(client)
    for _ in range(3):
        client.post("/accounts/confirm-email/", {"code": "WRONG1"})
    client.post("/accounts/confirm-email/", {"code": code_to(NEW)})
    assert not EmailAddress.objects.get(email=NEW).verified


def test_the_code_works_only_where_the_sign_up_began(client: Client, db: None) -> None:
    """Whoever prepares an account with somebody else's address never gets it confirmed by them."""
    sign_up(client)
    code = code_to(NEW)
    victim = Client()
    victim.post("/accounts/confirm-email/", {"code": code})
    assert not EmailAddress.objects.get(email=NEW).verified


def test_whoever_resets_the_password_of_a_prepared_account_shuts_the_other_out(
    client: Client, db: None
) -> None:
    sign_up(client)  # the attacker, with the victim's address
    victim = Client()
    victim.post("/accounts/password/reset/", {"email": NEW})
    reset = to(NEW)[-1].split("http://testserver")[1].split()[0]
    form = victim.get(reset, follow=True)
    new = "a quite different one"
    victim.post(form.request["PATH_INFO"], {"password1": new, "password2": new})
    assert not client.login(email=NEW, password=PASSWORD)


def test_a_known_address_gets_the_same_answer_as_a_new_one(client: Client, alice: Actor) -> None:
    other = Client()
    known, new = sign_up(client, alice.identity), sign_up(other)
    assert (known.status_code, known["Location"]) == (new.status_code, new["Location"])
    pages = [one.get("/accounts/confirm-email/").content for one in (client, other)]
    assert words_of(pages[0], alice.identity) == words_of(pages[1], NEW)
    assert "You have an account already" in to(alice.identity)[0]
    assert User.objects.filter(email=alice.identity).count() == 1


def test_a_known_address_costs_as_many_hashes_as_a_new_one(
    alice: Actor, settings: Settings
) -> None:
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    assert _hashes(lambda: sign_up(Client(), alice.identity)) == _hashes(lambda: sign_up(Client()))


def test_sign_in_answers_the_same_for_a_known_and_an_unknown_address(
    alice: Actor, settings: Settings
) -> None:
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    assert alice.user
    alice.user.set_password(PASSWORD)
    alice.user.save()
    known, unknown = "alice@example.com", "nobody@example.com"
    pages = [_sign_in(one, "wrong password").content for one in (known, unknown)]
    assert words_of(pages[0], known) == words_of(pages[1], unknown)
    counts = [_hashes(lambda one=one: _sign_in(one, "wrong password")) for one in (known, unknown)]
    assert counts == [1, 1]


def test_the_right_password_signs_in(alice: Actor) -> None:
    assert _sign_in("alice@example.com", PASSWORD)["Location"] == "/"
    assert _sign_in("ALICE@example.com ", PASSWORD)["Location"] == "/"


def test_guessing_is_stopped(alice: Actor) -> None:
    for _ in range(5):
        assert _sign_in("alice@example.com", "guess").status_code == 200
    page = _sign_in("alice@example.com", PASSWORD)
    assert page.status_code in {200, 429}
    assert "Too many" in page.content.decode()


def test_a_suspended_person_is_told_so_only_with_the_right_password(alice: Actor) -> None:
    assert alice.user
    alice.user.is_active = False
    alice.user.save()
    assert _sign_in("alice@example.com", PASSWORD)["Location"] == "/accounts/inactive/"
    assert _sign_in("alice@example.com", "guess").status_code == 200


def test_signing_in_never_leads_to_another_site(alice: Actor) -> None:
    for elsewhere in ("https://evil.test/", "//evil.test/", "/\\evil.test", "javascript:alert(1)"):
        data = {"login": "alice@example.com", "password": PASSWORD, "next": elsewhere}
        assert Client().post("/accounts/login/", data)["Location"] == "/"


def test_odd_input_is_refused_and_never_breaks_anything(client: Client, db: None) -> None:
    for odd in ("a\x00@example.com", "ä" * 300, "@", "a@b", '{"$ne":""}', "\ud83d", "x" * 100_000):
        for url, data in (
            ("/accounts/signup/", {"email": odd, "password1": odd, "name": odd}),
            ("/accounts/login/", {"login": odd, "password": odd}),
            ("/accounts/password/reset/", {"email": odd}),
        ):
            sent = {name: value.encode("utf-8", "replace").decode() for name, value in data.items()}
            assert client.post(url, sent).status_code < 500


@pytest.mark.parametrize(
    ("who", "words"), [("invited", "with an invitation"), ("closed", "No new accounts")]
)
def test_sign_up_can_be_closed_to_strangers(
    client: Client, db: None, settings: Settings, who: str, words: str
) -> None:
    settings.SIGN_UP = who
    assert words in client.get("/accounts/signup/").content.decode()
    assert words in sign_up(client).content.decode()
    assert not User.objects.filter(email=NEW).exists()
    assert "Create an account" not in client.get("/accounts/login/").content.decode()
    client.post("/accounts/password/reset/", {"email": NEW})
    assert "/signup/" not in to(NEW)[0]


def _sign_in(email: str, password: str) -> Any:
    return Client().post("/accounts/login/", {"login": email, "password": password})


def _hashes(act: Any) -> int:
    CountingHasher.count = 0
    act()
    return CountingHasher.count
