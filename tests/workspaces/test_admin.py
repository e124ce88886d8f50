"""Django admin: everything for a superuser, one's own workspaces for other staff."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin
from django.contrib.auth.models import Permission
from django.core.exceptions import FieldDoesNotExist
from django.core.management import call_command
from django.test import Client

from workspaces import credentials
from workspaces.admin.people import AddressAdmin, PeopleAdmin
from workspaces.admin_scope import WorkspaceScoped
from workspaces.audit import record
from workspaces.models import (
    ApiKey,
    AuditEntry,
    Credential,
    Invitation,
    Membership,
    Role,
    User,
    Workspace,
)

if TYPE_CHECKING:
    from workspaces.access import Actor

MODELS = (User, Workspace, Membership, Invitation, ApiKey, Credential, AuditEntry)


@pytest.fixture
def root(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("root@example.com", "x"))
    return client


@pytest.fixture
def staff(alice: Actor) -> Client:
    """Sally may everything that Django's permissions give, and is an admin at Acme alone."""
    sally = User.objects.create_verified("sally@example.com", "x", is_staff=True)
    sally.user_permissions.set(Permission.objects.filter(content_type__app_label__in=APPS))
    Membership.objects.create(workspace=alice.workspace, user=sally, role=Role.ADMIN)
    client = Client()
    client.force_login(sally)
    return client


APPS = ("workspaces", "account")


@pytest.fixture
def theirs(mallory: Actor, evil_key: str) -> Credential:
    record(mallory, "key.issued", "evil-entry")
    values = {"api_key": "evil-secret-value-1"}
    return credentials.create(mallory, name="evil-credential", kind="llm", values=values)


@pytest.mark.django_db
def test_the_command_makes_somebody_who_may_sign_in_to_it(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "Correct-horse-9")
    call_command("createsuperuser", interactive=False, email="root@example.com", verbosity=0)
    login = {"login": "root@example.com", "password": "Correct-horse-9"}
    client.post("/accounts/login/", login)

    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_list_is_there_and_searchable(root: Client, model: type, theirs: Credential) -> None:
    url = f"/admin/workspaces/{model.__name__.lower()}/"
    for query in ("", "?q=evil", "?q=%27%22;--", "?o=1"):
        assert root.get(url + query).status_code in {200, 302}


def test_a_superuser_opens_one_of_each(root: Client, theirs: Credential, mallory: Actor) -> None:
    for model in (User, Workspace, Membership, ApiKey, Credential, AuditEntry):
        one = model.objects.first()
        assert one is not None
        url = f"/admin/workspaces/{model.__name__.lower()}/{one.pk}/change/"
        assert root.get(url).status_code == 200
    assert root.get("/admin/workspaces/user/add/").status_code == 200


def test_other_staff_see_nothing_of_other_workspaces(
    staff: Client, theirs: Credential, mallory: Actor
) -> None:
    for model in MODELS:
        url = f"/admin/workspaces/{model.__name__.lower()}/"
        for query in ("", "?q=evil", "?q=mallory"):
            page = staff.get(url + query).content.decode()
            listed = page.partition('id="result_list"')[2].partition("</table>")[0]
            assert "evil" not in listed.lower()
            assert "mallory" not in listed.lower()
    page = staff.get("/admin/account/emailaddress/").content.decode()
    assert "mallory" not in page
    for one in (theirs, mallory.workspace, mallory.user):
        url = f"/admin/workspaces/{type(one).__name__.lower()}/{one.pk}/change/"  # type: ignore[union-attr]
        assert staff.get(url).status_code == 302  # to the list: there is no such row


def test_what_staff_look_up_while_typing_is_their_own(staff: Client, mallory: Actor) -> None:
    query = "app_label=workspaces&model_name=membership&field_name=user&term=mallory"
    answer = staff.get(f"/admin/autocomplete/?{query}")
    assert b"mallory" not in answer.content


def test_staff_who_only_read_at_acme_change_nothing_there(
    staff: Client, stored: Credential
) -> None:
    Membership.objects.filter(user__email="sally@example.com").update(role=Role.EDITOR)
    url = f"/admin/workspaces/credential/{stored.pk}/"
    assert staff.get(f"{url}change/").status_code == 200
    assert staff.post(f"{url}change/", {"name": "Changed"}).status_code == 403
    assert staff.post(f"{url}delete/", {"post": "yes"}).status_code == 403


def test_staff_cannot_take_an_account_over(staff: Client, alice: Actor) -> None:
    assert alice.user
    url = f"/admin/workspaces/user/{alice.user.pk}/"
    assert staff.post(f"{url}change/", {"email": "x@example.com"}).status_code == 403
    assert staff.get(f"{url}password/").status_code == 403


def test_the_audit_log_is_read_only_for_everybody(root: Client, alice: Actor) -> None:
    entry = record(alice, "key.issued", "x")
    url = f"/admin/workspaces/auditentry/{entry.pk}/"
    assert root.get(f"{url}change/").status_code == 200
    assert root.post(f"{url}change/", {"by": "x"}).status_code == 403
    assert root.post(f"{url}delete/", {"post": "yes"}).status_code == 403
    assert root.get("/admin/workspaces/auditentry/add/").status_code == 403


def test_keys_and_credentials_are_not_made_here(root: Client) -> None:
    for model in ("apikey", "credential", "invitation"):
        assert root.get(f"/admin/workspaces/{model}/add/").status_code == 403


def test_keys_are_revoked_from_the_list(root: Client, manage_key: str) -> None:
    key = ApiKey.objects.get()
    data = {"action": "revoke", "_selected_action": [str(key.pk)]}
    root.post("/admin/workspaces/apikey/", data)
    assert ApiKey.objects.get().revoked_at
    assert AuditEntry.objects.get(action="key.revoked").by == "root@example.com"


def test_deleting_a_workspace_here_is_recorded_too(root: Client, alice: Actor) -> None:
    url = f"/admin/workspaces/workspace/{alice.workspace_id}/delete/"
    assert root.get(url).status_code == 200
    root.post(url, {"post": "yes"})
    assert not Workspace.objects.filter(slug="acme").exists()
    assert AuditEntry.objects.filter(action="workspace.deleted").exists()


def test_whoever_alone_owns_a_workspace_is_not_deleted(root: Client, alice: Actor) -> None:
    assert alice.user
    url = f"/admin/workspaces/user/{alice.user.pk}/delete/"
    assert "Acme" in root.get(url).content.decode()
    root.post(url, {"post": "yes"})
    assert User.objects.filter(pk=alice.user.pk).exists()
    Membership.objects.create(
        workspace=alice.workspace, user=User.objects.get(email="root@example.com"), role=Role.OWNER
    )
    root.post(url, {"post": "yes"})
    assert not User.objects.filter(pk=alice.user.pk).exists()


def test_an_admin_of_the_workspace_does_not_delete_it_here_either(
    staff: Client, alice: Actor
) -> None:
    url = f"/admin/workspaces/workspace/{alice.workspace_id}/delete/"
    assert staff.post(url, {"post": "yes"}).status_code == 403
    Membership.objects.filter(user__email="sally@example.com").update(role=Role.OWNER)
    staff.post(url, {"post": "yes"})
    assert not Workspace.objects.filter(slug="acme").exists()


def test_whoever_signs_in_to_the_admin_passes_the_one_sign_in(client: Client, db: None) -> None:
    assert client.get("/admin/")["Location"].startswith("/admin/login/")
    assert client.get("/admin/login/")["Location"].startswith("/accounts/login/")


def test_a_member_who_is_no_staff_does_not_come_in(alice: Actor) -> None:
    client = Client()
    assert alice.user
    client.force_login(alice.user)
    assert client.get("/admin/", follow=True).status_code == 403


def test_every_model_of_ours_is_registered() -> None:
    assert all(admin.site.is_registered(model) for model in MODELS)


# People belong to no one workspace; these two have a rule of their own. Groups are of the server.
NOT_OF_A_WORKSPACE = (PeopleAdmin, AddressAdmin, GroupAdmin)


def test_every_list_of_the_admin_shows_one_s_own_workspaces() -> None:
    registered = admin.site._registry.values()
    known = (WorkspaceScoped, *NOT_OF_A_WORKSPACE)
    assert [str(one) for one in registered if not isinstance(one, known)] == []


def test_no_filter_of_the_admin_names_what_its_list_does_not_show() -> None:
    for one in admin.site._registry.values():
        for name in (given for given in one.list_filter if isinstance(given, str)):
            try:
                field = one.model._meta.get_field(name)
            except FieldDoesNotExist:
                pytest.fail(f"{one} filters by {name}, which this test cannot judge")
            assert not field.is_relation, (
                f"{one} filters by {name}: take RelatedOnlyFieldListFilter"
            )


def test_every_action_of_the_admin_asks_for_a_permission() -> None:
    for one in admin.site._registry.values():
        for action in (getattr(one, str(name)) for name in one.actions or ()):
            assert getattr(action, "allowed_permissions", ()), f"{one} {action}"
