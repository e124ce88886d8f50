"""What people make of the pages of a source: where it is kept, and that it counts at once."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from django_redis import get_redis_connection

from drafts import creating
from drafts.types import draft_types
from knowledge import adding, page_edits, reading
from knowledge.beside import files, pages, states
from knowledge.beside.states import READY, Place, State
from knowledge.texts import Page
from knowledge.trying import preparing
from tests.support.at_once import at_once
from tests.support.people import signed_in

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django.fixtures import Settings

    from tests.knowledge.client import KnowledgeApi
    from workspaces.access import Actor

pytestmark = pytest.mark.django_db(transaction=True)
LONG = "Parcels take three days. " * 4000


@pytest.fixture(autouse=True)
def woken(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The drafts that somebody is told to prepare; nobody does but the test."""
    drafts: list[str] = []
    monkeypatch.setattr(preparing, "wake", lambda _workspace_id, draft_id: drafts.append(draft_id))
    monkeypatch.setattr(reading, "wake", lambda _place, _attempt: None)
    return drafts


def place_of(api: KnowledgeApi, alice: Actor, *texts: str) -> Place:
    """A source whose pages say these texts."""
    draft_id = api.new_draft()
    source_id = api.add_text(draft_id, texts[0])["id"]
    place = Place(alice.workspace_id, draft_id, source_id)
    read = tuple(Page(number, text) for number, text in enumerate(texts, 1))
    state = State(status=READY, text=files.keep_pages(draft_id, source_id, read))
    states.put(place, pages.with_counts(state, read))
    return place


def path(place: Place, number: int = 1) -> str:
    return f"/draft/{place.draft_id}/sources/{place.source_id}/pages/{number}"


def in_redis(place: Place) -> int:
    """The bytes of all that Redis keeps beside the draft."""
    redis = get_redis_connection("drafts")
    return sum(redis.memory_usage(key) for key in redis.scan_iter(f"kb:{place.draft_id}:*"))


def beside(place: Place) -> int:
    return files.size_of(place.draft_id)


def test_edited_texts_are_files_that_count_and_are_not_in_redis(
    api: KnowledgeApi, alice: Actor
) -> None:
    place = place_of(api, alice, "Parcels take two days.")
    memory, size = in_redis(place), beside(place)
    assert api.patch(path(place), {"text": LONG}).json()["text"] == LONG
    assert in_redis(place) < memory + 1000
    assert beside(place) == size + len(LONG)
    (kept,) = get_redis_connection("drafts").hvals(f"kb:kept:{alice.workspace_id}")
    assert int(kept.split()[1]) == beside(place)

    assert api.patch(path(place), {"text": LONG[1:]}).json()["text"] == LONG[1:]
    assert beside(place) == size + len(LONG) - 1
    assert api.patch(path(place), {"approved": False}).json()["text"] == LONG[1:]
    copy = creating.duplicate(alice, draft_types.get("kb"), place.draft_id)
    api.patch(path(place), {"text": "Parcels take two days."})
    assert beside(place) == size
    copied = api.get(f"/draft/{copy.id}/sources/{place.source_id}/pages/1").json()
    assert (copied["text"], copied["approved"]) == (LONG[1:], False)


def test_an_edit_that_has_no_room_is_refused_and_the_one_before_stays(
    api: KnowledgeApi, alice: Actor, client: Client, settings: Settings
) -> None:
    place = place_of(api, alice, "Parcels take two days.")
    api.patch(path(place), {"text": "Parcels take four days."})
    settings.KNOWLEDGE_WORKSPACE_BYTES = len(LONG)
    before = api.get(path(place)).json()
    assert api.patch(path(place), {"text": LONG}).status_code == 413
    assert api.get(path(place)).json() == before
    url = f"/w/{alice.workspace.slug}/kb/draft/{place.draft_id}/sources/{place.source_id}/pages/1/"
    answer = signed_in(client, alice).post(url, {"text": LONG}, headers={"HX-Request": "true"})
    assert "Abandon a draft or delete a base" in answer.content.decode()
    assert api.get(path(place)).json() == before
    assert api.patch(path(place), {"approved": False}).status_code == 200


def test_of_changes_at_once_all_are_told(api: KnowledgeApi, alice: Actor) -> None:
    place = place_of(api, alice, *(f"This is page {number}." for number in range(1, 9)))
    for approved in (False, True, False):
        change = partial(page_edits.edit_page, alice, place.draft_id, place.source_id)
        answers = at_once(*(partial(change, n, approved=approved) for n in range(1, 8)))
        assert not any(isinstance(answer, int) for answer in answers)
        state = states.state(place.draft_id, place.source_id)
        assert state is not None
        assert state.pages == (8 if approved else 1)
        used = pages.approved(place.draft_id, place.source_id, state)
        assert state.content_hash == files.hash_of(used)


def test_chunks_are_of_the_pages_that_their_key_is_of(
    api: KnowledgeApi, alice: Actor, woken: list[str]
) -> None:
    place = place_of(api, alice, "Parcels take two days.", "Salaries are a secret.")
    before = states.state(place.draft_id, place.source_id)
    assert before is not None
    pages.leave_out(place, [Page(2, "Salaries are a secret.")])  # and nobody has counted since
    preparing.run(alice.workspace_id, place.draft_id)
    assert woken == [place.draft_id]
    preparing.run(alice.workspace_id, place.draft_id)
    after = states.state(place.draft_id, place.source_id)
    assert after is not None
    assert (before.pages, after.pages) == (2, 1)
    preview = api.get(f"/draft/{place.draft_id}/preview").json()
    assert [each["content"] for each in preview["chunks_preview"]] == ["Parcels take two days."]


def nothing_is_left(place: Place) -> bool:
    redis = get_redis_connection("drafts")
    return (
        not list(redis.scan_iter(f"kb:{place.draft_id}:*"))
        and not redis.zscore(states.READING, str(place))
        and not files.folder_of(place.draft_id).exists()
    )


def test_a_draft_that_is_abandoned_during_a_retry_leaves_nothing_behind(
    api: KnowledgeApi, alice: Actor
) -> None:
    place = place_of(api, alice, "Parcels take two days.")
    found = states.state(place.draft_id, place.source_id)
    api.delete(f"/draft/{place.draft_id}")
    reading.begin(place, found)
    assert nothing_is_left(place)


def test_a_draft_that_is_abandoned_while_a_page_is_edited_leaves_nothing_behind(
    api: KnowledgeApi, alice: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = place_of(api, alice, "Parcels take two days.")
    changed = pages._changed

    def changed_too_late(*given: Any, **what: Any) -> Any:
        api.delete(f"/draft/{place.draft_id}")
        return changed(*given, **what)

    monkeypatch.setattr(pages, "_changed", changed_too_late)
    assert api.patch(path(place), {"text": "Four days."}).status_code in (404, 410)
    assert nothing_is_left(place)


def test_what_was_taken_out_counts_until_the_draft_ends(
    api: KnowledgeApi, settings: Settings
) -> None:
    settings.KNOWLEDGE_WORKSPACE_BYTES = 3 * len(LONG)
    draft_id = api.new_draft()
    answers = []
    for _ in range(4):
        answers.append(api.upload(draft_id, notes__txt=LONG.encode()))
        for source in api.get(f"/draft/{draft_id}").json()["data"].get("sources", []):
            api.delete(f"/draft/{draft_id}/sources/{source['id']}")
    assert [answer.status_code for answer in answers] == [201, 201, 201, 413]
    assert files.size_of(draft_id) == 3 * len(LONG)
    assert api.delete(f"/draft/{draft_id}").status_code == 204
    assert api.upload(api.new_draft(), notes__txt=LONG.encode()).status_code == 201


def test_a_copy_shares_the_files_and_outlives_the_draft(api: KnowledgeApi, alice: Actor) -> None:
    place = place_of(api, alice, "Parcels take two days.")
    api.patch(path(place), {"text": LONG})
    preparing.run(alice.workspace_id, place.draft_id)
    copy = creating.duplicate(alice, draft_types.get("kb"), place.draft_id)
    origins = [one for one in files.folder_of(place.draft_id).rglob("*") if one.is_file()]
    copies = [one for one in files.folder_of(copy.id).rglob("*") if one.is_file()]
    assert {one.stat().st_ino for one in origins} == {one.stat().st_ino for one in copies}
    api.patch(path(place), {"text": "Four days."})
    api.delete(f"/draft/{place.draft_id}")
    theirs = Place(alice.workspace_id, copy.id, place.source_id)
    assert api.get(path(theirs)).json()["text"] == LONG


def test_a_copy_leaves_behind_what_was_taken_out(
    api: KnowledgeApi, alice: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adding, "MOST_KEPT", 2)
    place = place_of(api, alice, "Parcels take two days.")
    gone = api.add_text(place.draft_id, LONG)["id"]
    api.delete(f"/draft/{place.draft_id}/sources/{gone}")
    more = {"name": "More", "content": "Four days."}
    answer = api.post(f"/draft/{place.draft_id}/sources/text", more)
    assert answer.status_code == 409
    assert "Go on in a copy" in answer.json()["detail"]

    copy = creating.duplicate(alice, draft_types.get("kb"), place.draft_id)
    assert files.size_of(copy.id) < len(LONG) < beside(place)
    assert api.post(f"/draft/{copy.id}/sources/text", more).status_code == 201
    api.post(f"/draft/{place.draft_id}/undo")
    assert len(api.sources(place.draft_id)) == 2


def test_chunks_of_a_source_that_was_taken_out_are_not_kept(
    api: KnowledgeApi, alice: Actor
) -> None:
    place = place_of(api, alice, "Parcels take two days.")
    preparing.run(alice.workspace_id, place.draft_id)
    folder = files.folder_of(place.draft_id) / place.source_id
    kept = {one.name for one in folder.iterdir()}
    api.delete(f"/draft/{place.draft_id}/sources/{place.source_id}")
    preparing.run(alice.workspace_id, place.draft_id)
    assert {name for name in kept if name.isalnum()} == {one.name for one in folder.iterdir()}
    api.post(f"/draft/{place.draft_id}/undo")
    preparing.run(alice.workspace_id, place.draft_id)
    assert kept == {one.name for one in folder.iterdir()}
