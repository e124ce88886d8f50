"""Notion and Google Docs in a draft: added, read by a worker, deployed, found; and credentials."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from django.test import Client

from knowledge.models import Document
from tests.knowledge.client import wait
from tests.servers.faults import busy
from tests.servers.google import EMAIL, key_file
from tests.servers.notion import TOKEN, child_page, paragraph
from tests.support.browser import sign_in
from tests.support.people import signed_in
from workspaces import credential_testing, credentials
from workspaces.credential_use import uses_of

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.knowledge.client import KnowledgeApi
    from tests.servers.google import GoogleServer
    from tests.servers.notion import NotionServer
    from tests.support.live import Live
    from workspaces.access import Actor
    from workspaces.models import Credential

pytestmark = pytest.mark.usefixtures("worker")


@pytest.fixture
def integration(alice: Actor) -> Credential:
    return credentials.create(alice, name="Wiki", kind="notion", values={"token": TOKEN})


@pytest.fixture
def account(alice: Actor) -> Credential:
    values = {"service_account": key_file()}
    return credentials.create(alice, name="Reader", kind="google", values=values)


def test_pages_of_notion_are_read_deployed_and_found(
    api: KnowledgeApi, notion: NotionServer, integration: Credential
) -> None:
    shipping = notion.page("Shipping", paragraph("Parcels take three days."))
    root = notion.page("Manual", paragraph("Descale it."), child_page(shipping, "Shipping"))
    notion.faults.append(busy(0))
    draft_id = api.new_draft()
    pasted = f"https://www.notion.so/acme/Manual-{root.replace('-', '')}?pvs=4"
    body = {"page_id": pasted, "credential_id": str(integration.pk)}
    added = api.post(f"/draft/{draft_id}/sources/notion", body)
    assert added.status_code == 201, added.json()
    assert (added.json()["page_id"], added.json()["type"]) == (root, "notion")

    (source,) = api.read(draft_id)
    assert (source["status"], source["pages"], source["name"]) == ("ready", 2, "Manual"), source
    pages = api.get(f"/draft/{draft_id}/sources/{source['id']}/pages").json()["pages"]
    assert [page["title"] for page in pages] == ["Manual", "Shipping"]

    kb_id = api.deployed(draft_id)
    assert api.indexed(kb_id)["status"] == "ready"
    found = api.search(kb_id, "How long does a parcel take?")[0]
    assert (found["title"], found["content"]) == ("Shipping", "Parcels take three days.")
    assert found["url"].startswith("https://www.notion.so/Shipping-")
    assert Document.objects.filter(type="notion").count() == 2


def test_a_page_that_is_left_out_stays_out_of_the_next_draft(
    api: KnowledgeApi, notion: NotionServer, integration: Credential
) -> None:
    secret = notion.page("Salaries", paragraph("A million."))
    root = notion.page("Manual", paragraph("Descale it."), child_page(secret, "Salaries"))
    draft_id = api.new_draft()
    body = {"page_id": root, "credential_id": str(integration.pk)}
    source_id = api.post(f"/draft/{draft_id}/sources/notion", body).json()["id"]
    api.read(draft_id)
    api.patch(f"/draft/{draft_id}/sources/{source_id}/pages/2", {"approved": False})
    kb_id = api.deployed(draft_id)
    api.indexed(kb_id)
    assert not any("million" in hit["content"] for hit in api.search(kb_id, "a million"))

    draft_id = api.post(f"/{kb_id}/draft").json()["draft_id"]
    pages = api.get(f"/draft/{draft_id}/sources/{source_id}/pages").json()["pages"]
    assert [(page["title"], page["approved"]) for page in pages] == [
        ("Manual", True),
        ("Salaries", False),
    ]


def test_a_source_that_was_off_keeps_its_pages(
    api: KnowledgeApi, notion: NotionServer, integration: Credential
) -> None:
    root = notion.page("Manual", paragraph("Descale it."))
    draft_id = api.new_draft()
    api.add_text(draft_id, "Something else is there.")
    body = {"page_id": root, "credential_id": str(integration.pk)}
    source_id = api.post(f"/draft/{draft_id}/sources/notion", body).json()["id"]
    api.read(draft_id)
    api.patch(f"/draft/{draft_id}/sources/{source_id}", {"enabled": False})
    kb_id = api.deployed(draft_id)

    draft_id = api.post(f"/{kb_id}/draft").json()["draft_id"]
    pages = api.get(f"/draft/{draft_id}/sources/{source_id}/pages").json()["pages"]
    assert [page["approved"] for page in pages] == [True]
    api.patch(f"/draft/{draft_id}/sources/{source_id}", {"enabled": True})
    assert api.deployed(draft_id) == kb_id
    api.indexed(kb_id)
    assert "Descale it" in api.search(kb_id, "descale")[0]["content"]


def test_a_document_of_google_is_read_again_and_found(
    api: KnowledgeApi, google: GoogleServer, account: Credential
) -> None:
    file_id = "1AbC_document-number-0000"
    draft_id = api.new_draft()
    body = {
        "file_id": f"https://docs.google.com/document/d/{file_id}/edit",
        "credential_id": str(account.pk),
    }
    source_id = api.post(f"/draft/{draft_id}/sources/google_docs", body).json()["id"]
    (source,) = api.read(draft_id)
    assert source["status"] == "failed"
    assert "not shared with the account" in source["error"]

    assert google.document("Manual", "# **Warranty**\n\nTwo years\\.") == file_id
    api.post(f"/draft/{draft_id}/sources/{source_id}/retry")
    (source,) = api.read(draft_id)
    assert (source["status"], source["name"]) == ("ready", "Manual"), source
    kb_id = api.deployed(draft_id)
    api.indexed(kb_id)
    found = api.search(kb_id, "warranty")[0]
    assert (found["title"], found["headings"]) == ("Manual", ["Warranty"])
    assert found["url"].startswith(f"https://docs.google.com/document/d/{file_id}/edit")


def test_what_cannot_be_added_is_refused_with_the_reason(
    api: KnowledgeApi, integration: Credential, account: Credential, mallory: Actor
) -> None:
    foreign = credentials.create(mallory, name="Hers", kind="notion", values={"token": "ntn_hers"})
    draft_id, page_id = api.new_draft(), "0" * 32
    refused = [
        ({"page_id": "Manual", "credential_id": str(integration.pk)}, "page_id"),
        ({"page_id": page_id, "credential_id": str(account.pk)}, "credential_id"),
        ({"page_id": page_id, "credential_id": str(foreign.pk)}, "credential_id"),
        ({"page_id": page_id, "credential_id": str(uuid4())}, "credential_id"),
        ({"page_id": page_id, "credential_id": "Wiki"}, "credential_id"),
        ({"page_id": page_id}, "credential_id"),
        ({"page_id": 3, "credential_id": str(integration.pk)}, "page_id"),
    ]
    for body, path in refused:
        answer = api.post(f"/draft/{draft_id}/sources/notion", body)
        assert answer.status_code == 422, (body, answer.json())
        assert path in [error["path"] for error in answer.json()["errors"]]
    assert "sources" not in api.get(f"/draft/{draft_id}").json()["data"]


def test_a_credential_of_another_workspace_reads_nothing(
    api: KnowledgeApi,
    notion: NotionServer,
    integration: Credential,
    mallory: Actor,
) -> None:
    foreign = credentials.create(mallory, name="Hers", kind="notion", values={"token": TOKEN})
    root = notion.page("Manual", paragraph("Hers."))
    draft_id = api.new_draft()
    body = {"page_id": root, "credential_id": str(integration.pk)}
    source_id = api.post(f"/draft/{draft_id}/sources/notion", body).json()["id"]
    api.read(draft_id)
    asked = len(notion.asked)
    path = f"/draft/{draft_id}/sources/{source_id}"
    assert api.patch(path, {"credential_id": str(foreign.pk)}).status_code == 200
    api.post(f"{path}/retry")
    (source,) = api.read(draft_id)
    # What was read before stays; of the other credential nothing was used.
    assert source["status"] == "ready"
    assert len(notion.asked) == asked
    issues = api.post(f"/draft/{draft_id}/validate").json()["issues"]
    severities = {issue["path"]: issue["severity"] for issue in issues}
    assert severities[f"sources.{source_id}.credential_id"] == "warning"


def test_a_credential_says_who_reads_with_it(
    api: KnowledgeApi,
    alice: Actor,
    mallory: Actor,
    notion: NotionServer,
    integration: Credential,
) -> None:
    root = notion.page("Manual", paragraph("Descale it."))
    draft_id = api.new_draft()
    body = {"page_id": root, "credential_id": str(integration.pk)}
    api.post(f"/draft/{draft_id}/sources/notion", body)
    assert [(use.name, use.note) for use in uses_of(alice, integration)] == [("Manual", "Draft")]
    api.read(draft_id)
    api.deployed(draft_id)
    (use,) = uses_of(alice, integration)
    assert (use.name, use.note) == ("Manual", "Live")
    assert signed_in(Client(), alice).get(use.url).status_code == 200
    other = credentials.create(alice, name="Other", kind="notion", values={"token": TOKEN})
    assert uses_of(alice, other) == []
    assert uses_of(mallory, integration) == []


def test_credentials_are_tried_at_their_services(
    alice: Actor,
    notion: NotionServer,
    google: GoogleServer,
    integration: Credential,
    account: Credential,
) -> None:
    tested = credential_testing.test(alice, integration)
    assert tested.ok, tested
    assert "for Acme's wiki" in tested.message
    tested = credential_testing.test(alice, account)
    assert tested.ok, tested
    assert EMAIL in tested.message
    bad = credentials.create(alice, name="Old", kind="notion", values={"token": "ntn_old_12345"})
    tested = credential_testing.test(alice, bad)
    assert (tested.ok, "does not take" in tested.message) == (False, True)
    bad = credentials.create(alice, name="Old", kind="google", values={"access_token": "ya29.old"})
    tested = credential_testing.test(alice, bad)
    assert (tested.ok, "does not take" in tested.message) == (False, True)


def test_the_builder_offers_each_service_its_own_credentials(
    api: KnowledgeApi, alice: Actor, bob: Actor, notion: NotionServer, integration: Credential
) -> None:
    draft_id, client = api.new_draft(), signed_in(Client(), alice)
    step = f"/w/acme/kb/draft/{draft_id}/sources/"
    page = client.get(step).content.decode()
    assert "From Notion or Google Docs" in page
    assert f'<option value="{integration.pk}">Wiki' in page
    assert "/settings/credentials/new/google/" in page
    assert "An admin of the workspace" in signed_in(Client(), bob).get(step).content.decode()

    url = f"{step}account/notion/"
    refused = client.post(url, {"address": "Manual", "credential_id": str(integration.pk)})
    assert refused.status_code == 422
    assert "Paste the page&#x27;s address" in refused.content.decode()
    given = {"address": "0" * 32, "credential_id": str(integration.pk)}
    assert client.post(url, given).status_code == 302
    assert api.sources(draft_id)[0]["type"] == "notion"
    shown = client.get(step).content.decode()
    assert "Page or database" in shown
    assert client.post(f"{step}account/website/", given).status_code == 404
    assert TOKEN not in page + shown


def test_reading_is_stopped_while_the_service_makes_us_wait(
    api: KnowledgeApi, notion: NotionServer, integration: Credential
) -> None:
    root = notion.page("Manual", paragraph("Descale it."))
    notion.faults.append(busy(50))
    draft_id = api.new_draft()
    body = {"page_id": root, "credential_id": str(integration.pk)}
    source_id = api.post(f"/draft/{draft_id}/sources/notion", body).json()["id"]
    wait(lambda: len(notion.asked) == 1)
    assert api.post(f"/draft/{draft_id}/sources/{source_id}/cancel").status_code == 200
    (source,) = api.read(draft_id)
    assert source["status"] == "failed"
    assert "stopped" in source["error"]
    assert len(notion.asked) == 1


@pytest.mark.usefixtures("integration")
def test_a_page_of_notion_is_added_in_the_browser(
    api: KnowledgeApi, page: Page, live: Live, alice: Actor, notion: NotionServer
) -> None:
    root = notion.page("Manual", paragraph("Descale it every three months."))
    draft_id = api.new_draft()
    sign_in(page.context, live, alice)
    page.goto(f"{live.url}/w/acme/kb/draft/{draft_id}/sources/")
    page.get_by_text("From Notion or Google Docs").click()
    form = page.get_by_role("form", name="Notion")
    form.get_by_label("Address of a page or database").fill("Manual")
    form.get_by_role("button", name="Add Notion").click()
    page.get_by_role("alert").get_by_text("Paste the page's address").wait_for()
    form.get_by_label("Address of a page or database").fill(f"https://www.notion.so/{root}")
    form.get_by_role("button", name="Add Notion").click()
    page.get_by_text("1 page", exact=True).wait_for()
    page.reload()
    page.get_by_role("heading", name="Manual").wait_for()
    page.get_by_role("link", name="Read and edit").click()
    page.get_by_text("Descale it every three months.").wait_for()
