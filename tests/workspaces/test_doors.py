"""Who comes in: members, nobody else; and what the others are told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.http import HttpRequest
from django.test import Client
from django.urls import reverse

from common.problems import Problem
from tests.support.people import signed_in
from workspaces.access import actor_for_stream, member_of, still_allowed
from workspaces.models import Membership, Role

if TYPE_CHECKING:
    from workspaces.access import Actor

MEMBERS = "/w/acme/settings/members/"


def test_somebody_signed_out_is_sent_to_the_sign_in_and_back(client: Client, alice: Actor) -> None:
    answer = client.get(MEMBERS)
    assert answer.status_code == 302
    assert answer["Location"] == f"/accounts/login/?next={MEMBERS}"


def test_a_background_request_of_somebody_signed_out_is_not_redirected(
    client: Client, alice: Actor
) -> None:
    answer = client.get(MEMBERS, headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert answer["HX-Trigger"] == "auth:required"


def test_another_workspace_looks_like_one_that_is_not_there(
    client: Client, alice: Actor, mallory: Actor
) -> None:
    signed_in(client, mallory)
    foreign = client.get(MEMBERS)
    unknown = client.get("/w/nowhere/settings/members/")
    assert foreign.status_code == unknown.status_code == 404
    assert foreign.content.replace(b"acme", b"nowhere") == unknown.content


def test_the_start_leads_to_the_workspace_used_last(
    client: Client, alice: Actor, mallory: Actor
) -> None:
    assert alice.user
    Membership.objects.create(workspace=mallory.workspace, user=alice.user, role=Role.VIEWER)
    signed_in(client, alice)
    assert client.get("/")["Location"] == reverse("assistants:dashboard", args=["acme"])
    client.get("/w/evil/settings/general/")
    assert client.get("/")["Location"] == reverse("assistants:dashboard", args=["evil"])


def test_somebody_taken_out_is_out_at_the_next_request(client: Client, bob: Actor) -> None:
    signed_in(client, bob)
    assert client.get(MEMBERS).status_code == 200
    Membership.objects.filter(user=bob.user).delete()
    assert client.get(MEMBERS).status_code == 404
    assert not still_allowed(bob)


def test_somebody_suspended_is_signed_out_at_the_next_request(client: Client, bob: Actor) -> None:
    signed_in(client, bob)
    assert bob.user
    bob.user.is_active = False
    bob.user.save()
    assert client.get(MEMBERS).status_code == 302
    assert not still_allowed(bob)


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("Bob", "Bob"),
        ("", "bob@example.com"),
        ("alice", "alice (bob@example.com)"),
        ("Mallory", "Mallory"),  # Works elsewhere.
        ("alice@example.com", "alice@example.com (bob@example.com)"),
    ],
)
def test_a_member_is_called_by_their_name_unless_it_may_be_anothers(
    alice: Actor, bob: Actor, mallory: Actor, name: str, label: str
) -> None:
    assert bob.user
    bob.user.name = name
    bob.user.save()
    actor = member_of(bob.user, "acme")
    assert (actor.label, actor.identity) == (label, "bob@example.com")


class TestStreams:
    """Streams pass no page middleware: the door reads cookie and token itself."""

    def test_a_member_with_cookie_and_token_comes_in(self, bob: Actor) -> None:
        request = _streaming(_cookies(bob), method="POST", with_token=True)
        assert actor_for_stream(request, "acme", Role.EDITOR).label == "Bob"

    def test_reading_needs_no_token(self, bob: Actor) -> None:
        assert actor_for_stream(_streaming(_cookies(bob)), "acme").role == Role.EDITOR

    def test_a_post_without_the_token_is_refused(self, bob: Actor) -> None:
        assert _refused(_streaming(_cookies(bob), method="POST")) == 403

    def test_nobody_is_asked_to_sign_in(self, acme: object) -> None:
        assert _refused(_streaming({})) == 401

    def test_a_stranger_finds_nothing(self, acme: object, mallory: Actor) -> None:
        assert _refused(_streaming(_cookies(mallory))) == 404

    def test_a_viewer_may_not_do_what_needs_an_editor(self, vera: Actor) -> None:
        assert _refused(_streaming(_cookies(vera)), Role.EDITOR) == 403


def _cookies(actor: Actor) -> dict[str, str]:
    client = signed_in(Client(), actor)
    client.get(MEMBERS)
    return {name: morsel.value for name, morsel in client.cookies.items()}


def _streaming(
    cookies: dict[str, str], method: str = "GET", *, with_token: bool = False
) -> HttpRequest:
    request = HttpRequest()
    request.method = method
    request.META = {"SERVER_NAME": "testserver", "SERVER_PORT": "80", "HTTP_HOST": "testserver"}
    request.COOKIES = cookies
    if with_token:
        request.META["HTTP_X_CSRFTOKEN"] = cookies["csrftoken"]
    return request


def _refused(request: HttpRequest, at_least: Role = Role.VIEWER) -> int:
    with pytest.raises(Problem) as refusal:
        actor_for_stream(request, "acme", at_least)
    return refusal.value.status
