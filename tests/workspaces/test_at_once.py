"""Two people end the same thing at once: it ends once, and the audit log has one line for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import Client

from tests.support.at_once import at_once
from tests.support.people import signed_in
from workspaces import inviting, keys
from workspaces.models import ApiKey, AuditEntry, Membership, Role

if TYPE_CHECKING:
    from collections.abc import Callable

    from workspaces.access import Actor
    from workspaces.models import Credential

pytestmark = pytest.mark.django_db(transaction=True)


def lines(action: str) -> int:
    return AuditEntry.objects.filter(action=action).count()


def pressed(path: str, *people: Actor) -> list[int]:
    clients = [signed_in(Client(), person) for person in people]
    return sorted(at_once(*(lambda c=client: c.post(path).status_code for client in clients)))


def test_a_credential_is_deleted_once_over_the_api(
    stored: Credential, manage_key: str, bearer: Callable[[str], dict[str, str]]
) -> None:
    path, headers = f"/api/v1/credentials/{stored.pk}", bearer(manage_key)

    def delete() -> int:
        return Client().delete(path, headers=headers).status_code

    assert sorted(at_once(*[delete] * 4)) == [204, 404, 404, 404]
    assert lines("credential.deleted") == 1


def test_a_credential_is_deleted_once_on_its_page(
    stored: Credential, alice: Actor, ada: Actor
) -> None:
    path = f"/w/acme/settings/credentials/{stored.pk}/delete/"
    assert set(pressed(path, alice, ada)) <= {302, 404}
    assert lines("credential.deleted") == 1


def test_a_key_is_revoked_once(manage_key: str, alice: Actor, ada: Actor) -> None:
    path = f"/w/acme/settings/keys/{ApiKey.objects.get().pk}/revoke/"
    assert pressed(path, alice, ada) == [302, 302]
    assert lines("key.revoked") == 1


def test_a_key_that_was_read_before_it_was_revoked_is_revoked_once(alice: Actor) -> None:
    key = keys.issue(alice.workspace, "Server", ApiKey.Scope.MANAGE)[0]
    for read in (ApiKey.objects.get(), key):
        keys.revoke_by(alice, read)
    assert lines("key.revoked") == 1


def test_an_invitation_is_withdrawn_once(alice: Actor, ada: Actor) -> None:
    invitation = inviting.invite(alice, "grace@example.com", Role.EDITOR).invitation
    path = f"/w/acme/settings/invitations/{invitation.pk}/withdraw/"
    assert pressed(path, alice, ada) == [302, 404]
    assert lines("invitation.withdrawn") == 1


def test_a_member_is_removed_once(alice: Actor, ada: Actor, bob: Actor) -> None:
    membership = Membership.objects.get(user=bob.user)
    path = f"/w/acme/settings/members/{membership.pk}/remove/"
    assert set(pressed(path, alice, ada)) <= {302, 404}
    assert lines("member.removed") == 1
