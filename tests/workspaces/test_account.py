"""A person's own account: name, address, password; and mail that does not go out."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from tests.support.forms import Forms
from tests.support.people import PASSWORD, signed_in
from tests.workspaces.mailbox import code_to, to
from workspaces.models import Invitation, User

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings

    from workspaces.access import Actor

NEW = "alice@new.example.com"


def test_the_name_is_changed(alice: Actor) -> None:
    signed_in(Client(), alice).post("/account/", {"name": "Alice Adams"})
    assert User.objects.get().name == "Alice Adams"


def test_a_new_address_counts_when_its_code_is_entered(alice: Actor) -> None:
    client = signed_in(Client(), alice)
    client.post("/accounts/email/", {"email": NEW, "action_add": "1"}, follow=True)
    assert User.objects.get().email == "alice@example.com"
    client.post("/accounts/confirm-email/", {"code": code_to(NEW)})
    assert User.objects.get().email == NEW
    assert Client().login(email=NEW, password=PASSWORD)
    assert not Client().login(email="alice@example.com", password=PASSWORD)
    assert "has changed" in to("alice@example.com")[-1]


def press(client: Client, button: str, **typed: str) -> None:
    """Press a button of the page on which the address is changed."""
    forms = Forms(client.get("/accounts/email/").content.decode())
    client.post("/accounts/email/", {**forms.sent[button], **typed})


def test_the_button_of_the_page_changes_the_address(alice: Actor) -> None:
    client = signed_in(Client(), alice)
    press(client, "Change address", email=NEW)
    client.post("/accounts/confirm-email/", {"code": code_to(NEW)})
    assert User.objects.get().email == NEW


def test_an_address_that_waits_gets_another_code_or_goes(alice: Actor) -> None:
    client = signed_in(Client(), alice)
    waiting = EmailAddress.objects.create(user=alice.user, email=NEW)
    press(client, "Send another code")
    assert code_to(NEW)
    press(client, "Keep the old address")
    assert not EmailAddress.objects.filter(pk=waiting.pk).exists()


def test_an_address_of_somebody_else_is_not_taken_over(alice: Actor, bob: Actor) -> None:
    client = signed_in(Client(), alice)
    data = {"email": "bob@example.com", "action_add": "1"}
    known = client.post("/accounts/email/", data)
    assert known.status_code in {200, 302}
    # Only Bob's mailbox gets the code, and even with it the address stays his.
    client.post("/accounts/confirm-email/", {"code": code_to("bob@example.com")})
    assert Client().login(email="alice@example.com", password=PASSWORD)
    assert User.objects.get(email="bob@example.com").pk == (bob.user and bob.user.pk)


def test_changing_the_password_ends_the_other_sessions(alice: Actor) -> None:
    here, elsewhere = signed_in(Client(), alice), signed_in(Client(), alice)
    data = {"oldpassword": PASSWORD, "password1": "quite another 1", "password2": "quite another 1"}
    assert here.post("/accounts/password/change/", data).status_code == 302
    assert here.get("/account/").status_code == 200
    assert elsewhere.get("/account/").status_code == 302


@pytest.mark.parametrize("password", ["", "short", "password", "12345678", "alice@example.com"])
def test_a_weak_password_is_refused(alice: Actor, password: str) -> None:
    data = {"oldpassword": PASSWORD, "password1": password, "password2": password}
    signed_in(Client(), alice).post("/accounts/password/change/", data)
    assert Client().login(email="alice@example.com", password=PASSWORD)


def test_signing_out_takes_a_press_of_a_button(alice: Actor) -> None:
    client = signed_in(Client(), alice)
    client.get("/accounts/logout/")
    assert client.get("/account/").status_code == 200
    client.post("/accounts/logout/")
    assert client.get("/account/").status_code == 302


def test_the_session_cookie_is_kept_from_scripts_and_other_sites(alice: Actor) -> None:
    client = Client()
    client.post("/accounts/login/", {"login": "alice@example.com", "password": PASSWORD})
    cookie = client.cookies["sessionid"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


class TestMailServerAway:
    """Nothing breaks, and the person is told."""

    @pytest.fixture(autouse=True)
    def _nobody_listens(self, settings: Settings) -> None:
        with socket.create_server(("127.0.0.1", 0)) as closed:
            port = closed.getsockname()[1]
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port

    def test_signing_up_says_that_the_mail_did_not_go(self, client: Client, db: None) -> None:
        data = {"email": "grace@example.com", "password1": PASSWORD}
        page = client.post("/accounts/signup/", data, follow=True)
        assert page.status_code == 200
        assert "could not be sent" in page.content.decode()

    def test_known_and_unknown_addresses_are_told_the_same(self, alice: Actor) -> None:
        for email in ("alice@example.com", "nobody@example.com"):
            page = Client().post("/accounts/password/reset/", {"email": email}, follow=True)
            assert "could not be sent" in page.content.decode()

    def test_an_invitation_is_kept_to_be_sent_again(self, ada: Actor) -> None:
        url = "/w/acme/settings/members/invite/"
        data = {"email": "grace@example.com", "role": "20"}
        page = signed_in(Client(), ada).post(url, data)
        assert page.status_code == 422
        assert "could not be sent" in page.content.decode()
        assert Invitation.objects.count() == 1
