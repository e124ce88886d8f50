"""Making, renaming and deleting workspaces, and the demo."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test import Client

from drafts.models import Entity, Release
from tests.support.people import signed_in
from workspaces import demo
from workspaces.founding import workspace_cleaners
from workspaces.models import AuditEntry, Credential, Membership, Role, User, Workspace

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings

    from workspaces.access import Actor

DELETE = "/w/acme/settings/general/delete/"


def test_somebody_makes_a_second_workspace_and_owns_it(vera: Actor) -> None:
    client = signed_in(Client(), vera)
    answer = client.post("/workspaces/new/", {"name": "Support & Co"})
    made = Workspace.objects.exclude(slug="acme").get()
    assert made.slug.startswith("support-co-")
    assert answer["Location"] == f"/w/{made.slug}/"
    assert Membership.objects.get(workspace=made).role == Role.OWNER


def test_one_person_owns_so_many_workspaces_and_no_more(
    vera: Actor, mallory: Actor, settings: Settings
) -> None:
    settings.WORKSPACES_PER_PERSON = 2
    client = signed_in(Client(), vera)
    made = [client.post("/workspaces/new/", {"name": f"No {n}"}) for n in range(3)]
    assert [answer.status_code for answer in made] == [302, 302, 422]
    assert "You own 2 workspaces" in made[-1].content.decode()
    # Deleting them all does not make room for as many more on the same day.
    Workspace.objects.filter(name__startswith="No ").delete()
    refused = client.post("/workspaces/new/", {"name": "One more"})
    assert refused.status_code == 422
    assert "many workspaces today. Try again in" in refused.content.decode()
    other = signed_in(Client(), mallory)
    assert other.post("/workspaces/new/", {"name": "Two"}).status_code == 302
    settings.WORKSPACES_PER_PERSON = 0
    assert client.post("/workspaces/new/", {"name": "One more"}).status_code == 302


@pytest.mark.parametrize("name", ["", " ", "x" * 121, "\u200b\x00"])
def test_a_workspace_needs_a_name(vera: Actor, name: str) -> None:
    answer = signed_in(Client(), vera).post("/workspaces/new/", {"name": name})
    assert answer.status_code == 422
    assert Workspace.objects.count() == 1


def test_a_name_without_letters_still_gets_an_address(vera: Actor) -> None:
    signed_in(Client(), vera).post("/workspaces/new/", {"name": "支援"})
    assert Workspace.objects.get(name="支援").slug.startswith("workspace-")


def test_whoever_is_in_no_workspace_is_led_to_make_one(vera: Actor) -> None:
    Membership.objects.all().delete()
    assert signed_in(Client(), vera).get("/")["Location"] == "/workspaces/new/"


def test_renaming_keeps_the_address(ada: Actor) -> None:
    signed_in(Client(), ada).post("/w/acme/settings/general/rename/", {"name": "Acme Two"})
    assert Workspace.objects.get(slug="acme").name == "Acme Two"
    assert AuditEntry.objects.get(action="workspace.renamed").details == {"was": "Acme"}


def test_deleting_takes_the_typed_name_and_then_everything(
    alice: Actor, bob: Actor, stored: Credential, manage_key: str
) -> None:
    client = signed_in(Client(), alice)
    assert client.post(DELETE, {"name": "acme"}).status_code == 422
    assert Workspace.objects.filter(slug="acme").exists()
    assert client.post(DELETE, {"name": "Acme"}).status_code == 302
    assert not Workspace.objects.filter(slug="acme").exists()
    assert not Credential.objects.exists()
    assert client.get("/w/acme/settings/general/").status_code == 404
    assert signed_in(Client(), bob).get("/w/acme/settings/general/").status_code == 404


def test_a_workspace_goes_with_what_was_deployed_in_it(alice: Actor) -> None:
    entity = Entity.objects.create(
        workspace=alice.workspace, kind="chatbot", name="Shop", slug="shop"
    )
    entity.live_release = Release.objects.create(entity=entity, number=1, configuration={})
    entity.save()
    signed_in(Client(), alice).post(DELETE, {"name": "Acme"})
    assert not Workspace.objects.filter(slug="acme").exists()
    assert not Release.objects.exists()


def test_what_others_keep_of_a_workspace_is_cleared_before_it_goes(alice: Actor) -> None:
    cleared: list[str] = []

    def clear(workspace: Workspace) -> None:
        assert Workspace.objects.filter(pk=workspace.pk).exists()
        cleared.append(workspace.slug)

    with workspace_cleaners.temporarily("test", clear):
        signed_in(Client(), alice).post(DELETE, {"name": "Acme"})
    assert cleared == ["acme"]


def test_when_clearing_fails_nothing_is_deleted(alice: Actor) -> None:
    def fail(workspace: Workspace) -> None:
        raise RuntimeError

    client = signed_in(Client(raise_request_exception=False), alice)
    with workspace_cleaners.temporarily("test", fail):
        client.post(DELETE, {"name": "Acme"})
    assert Workspace.objects.filter(slug="acme").exists()
    assert not AuditEntry.objects.filter(action="workspace.deleted").exists()


class TestDemo:
    """What an empty database starts with."""

    def test_the_demo_login_works(self, client: Client, db: None) -> None:
        login = demo.ensure_demo()
        assert login
        data = {"login": login.email, "password": login.password}
        assert client.post("/accounts/login/", data)["Location"] == "/"
        assert client.get("/")["Location"] == "/w/demo/"
        assert client.get("/w/demo/settings/general/").status_code == 200

    def test_it_is_made_once(self, db: None) -> None:
        assert demo.ensure_demo()
        assert demo.ensure_demo() is None
        assert User.objects.count() == 1

    def test_it_is_not_made_where_somebody_is_already(self, acme: Workspace) -> None:
        assert demo.ensure_demo() is None
        assert not User.objects.exists()

    @pytest.mark.django_db(transaction=True)
    def test_two_servers_that_start_at_once_make_it_once(self) -> None:
        made: list[object] = []
        start = threading.Barrier(2)

        def begin() -> None:
            start.wait()
            made.append(demo.ensure_demo())
            connection.close()

        threads = [threading.Thread(target=begin) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [one is None for one in made].count(True) == 1
        assert Workspace.objects.count() == 1
