"""Knowledge bases and their documents, in the admin: looked at, searched, never changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from knowledge.models import Document
from workspaces.models import Membership, Role, User

if TYPE_CHECKING:
    from tests.knowledge.client import KnowledgeApi
    from workspaces.access import Actor

LISTS = ("knowledgebase", "document")


@pytest.fixture
def kb_id(api: KnowledgeApi) -> str:
    draft_id = api.new_draft(name="Shop manual")
    api.add_text(draft_id, "Parcels take <three> days.", "Shipping")
    return api.deployed(draft_id)


def staff(actor: Actor) -> Client:
    sam = User.objects.create_verified("sam@example.com", "x", is_staff=True)
    sam.user_permissions.set(Permission.objects.filter(content_type__app_label="knowledge"))
    Membership.objects.create(workspace=actor.workspace, user=sam, role=Role.OWNER)
    client = Client()
    client.force_login(sam)
    return client


@pytest.mark.parametrize("model", LISTS)
def test_every_list_is_there_searchable_and_read_only(model: str, kb_id: str, alice: Actor) -> None:
    client = staff(alice)
    address = reverse(f"admin:knowledge_{model}_changelist")
    assert b"Shop manual" in client.get(address).content
    assert b"Shop manual" in client.get(address, {"q": "Shop"}).content
    assert b"Shop manual" not in client.get(address, {"q": "Kitchen"}).content
    assert client.get(reverse(f"admin:knowledge_{model}_add")).status_code == 403


def test_a_base_shows_its_configuration_and_a_document_its_text(kb_id: str, alice: Actor) -> None:
    client = staff(alice)
    base = client.get(reverse("admin:knowledge_knowledgebase_change", args=[kb_id]))
    assert b"retrieval_config" in base.content
    document = Document.objects.get(base__pk=kb_id)
    page = client.get(reverse("admin:knowledge_document_change", args=[document.pk]))
    assert b"Parcels take &lt;three&gt; days." in page.content


@pytest.mark.parametrize("model", LISTS)
def test_staff_of_another_workspace_see_nothing(model: str, kb_id: str, mallory: Actor) -> None:
    client = staff(mallory)
    page = client.get(reverse(f"admin:knowledge_{model}_changelist"))
    assert page.status_code == 200
    assert b"Shop manual" not in page.content
