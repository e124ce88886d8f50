"""What is kept beside a draft: it comes along with copies, and goes when the draft goes."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from django_redis import get_redis_connection

from drafts import creating
from drafts.access import open_draft
from drafts.types import draft_types
from knowledge.beside import files, sweeping
from tests.knowledge.client import wait

if TYPE_CHECKING:
    from tests.knowledge.client import KnowledgeApi
    from workspaces.access import Actor

pytestmark = pytest.mark.usefixtures("worker")


def left_of(draft_id: str) -> list[str]:
    """The keys in Redis that name the draft, but for those by which its end is remembered."""
    keys = (key.decode() for key in get_redis_connection("drafts").scan_iter(f"*{draft_id}*"))
    return sorted(key for key in keys if key.startswith("kb:"))


def filled(api: KnowledgeApi) -> str:
    """A draft with a file, an edited text, and chunks."""
    draft_id = api.new_draft()
    source_id = api.add_text(draft_id, "Parcels take three days.")["id"]
    api.upload(draft_id, manual__md=b"# Manual\n\nPress the button.")
    api.read(draft_id)
    api.patch(f"/draft/{draft_id}/sources/{source_id}/pages/1", {"text": "Five days."})
    wait(lambda: api.get(f"/draft/{draft_id}/preview").json()["status"] == "preview")
    assert files.folder_of(draft_id).exists()
    assert left_of(draft_id)
    return draft_id


def test_an_abandoned_draft_leaves_nothing_behind(api: KnowledgeApi) -> None:
    draft_id = filled(api)
    assert api.delete(f"/draft/{draft_id}").status_code == 204
    # A worker that was at it clears up behind itself.
    wait(lambda: not files.folder_of(draft_id).exists() and left_of(draft_id) == [])


def test_a_deployed_draft_leaves_nothing_behind(api: KnowledgeApi) -> None:
    draft_id = filled(api)
    api.indexed(api.deployed(draft_id))
    # A worker that was at it clears up behind itself.
    wait(lambda: not files.folder_of(draft_id).exists() and left_of(draft_id) == [])


def test_a_copy_has_its_own_texts(api: KnowledgeApi, alice: Actor) -> None:
    draft_id = filled(api)
    copy = creating.duplicate(alice, draft_types.get("kb"), draft_id)
    api.delete(f"/draft/{draft_id}")
    names = [(s["name"], s["status"], s["pages"]) for s in api.sources(copy.id)]
    assert names == [("Notes", "ready", 1), ("manual.md", "ready", 1)]
    source_id = api.sources(copy.id)[0]["id"]
    page = api.get(f"/draft/{copy.id}/sources/{source_id}/pages/1").json()
    assert (page["text"], page["edited"]) == ("Five days.", True)


def test_taking_a_source_out_is_undone_with_all_that_was_read(api: KnowledgeApi) -> None:
    draft_id = filled(api)
    before = api.sources(draft_id)
    api.delete(f"/draft/{draft_id}/sources/{before[1]['id']}")
    assert api.sources(draft_id) == before[:1]
    api.post(f"/draft/{draft_id}/undo")
    assert api.sources(draft_id) == before


def test_what_is_told_of_a_source_cannot_be_given(api: KnowledgeApi, alice: Actor) -> None:
    draft_id = filled(api)
    source_id = api.sources(draft_id)[0]["id"]
    told = {"id": source_id, "status": "failed", "pages": 99, "error": "x"}
    assert (
        api.patch(f"/draft/{draft_id}", {"data": {"sources": {source_id: told}}}).status_code == 200
    )
    source = api.sources(draft_id)[0]
    assert (source["status"], source["pages"], source["error"]) == ("ready", 1, None)
    assert open_draft(alice, draft_types.get("kb"), draft_id).version


def test_files_of_no_draft_are_swept_up(api: KnowledgeApi) -> None:
    draft_id = filled(api)
    files.keep("draft_kb_lost", "src_lost0000", [b"x"])
    assert sweeping.sweep() == 0  # it may be about to be one
    assert sweeping.sweep(time.time() + 2 * sweeping.GRACE) >= 1
    assert not files.folder_of("draft_kb_lost").exists()
    assert files.folder_of(draft_id).exists()


@pytest.mark.parametrize("name", ["../../etc/passwd", "C:\\x\\passwd", "a/../passwd"])
def test_a_files_name_is_no_path(api: KnowledgeApi, name: str) -> None:
    draft_id = api.new_draft()
    answer = api.send_file("POST", f"/draft/{draft_id}/sources/upload", name, b"root:x")
    assert answer.ok
    (source,) = api.sources(draft_id)
    assert source["name"] == "passwd"
    inside = [p for p in files.folder_of(draft_id).rglob("*") if p.is_file()]
    assert all(p.parent.name == source["id"] for p in inside)


def test_a_form_that_names_a_path_is_no_upload(api: KnowledgeApi) -> None:
    draft_id = api.new_draft()
    body = {"files": {"x": {"filepath": "/etc/passwd"}}}
    assert api.post(f"/draft/{draft_id}/sources/upload", body).status_code == 415
