"""The list and the pages of live knowledge bases, as people with names see them."""

from __future__ import annotations

import io
import json
import re
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from drafts import creating, editing, validation
from drafts.access import open_draft
from drafts.deploying import deploy
from drafts.entity_pages.listing import PER_PAGE
from drafts.types import draft_types
from knowledge import adding, page_edits
from knowledge.adding import Brought
from knowledge.live import changes, overview
from knowledge.models import Document
from tests.support.people import signed_in
from workspaces import credentials

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

    from drafts.models import Entity
    from workspaces.access import Actor

pytestmark = pytest.mark.usefixtures("redis_clean")
BASES = draft_types.get("kb")
BOTS = draft_types.get("chatbot")


def live(actor: Actor, **data: Any) -> Entity:
    draft = creating.create(actor, BASES, {"name": "Manual"} | data)
    adding.add_text(actor, draft.id, "Notes", "Parcels take three days.", "markdown")
    return deploy.deploy(actor, BASES, draft.id).entity


def page(client: Client, actor: Actor, path: str = "", **data: Any) -> str:
    answer = signed_in(client, actor).get(f"/w/acme/kb/{path}", data)
    assert answer.status_code == 200, answer
    return answer.content.decode()


def test_drafts_show_their_problems_what_they_change_and_what_can_be_done(
    client: Client, bob: Actor, vera: Actor
) -> None:
    base = live(bob)
    creating.create(bob, BASES, {})
    creating.create_from_entity(bob, base)
    html = page(client, bob)
    assert "Changes the live knowledge base Manual" in html
    assert "Untitled knowledge base" in html
    assert "to fix" in html
    for words in ("Resume", "Duplicate", "Export", "Abandon", "Import as a draft"):
        assert words in html
    html = page(client, vera)
    assert "Export" in html
    for words in ("Duplicate", "Abandon", "Import as a draft", "New knowledge base"):
        assert words not in html


def test_long_lists_of_bases_come_in_pages(client: Client, bob: Actor) -> None:
    for number in range(PER_PAGE + 1):
        creating.create(bob, BASES, {"name": f"Draft {number}."})
    first = page(client, bob, q="draft")
    assert 'href="?q=draft&amp;drafts=2"' in first
    assert len(re.findall(r">Draft \d+\.<", first)) == PER_PAGE
    assert len(re.findall(r">Draft \d+\.<", page(client, bob, q="draft", drafts="2"))) == 1


def test_an_imported_base_has_its_settings_and_says_that_its_sources_are_not_read(
    client: Client, bob: Actor
) -> None:
    draft = creating.create(bob, BASES, {"name": "Manual", "retrieval_config": {"top_k": 9}})
    adding.add_text(bob, draft.id, "Notes", "Parcels take three days.", "markdown")
    signed_in(client, bob)
    exported = client.get(f"/w/acme/kb/draft/{draft.id}/export/").content
    assert json.loads(exported)["type"] == "kb"
    file = SimpleUploadedFile("manual.json", exported, "application/json")
    answer = client.post("/w/acme/kb/draft/import/", {"file": file})
    assert answer.status_code == 302
    place = answer["Location"]
    html = client.get(f"{place}sources/").content.decode()
    assert "Notes" in html
    assert "Not read yet" in html
    assert 'value="9"' in client.get(f"{place}search/").content.decode()


def test_each_document_has_a_menu_of_its_own(client: Client, bob: Actor) -> None:
    draft = creating.create(bob, BASES, {"name": "Manual"})
    for name in ("Notes", "Prices"):
        adding.add_text(bob, draft.id, name, f"{name} for everybody.", "markdown")
    html = page(client, bob, f"{deploy.deploy(bob, BASES, draft.id).entity.pk}/")
    opened = re.findall(r'popovertarget="(menu-document-[^"]+)"', html)
    assert len(set(opened)) == 2
    assert [html.count(f'id="{menu}"') for menu in opened] == [1, 1]


def test_long_lists_of_documents_come_in_pages_and_can_be_searched(
    client: Client, bob: Actor
) -> None:
    draft = creating.create(bob, BASES, {"name": "Manual"})
    for number in range(PER_PAGE + 2):
        adding.add_text(bob, draft.id, f"Notes {number:02}.", f"Number {number}.", "markdown")
    base = deploy.deploy(bob, BASES, draft.id).entity
    first, second = page(client, bob, f"{base.pk}/"), page(client, bob, f"{base.pk}/", page="2")
    assert len(re.findall(r">Notes \d+\.<", first)) == PER_PAGE
    assert re.findall(r">(Notes \d+\.)<", second) == ["Notes 25.", "Notes 26."]
    assert re.findall(r">(Notes \d+\.)<", page(client, bob, f"{base.pk}/", q="07")) == ["Notes 07."]
    assert "No document is called" in page(client, bob, f"{base.pk}/", q="Prices")
    (switch, _in_the_menu) = re.findall(
        r'action="([^"]+/switch/[^"]*)"', page(client, bob, f"{base.pk}/", q="26")
    )
    answer = client.post(switch, {"enabled": "false"})
    assert answer["Location"].endswith(f"/kb/{base.pk}/?q=26")


def test_the_palette_finds_bases_and_their_drafts(
    client: Client, bob: Actor, mallory: Actor
) -> None:
    live(bob)
    creating.create(bob, BASES, {"name": "Manual of the old machine"})
    found = signed_in(client, bob).get("/w/acme/find/?q=manual").json()["results"]
    assert [(each["label"], each["note"], each["icon"]) for each in found] == [
        ("Manual", "Live", "book-open"),
        ("Manual of the old machine", "Draft", "file-clock"),
    ]
    for each in found:
        assert client.get(each["url"], follow=True).status_code == 200
    assert signed_in(client, mallory).get("/w/evil/find/?q=manual").json()["results"] == []


def test_versions_of_a_base_tell_what_changed(
    client: Client, bob: Actor, vera: Actor, mallory: Actor
) -> None:
    base = live(bob)
    draft = creating.create_from_entity(bob, base)
    editing.patch(bob, BASES, draft.id, {"retrieval_config": {"top_k": 7}})
    deploy.deploy(bob, BASES, draft.id)
    assert f"/w/acme/kb/{base.pk}/versions/" in page(client, bob, f"{base.pk}/")
    html = page(client, bob, f"{base.pk}/versions/")
    assert "Changes since version 1" in html
    assert 'aria-current="page">Versions' in html
    changed = page(client, bob, f"{base.pk}/versions/2/changes/")
    assert changed.count("diff-entry") == 1
    assert ">7</ins>" in changed
    plan = page(client, bob, f"{base.pk}/versions/1/rollback/")
    assert "indexed again in the background" in plan
    assert "Go back to it" not in page(client, vera, f"{base.pk}/versions/")
    back = f"{base.pk}/versions/1/rollback/"
    assert client.post(f"/w/acme/kb/{back}").status_code == 403
    signed_in(client, mallory)
    for path in (f"{base.pk}/versions/", back):
        for workspace in ("acme", "evil"):
            assert client.get(f"/w/{workspace}/kb/{path}").status_code == 404
    assert base.releases.count() == 2


def test_changes_of_sources_are_told_by_their_names(client: Client, bob: Actor) -> None:
    base = live(bob)
    draft = creating.create_from_entity(bob, base)
    (source,) = draft.data["sources"]
    page_edits.edit_page(bob, draft.id, source["id"], 1, text="Parcels take five days.")
    adding.add_text(bob, draft.id, "Gifts", "Gift cards never expire.", "markdown")
    deploy.deploy(bob, BASES, draft.id)
    html = page(client, bob, f"{base.pk}/versions/2/changes/")
    labels = re.findall(r'<p class="diff-path">(.*?)</p>', html)
    assert labels == ["Sources, Notes", "Sources, Gifts"]
    told = re.findall(r"<ins>.*?</span>(.*?)</ins>", html)
    assert told == ["The text changed", "Added"]
    assert "src_" not in html
    assert "sha256" not in html


def test_a_base_that_changed_while_it_was_live_is_edited_from_no_changes(
    client: Client, bob: Actor
) -> None:
    base = live(bob)
    hours = Brought("hours.txt", io.BytesIO(b"Open until six."), 15)
    changed = changes.add_file(bob, base.pk, hours)
    draft = creating.create_from_entity(bob, changed)
    assert deploy.plan(bob, open_draft(bob, BASES, draft.id)).changes == ()
    assert "Draft: 0 changes" in page(client, bob, f"draft/{draft.id}/sources/")
    assert "0 changes" in page(client, bob, f"draft/{draft.id}/plan/")


def test_editing_resumes_the_draft_of_a_base_that_is_open(client: Client, bob: Actor) -> None:
    base = live(bob)
    url = f"/w/acme/kb/{base.pk}/edit/"
    first = signed_in(client, bob).post(url)["Location"]
    assert client.post(url)["Location"] == first


def test_whoever_deletes_a_base_is_told_what_answers_from_it(
    client: Client, bob: Actor, vera: Actor
) -> None:
    base, other = live(bob), live(bob, name="Other")
    using = {"system_prompt": "Help.", "knowledge_bases": [{"kb_id": str(base.pk)}]}
    bot = creating.create(bob, BOTS, using | {"name": "Ada"})
    deploy.deploy(bob, BOTS, bot.id)
    creating.create(bob, BOTS, using | {"name": "Grace"})
    creating.create(bob, BOTS, {"name": "Elsewhere", "description": str(base.pk)})
    html = page(client, bob, f"{base.pk}/")
    assert re.findall(r'<a [^>]*>(\w+)</a><span class="help">(\w+)<', html) == [
        ("Ada", "Live"),
        ("Grace", "Draft"),
    ]
    assert "answer from it" not in page(client, bob, f"{other.pk}/")
    assert "answer from it" not in page(client, vera, f"{base.pk}/")
    url = f"/w/acme/kb/{base.pk}/delete/"
    wrong = signed_in(client, bob).post(url, {"name": "manual"})
    assert wrong.status_code == 422
    for words in ("Nothing was deleted", "Ada"):
        assert words in wrong.content.decode()
    assert client.post(url, {"name": "Manual"}).status_code == 302
    assert client.get(f"/w/acme/kb/{base.pk}/").status_code == 404


def test_a_chatbot_says_that_a_base_it_answered_from_was_deleted(
    client: Client, bob: Actor
) -> None:
    base = live(bob)
    using = {"system_prompt": "Help.", "knowledge_bases": [{"kb_id": str(base.pk)}]}
    draft = creating.create(bob, BOTS, using | {"name": "Ada"})
    bot = deploy.deploy(bob, BOTS, draft.id).entity
    edited = creating.create_from_entity(bob, bot)
    browser = signed_in(client, bob)
    place = f"/w/acme/chatbots/{bot.pk}/"
    assert "was deleted" not in browser.get(place).content.decode()
    browser.post(f"/w/acme/kb/{base.pk}/delete/", {"name": "Manual"})
    html = browser.get(place).content.decode()
    assert "A knowledge base that it answered from was deleted" in html
    assert "<dd>Deleted knowledge base</dd>" in html
    html = browser.get(f"/w/acme/chatbots/draft/{edited.id}/knowledge/").content.decode()
    assert '<h2 class="field-group-title">Deleted knowledge base</h2>' in html


def test_a_credential_names_the_bases_that_embed_with_it(client: Client, alice: Actor) -> None:
    values = {"api_key": "sk-abcdefghijklmnopqrst", "base_url": "https://models.example.com/v1"}
    key = credentials.create(alice, name="Our key", kind="llm", values=values)
    choice = {"provider": "openai_compatible", "model": "m-1", "credential_id": str(key.pk)}
    using = {"embedding_config": choice}
    live(alice, **using)
    creating.create(alice, BASES, {"name": "Shop"} | using)
    creating.create(alice, BASES, {"name": "Elsewhere", "description": str(key.pk)})
    url = f"/w/acme/settings/credentials/{key.pk}/delete/"
    html = signed_in(client, alice).get(url, headers={"HX-Request": "true"}).content.decode()
    assert re.findall(r'<a [^>]*>(\w+)</a><span class="help">(\w+)<', html) == [
        ("Manual", "Live"),
        ("Shop", "Draft"),
    ]


def test_many_bases_are_listed_with_as_many_queries_as_one(
    bob: Actor, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _number in range(3):
        live(bob)
    found = list(overview.live_named(bob))
    with django_assert_num_queries(2):
        rows = overview.live_rows(bob, found)
    assert [(row.status, row.documents) for row in rows] == [("queued", 1)] * 3


def test_all_credentials_are_looked_for_at_once(
    bob: Actor, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    wiki = credentials.create(bob, name="Wiki", kind="notion", values={"token": "t" * 50})
    wanted = (str(wiki.pk), str(uuid4()), str(uuid4()))
    sources = [
        {"id": f"src_0000000{n}", "type": "notion", "credential_id": key}
        for n, key in enumerate(wanted)
    ]
    drafts = [creating.create(bob, BASES, {"sources": sources}) for _number in range(3)]
    for draft in drafts:
        with django_assert_num_queries(2):
            found = validation.issues(draft, bob)
        lost = [issue.path for issue in found if "credential is gone" in str(issue.message)]
        assert lost == [f"sources.src_0000000{n}.credential_id" for n in (1, 2)]
    with django_assert_num_queries(2):
        validation.issues_of_each(BASES, drafts, bob)


def test_a_number_that_no_chunk_can_have_marks_nothing(client: Client, bob: Actor) -> None:
    base = live(bob)
    document = Document.objects.get(base_id=base.pk)
    for chunk in ("9" * 5000, "-1", "x", "²"):
        assert "<mark" not in page(client, bob, f"{base.pk}/documents/{document.pk}/", chunk=chunk)
