"""Forgotten passwords."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from tests.support.people import PASSWORD
from tests.workspaces.mailbox import link_to, to

if TYPE_CHECKING:
    from workspaces.access import Actor

ALICE, BOB = "alice@example.com", "bob@example.com"
NEW = "an entirely new one"


def ask(email: str = ALICE, **headers: str) -> Any:
    return Client().post("/accounts/password/reset/", {"email": email}, headers=headers)


def open_link(client: Client, link: str) -> str:
    """Where the form of the link is; allauth moves the token out of the address."""
    return str(client.get(link, follow=True).request["PATH_INFO"])


def choose(link: str, password: str = NEW) -> Any:
    client = Client()
    return client.post(open_link(client, link), {"password1": password, "password2": password})


def can_sign_in(password: str, email: str = ALICE) -> bool:
    return Client().login(email=email, password=password)


def test_the_link_in_the_mail_sets_a_new_password_and_ends_other_sessions(alice: Actor) -> None:
    elsewhere = Client()
    elsewhere.login(email=ALICE, password=PASSWORD)
    ask()
    assert choose(link_to(ALICE)).status_code == 302
    assert can_sign_in(NEW)
    assert not can_sign_in(PASSWORD)
    assert elsewhere.get("/account/").status_code == 302
    assert "was reset" in to(ALICE)[-1]


def test_asking_tells_nothing_about_who_has_an_account(alice: Actor) -> None:
    known, unknown = ask(), ask("nobody@example.com")
    assert known.status_code == unknown.status_code == 302
    assert known["Location"] == unknown["Location"]
    assert known.content == unknown.content == b""
    assert "no account" in to("nobody@example.com")[0]


def test_the_token_is_only_in_the_mailbox(alice: Actor) -> None:
    answer = ask()
    token = link_to(ALICE).rstrip("/").rsplit("-", 1)[-1]
    everything = answer.content.decode() + str(answer.headers) + str(answer.cookies)
    assert token not in everything


@pytest.mark.parametrize("accept", ["application/json", "text/html"])
def test_a_program_that_asks_is_told_no_more(alice: Actor, accept: str) -> None:
    known = ask(ALICE, **{"X-Requested-With": "XMLHttpRequest", "Accept": accept})
    unknown = ask("nobody@example.com", **{"X-Requested-With": "XMLHttpRequest", "Accept": accept})
    assert known.status_code == unknown.status_code
    assert known.content == unknown.content


def test_a_link_works_once(alice: Actor) -> None:
    ask()
    link = link_to(ALICE)
    choose(link)
    choose(link, "a third one altogether")
    assert can_sign_in(NEW)


@pytest.mark.parametrize(
    "token",
    ["", "null", "[]", "{}", "0", "set-password", "x" * 500, "%00", "..%2f", "cvq4aw-" + "0" * 32],
)
def test_no_made_up_token_opens_the_form(alice: Actor, token: str) -> None:
    ask()
    user, _, _ = link_to(ALICE).split("/key/")[1].partition("-")
    answer = choose(f"/accounts/password/reset/key/{user}-{token}/")
    assert answer.status_code < 500
    assert can_sign_in(PASSWORD)
    assert not can_sign_in(NEW)


def test_somebody_elses_token_changes_nothing(alice: Actor, bob: Actor) -> None:
    ask(ALICE)
    ask(BOB)
    alice_id = link_to(ALICE).split("/key/")[1].partition("-")[0]
    bobs_token = link_to(BOB).split("/key/")[1].partition("-")[2]
    choose(f"/accounts/password/reset/key/{alice_id}-{bobs_token}")
    assert can_sign_in(PASSWORD)
    assert can_sign_in(PASSWORD, BOB)


def test_the_form_without_a_link_is_not_there(alice: Actor) -> None:
    ask()
    alice_id = link_to(ALICE).split("/key/")[1].partition("-")[0]
    url = f"/accounts/password/reset/key/{alice_id}-set-password/"
    Client().post(url, {"password1": NEW, "password2": NEW})
    assert can_sign_in(PASSWORD)


def test_the_link_leads_here_whatever_the_request_says_its_host_is(alice: Actor) -> None:
    Client().post("/accounts/password/reset/", {"email": ALICE}, headers={"Host": "evil.test"})
    assert "evil.test" not in to(ALICE)[-1]
    assert "http://testserver/accounts/" in to(ALICE)[-1]
