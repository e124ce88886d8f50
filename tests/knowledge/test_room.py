"""What a workspace may keep of files and texts, beside its drafts and in its bases."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from django_redis import get_redis_connection

from common.problems import Problem
from drafts import creating
from drafts.types import draft_types
from knowledge import adding, reading
from knowledge.adding import Brought
from knowledge.beside import files, room
from knowledge.beside.states import Place
from knowledge.models import DocumentText
from knowledge.sources.base import UnreadError
from tests.support.at_once import at_once
from tests.support.people import signed_in

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django.fixtures import Settings

    from tests.knowledge.client import KnowledgeApi
    from workspaces.access import Actor

pytestmark = pytest.mark.django_db(transaction=True)
KB = 1024
FILE = b"# Manual\n\n" + b"Press the button. " * 50


@pytest.fixture(autouse=True)
def _no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are read when a test says so: the worker has other settings."""
    monkeypatch.setattr(reading, "wake", lambda _place, _attempt: None)


def brought(size: int) -> Brought:
    return Brought("notes.txt", BytesIO(b"x" * size), size)


def used(actor: Actor) -> int:
    """What is noted beside drafts."""
    held = get_redis_connection("drafts").hvals(f"kb:kept:{actor.workspace_id}")
    return sum(int(value.split()[1]) for value in held)


def on_its_way(actor: Actor) -> int:
    return int(get_redis_connection("drafts").hlen(f"kb:coming:{actor.workspace_id}"))


def test_what_has_no_room_is_refused_and_nothing_is_lost(
    api: KnowledgeApi, alice: Actor, settings: Settings
) -> None:
    settings.KNOWLEDGE_WORKSPACE_BYTES = 3 * len(FILE)
    draft_id, other = api.new_draft(), api.new_draft()
    assert api.upload(draft_id, one__md=FILE).status_code == 201
    assert api.upload(other, two__md=FILE, three__md=FILE).status_code == 201
    before = api.get(f"/draft/{draft_id}").json()

    answer = api.upload(draft_id, four__md=FILE)
    assert answer.status_code == 413
    assert answer.json()["type"].endswith(":knowledge-full")
    assert "keep 2.7\xa0KB of files and texts, and may keep 2.7\xa0KB" in answer.json()["detail"]
    body = {"name": "Notes", "content": "Parcels take three days."}
    assert api.post(f"/draft/{draft_id}/sources/text", body).status_code == 413
    assert api.get(f"/draft/{draft_id}").json() == before
    assert (used(alice), on_its_way(alice)) == (3 * len(FILE), 0)

    assert api.delete(f"/draft/{other}").status_code == 204
    assert api.upload(draft_id, four__md=FILE).status_code == 201
    assert used(alice) == 2 * len(FILE)


def test_the_page_says_how_much_there_is_and_what_to_do(
    api: KnowledgeApi, client: Client, alice: Actor, settings: Settings
) -> None:
    draft_id = api.new_draft()
    settings.KNOWLEDGE_WORKSPACE_BYTES = 10
    place = f"/w/{alice.workspace.slug}/kb/draft/{draft_id}/sources/text/"
    answer = signed_in(client, alice).post(place, {"name": "Notes", "content": "Three days."})
    html = answer.content.decode()
    assert "may keep 10\xa0bytes" in html
    assert "Abandon a draft or delete a base" in html
    assert "sources" not in api.get(f"/draft/{draft_id}").json()["data"]


def test_of_many_at_once_none_passes_the_others(
    api: KnowledgeApi, alice: Actor, settings: Settings
) -> None:
    settings.KNOWLEDGE_WORKSPACE_BYTES = 3 * KB + 500
    drafts = [api.new_draft(), api.new_draft()]
    answers = at_once(
        *(lambda at=at: adding.add_file(alice, drafts[at % 2], brought(KB)) for at in range(8))
    )
    assert sum(isinstance(answer, dict) for answer in answers) == 3
    assert answers.count(413) == 5
    assert sum(files.size_of(draft_id) for draft_id in drafts) == used(alice) == 3 * KB
    assert on_its_way(alice) == 0


def test_without_a_limit_everything_fits(api: KnowledgeApi, settings: Settings) -> None:
    settings.KNOWLEDGE_WORKSPACE_BYTES = 0
    assert api.upload(api.new_draft(), one__md=FILE).status_code == 201


def test_a_text_that_was_read_and_has_no_room_is_told_of(
    api: KnowledgeApi, alice: Actor, settings: Settings
) -> None:
    draft_id = api.new_draft()
    source_id = api.upload(draft_id, one__md=FILE).json()["sources"][0]["id"]
    place = Place(alice.workspace_id, draft_id, source_id)
    settings.KNOWLEDGE_WORKSPACE_BYTES = len(FILE) + 100
    with pytest.raises(UnreadError):
        reading.read_now(place)
    (source,) = api.sources(draft_id)
    assert source["status"] == "failed"
    assert "may keep 1010\xa0bytes" in source["error"]
    assert used(alice) == len(FILE)

    settings.KNOWLEDGE_WORKSPACE_BYTES = 3 * len(FILE)
    reading.read_now(place)
    assert api.sources(draft_id)[0]["status"] == "ready"
    assert used(alice) > 2 * len(FILE)


def test_what_bases_keep_counts_once_and_goes_with_them(
    api: KnowledgeApi, alice: Actor, settings: Settings
) -> None:
    draft_id = api.new_draft()
    api.add_text(draft_id, FILE.decode())
    kb_id = api.deployed(draft_id)
    kept = room.kept_in_bases(alice.workspace_id)
    assert kept == DocumentText.objects.get().bytes > len(FILE)
    assert used(alice) == 0

    # A draft of it keeps what the base keeps as well; a copy of that will be another base.
    settings.KNOWLEDGE_WORKSPACE_BYTES = kept + 10
    of_live = api.post(f"/{kb_id}/draft").json()["draft_id"]
    assert used(alice) == 0
    folders = files.drafts_with_files()
    with pytest.raises(Problem) as full:
        creating.duplicate(alice, draft_types.get("kb"), of_live)
    assert full.value.status == 413
    assert files.drafts_with_files() == folders
    body = {"name": "More", "content": "Three days, or four."}
    assert api.post(f"/{kb_id}/documents", body).status_code == 413
    assert files.drafts_with_files() == folders

    settings.KNOWLEDGE_WORKSPACE_BYTES = 2 * kept + 10
    copy = creating.duplicate(alice, draft_types.get("kb"), of_live)
    assert api.sources(copy.id)[0]["status"] == "ready"
    assert kept - 100 < used(alice) <= kept
    assert api.delete(f"/{kb_id}").status_code == 204
    assert room.kept_in_bases(alice.workspace_id) == 0


def test_what_was_on_its_way_when_a_process_died_is_not_waited_for(
    api: KnowledgeApi, alice: Actor, settings: Settings
) -> None:
    draft_id = api.new_draft()
    settings.KNOWLEDGE_WORKSPACE_BYTES = 2 * len(FILE)
    redis = get_redis_connection("drafts")
    redis.hset(f"kb:coming:{alice.workspace_id}", "slow", f"99999999999 {2 * len(FILE)}")
    assert api.upload(draft_id, one__md=FILE).status_code == 413
    redis.hset(f"kb:coming:{alice.workspace_id}", "dead", f"1 {len(FILE)}")
    redis.hdel(f"kb:coming:{alice.workspace_id}", "slow")
    assert api.upload(draft_id, one__md=FILE).status_code == 201
    assert on_its_way(alice) == 0


def test_files_that_were_not_noted_are_found_before_anything_is_refused(
    api: KnowledgeApi, alice: Actor, settings: Settings
) -> None:
    draft_id = api.new_draft()
    settings.KNOWLEDGE_WORKSPACE_BYTES = 2 * len(FILE)
    redis = get_redis_connection("drafts")
    redis.hset(f"kb:kept:{alice.workspace_id}", "draft_kb_ended", f"1 {2 * len(FILE)}")
    assert api.upload(draft_id, one__md=FILE).status_code == 201
    assert used(alice) == len(FILE)


def test_nothing_is_noted_of_a_draft_that_ended(api: KnowledgeApi, alice: Actor) -> None:
    draft_id = api.new_draft()
    api.upload(draft_id, one__md=FILE)
    copy = creating.duplicate(alice, draft_types.get("kb"), draft_id)
    api.delete(f"/draft/{draft_id}")
    api.delete(f"/draft/{copy.id}")
    room.look(alice.workspace_id, draft_id)
    assert list(get_redis_connection("drafts").scan_iter("kb:*")) == []
