"""Roles, leaving, removing; and that somebody always owns the workspace."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test import Client

from tests.support.people import member, signed_in
from workspaces import founding, keys, membership
from workspaces.models import ApiKey, AuditEntry, Membership, Role

if TYPE_CHECKING:
    from collections.abc import Callable

    from workspaces.access import Actor

LIST = "/api/v1/credentials"


def row(actor: Actor) -> int:
    return Membership.objects.get(user=actor.user, workspace=actor.workspace).pk


def give(actor: Actor, whom: Actor, role: Role, **headers: str) -> Any:
    url = f"/w/acme/settings/members/{row(whom)}/role/"
    return signed_in(Client(), actor).post(url, {"role": role.value}, headers=headers)


def role_of(actor: Actor) -> Role:
    return Role(Membership.objects.get(user=actor.user, workspace=actor.workspace).role)


def test_an_admin_changes_roles_up_to_their_own(ada: Actor, bob: Actor) -> None:
    give(ada, bob, Role.ADMIN)
    assert role_of(bob) == Role.ADMIN
    give(ada, bob, Role.OWNER)
    assert role_of(bob) == Role.ADMIN
    entry = AuditEntry.objects.get(action="member.role_changed")
    assert entry.details == {"was": "EDITOR", "now": "ADMIN"}


def test_an_admin_does_not_touch_an_owner(ada: Actor, alice: Actor) -> None:
    give(ada, alice, Role.VIEWER)
    signed_in(Client(), ada).post(f"/w/acme/settings/members/{row(alice)}/remove/")
    assert role_of(alice) == Role.OWNER


def test_a_refusal_is_an_alert(alice: Actor) -> None:
    client = signed_in(Client(), alice)
    page = client.post("/w/acme/settings/general/leave/", follow=True).content.decode()
    assert 'data-tone="red" role="alert"' in page
    assert 'data-tone="" role="alert"' not in page


def test_the_last_owner_stays(alice: Actor, ada: Actor) -> None:
    give(alice, alice, Role.ADMIN)
    signed_in(Client(), alice).post("/w/acme/settings/general/leave/")
    signed_in(Client(), alice).post(f"/w/acme/settings/members/{row(alice)}/remove/")
    assert role_of(alice) == Role.OWNER
    give(alice, ada, Role.OWNER)
    signed_in(Client(), alice).post("/w/acme/settings/general/leave/")
    assert not Membership.objects.filter(user=alice.user).exists()


def test_the_row_comes_back_as_it_is_when_a_change_is_refused(alice: Actor) -> None:
    answer = give(alice, alice, Role.VIEWER, **{"HX-Request": "true"})
    assert answer.status_code == 422
    assert b'value="40" selected' in answer.content
    assert "needs an owner" in answer["HX-Trigger"]
    assert b"<html" not in answer.content


def test_a_changed_role_answers_the_row_alone(alice: Actor, bob: Actor) -> None:
    answer = give(alice, bob, Role.VIEWER, **{"HX-Request": "true"})
    assert answer.status_code == 200
    assert answer.content.strip().startswith(b"<tr")
    assert b'value="10" selected' in answer.content


def test_whoever_gives_up_a_role_gets_a_page_without_its_buttons(alice: Actor, ada: Actor) -> None:
    answer = give(ada, ada, Role.VIEWER, **{"HX-Request": "true"})
    assert answer["HX-Redirect"] == "/w/acme/settings/members/"
    page = signed_in(Client(), ada).get(answer["HX-Redirect"]).content.decode()
    assert "Invite somebody" not in page
    assert "Role of" not in page


@pytest.mark.parametrize("role", ["", "99", "owner", "-1", "20.5", "\x00", "9" * 40])
def test_a_role_that_is_none_is_refused(alice: Actor, bob: Actor, role: str) -> None:
    url = f"/w/acme/settings/members/{row(bob)}/role/"
    assert signed_in(Client(), alice).post(url, {"role": role}).status_code == 302
    assert role_of(bob) == Role.EDITOR


@pytest.mark.parametrize("how", ["removed", "suspended", "left"])
def test_the_keys_of_somebody_gone_stop(
    alice: Actor, ada: Actor, how: str, bearer: Callable[[str], dict[str, str]]
) -> None:
    raw = keys.issue(ada.workspace, "Ada's", ApiKey.Scope.MANAGE, by=ada)[1]
    call = Client(headers=bearer(raw))
    assert call.get(LIST).status_code == 200
    if how == "removed":
        signed_in(Client(), alice).post(f"/w/acme/settings/members/{row(ada)}/remove/")
    elif how == "left":
        signed_in(Client(), ada).post("/w/acme/settings/general/leave/")
    else:
        assert ada.user
        ada.user.is_active = False
        ada.user.save()
    assert call.get(LIST).status_code == 401


def test_coming_back_does_not_wake_old_keys(
    alice: Actor, ada: Actor, bearer: Callable[[str], dict[str, str]]
) -> None:
    raw = keys.issue(ada.workspace, "Ada's", ApiKey.Scope.MANAGE, by=ada)[1]
    membership.remove(alice, row(ada))
    assert ada.user
    Membership.objects.create(workspace=ada.workspace, user=ada.user, role=Role.ADMIN)
    assert Client().get(LIST, headers=bearer(raw)).status_code == 401


def test_a_key_may_no_more_than_its_maker(
    alice: Actor, ada: Actor, bearer: Callable[[str], dict[str, str]]
) -> None:
    raw = keys.issue(ada.workspace, "Ada's", ApiKey.Scope.MANAGE, by=ada)[1]
    give(alice, ada, Role.VIEWER)
    call = Client(headers=bearer(raw))
    assert call.get(LIST).status_code == 200
    body = {"name": "x", "kind": "telegram", "values": {"bot_token": "1:abc"}}
    refused = call.post(LIST, body, content_type="application/json")
    assert refused.status_code == 403


@pytest.mark.django_db(transaction=True)
def test_two_owners_who_demote_each_other_leave_one(alice: Actor) -> None:
    amy = member("Amy", alice.workspace, Role.OWNER)
    start = threading.Barrier(2)

    def demote(actor: Actor, whom: Actor) -> None:
        start.wait()
        try:
            membership.change_role(actor, row(whom), Role.VIEWER)
        except membership.MembershipError:
            pass
        finally:
            connection.close()

    pairs = ((alice, amy), (amy, alice))
    threads = [threading.Thread(target=demote, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Membership.objects.filter(workspace=alice.workspace, role=Role.OWNER).count() == 1


def test_somebody_who_is_gone_already_is_told_as_gone(alice: Actor, bob: Actor) -> None:
    theirs = Membership.objects.get(workspace=alice.workspace, user=bob.user)
    membership.remove(alice, theirs.pk)
    with pytest.raises(membership.MembershipError, match="not a member any more"):
        membership.remove(alice, theirs.pk)


def test_leaving_twice_is_leaving_once(alice: Actor, bob: Actor) -> None:
    for _time in range(2):
        membership.leave(bob)
    assert AuditEntry.objects.filter(action="member.left").count() == 1


def test_a_workspace_is_deleted_twice_without_a_fault(alice: Actor) -> None:
    founding.delete(alice)
    founding.delete(alice)
    assert AuditEntry.objects.filter(action="workspace.deleted").count() == 1


def test_the_only_owner_is_told_why_they_cannot_leave(alice: Actor, bob: Actor) -> None:
    url, way_out = "/w/acme/settings/general/", "/w/acme/settings/general/leave/"
    page = signed_in(Client(), alice).get(url).content.decode()
    assert way_out not in page
    assert "You are the only owner." in page
    Membership.objects.filter(user=bob.user).update(role=Role.OWNER)
    assert way_out in signed_in(Client(), alice).get(url).content.decode()
    assert way_out in signed_in(Client(), bob).get(url).content.decode()
