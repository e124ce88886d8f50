"""Files and texts that are read again, replaced or refused: what is kept, and what is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from knowledge.advice import advice, unread
from knowledge.beside import files
from knowledge.live import search_turns
from knowledge.places import Places
from tests.knowledge.client import wait
from tests.knowledge.parsing.pdf_files import lines, pdf
from tests.servers.website import WebsiteServer

if TYPE_CHECKING:
    from tests.knowledge.client import KnowledgeApi
    from workspaces.access import Actor

pytestmark = pytest.mark.usefixtures("worker")


def test_reading_again_keeps_no_text_but_the_one_before(api: KnowledgeApi) -> None:
    draft_id = api.new_draft()
    api.upload(draft_id, notes__txt=b"Parcels take three days. " * 200)
    (source,) = api.read(draft_id)
    sizes = []
    for _time in range(4):
        assert api.post(f"/draft/{draft_id}/sources/{source['id']}/retry").status_code == 200
        api.read(draft_id)
        sizes.append(files.size_of(draft_id))
    assert sizes[1] == sizes[-1]


def test_a_text_that_is_there_is_not_read_again(api: KnowledgeApi) -> None:
    draft_id = api.new_draft()
    source_id = api.add_text(draft_id, "Parcels take three days.", "Q1/Q2 report")["id"]
    answer = api.post(f"/draft/{draft_id}/sources/{source_id}/retry")
    assert answer.status_code == 409
    (source,) = api.sources(draft_id)
    assert (source["status"], source["name"]) == ("ready", "Q1/Q2 report")


def test_a_file_that_replaces_another_has_all_its_pages(api: KnowledgeApi) -> None:
    draft_id = api.new_draft()
    api.upload(draft_id, manual__pdf=pdf(lines("The cover."), lines("The warranty is two years.")))
    (source,) = api.read(draft_id)
    cover = f"/draft/{draft_id}/sources/{source['id']}/pages/1"
    assert api.patch(cover, {"approved": False}).status_code == 200
    kb_id = api.deployed(draft_id)
    (document,) = api.get(f"/{kb_id}/documents").json()["documents"]
    path = f"/{kb_id}/documents/{document['id']}"
    answer = api.send_file("PUT", path, "new.pdf", pdf(lines("The warranty is three years.")))
    assert answer.ok, answer.json()
    assert "three years" in str(api.get(path).json()["pages"])


def test_the_last_page_that_is_used_can_be_deleted(api: KnowledgeApi, settings: Any) -> None:
    settings.OUTBOUND_ALLOWED_HOSTS = ["127.0.0.1"]
    with WebsiteServer() as site:
        site.page("/", "We sell coffee machines.", links=["/warranty"])
        site.page("/warranty", "The warranty lasts two years.")
        draft_id = api.new_draft()
        api.add_website(draft_id, f"{site.url}/")
        api.read(draft_id)
        kb_id = api.deployed(draft_id)
    first, second = api.get(f"/{kb_id}/documents").json()["documents"]
    assert api.patch(f"/{kb_id}/documents/{first['id']}", {"enabled": False}).status_code == 200
    assert api.delete(f"/{kb_id}/documents/{second['id']}").status_code == 204
    left = api.get(f"/{kb_id}/documents").json()["documents"]
    assert [each["id"] for each in left] == [first["id"]]


def test_of_many_files_that_are_sent_at_once_none_is_kept_when_one_is_too_large(
    api: KnowledgeApi, settings: Any
) -> None:
    settings.LARGEST_FILE = 100
    draft_id = api.new_draft()
    answer = api.upload(draft_id, small__txt=b"Small.", large__txt=b"x" * 101)
    assert answer.status_code == 413
    assert "sources" not in api.get(f"/draft/{draft_id}").json()["data"]


def test_names_hold_nothing_unseen(api: KnowledgeApi) -> None:
    draft_id = api.new_draft()
    source_id = api.add_text(draft_id, "Parcels take three days.")["id"]
    api.patch(f"/draft/{draft_id}/sources/{source_id}", {"name": "inv\u202efdp.exe\n\u001b[31m"})
    kb_id = api.deployed(draft_id)
    (document,) = api.get(f"/{kb_id}/documents").json()["documents"]
    assert document["name"] == "invfdp.exe [31m"


def test_a_base_of_which_nothing_is_used_is_not_taken_for_one_with_texts() -> None:
    failed = {"id": "src_1", "type": "text_input", "status": "failed", "error": "It is damaged."}
    off = {"id": "src_2", "type": "text_input", "status": "ready", "pages": 1, "enabled": False}
    data = {"sources": [failed | {"name": "A"}, off | {"name": "B"}]}
    assert [words for _path, words in unread(data)] == ["A was not read: It is damaged."]


def test_two_sources_of_one_text_are_told() -> None:
    twins = [
        {"id": f"src_{name}", "type": "text_input", "name": name, "content_hash": "sha256:1"}
        for name in ("A", "B")
    ]
    told = [words for _path, words in advice({"sources": twins})]
    assert "B says the same as A. One of them is enough." in told


def test_one_workspace_leaves_others_places_to_ask(
    api: KnowledgeApi, alice: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft_id = api.new_draft()
    api.add_text(draft_id, "Parcels take three days.")
    kb_id = api.deployed(draft_id)
    wait(lambda: api.get(f"/{kb_id}/progress").json()["status"] == "ready")
    monkeypatch.setattr(search_turns, "_asked", Places(2, 1))
    with search_turns.turn(uuid4()):
        assert api.search(kb_id, "How long?")
        with search_turns.turn(alice.workspace_id):
            answer = api.post(f"/{kb_id}/search", {"query": "How long?"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "1")
    assert api.search(kb_id, "How long?")
