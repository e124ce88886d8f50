"""What names a source, an edit or a question is checked at every door, and stops no sweep."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from django_redis import get_redis_connection

from drafts import editing, merging
from drafts.types import draft_types
from knowledge import reading, tasks
from knowledge.beside import files, states, sweeping
from knowledge.beside.states import Place, State
from knowledge.indexing import work
from knowledge.live import refreshing, removing
from knowledge.sources import kind_of
from knowledge.sources.base import Reading, UnreadError
from knowledge.steps import STEPS
from tests.support.people import signed_in

if TYPE_CHECKING:
    from django.test import Client

    from tests.knowledge.client import KnowledgeApi
    from workspaces.access import Actor

WEBSITE = {"type": "website", "url": "https://example.com/"}
QUESTION = {"question": "How long?", "expected": "Three days."}
EDIT = {"source_id": "src_0123456789", "originals": ["a"], "texts": ["b"]}
BAD = (
    *(("sources", name, WEBSITE) for name in ("a b", "..", "src_a/../../etc", "src_1", "x")),
    ("sources", "src_0123456789\n", WEBSITE),
    ("chunk_edits", "edit_ 123456789", EDIT),
    ("test_questions", "q_/", QUESTION),
)


@pytest.mark.parametrize(("name", "key", "item"), BAD)
def test_a_bad_id_is_refused_at_every_door(
    api: KnowledgeApi, name: str, key: str, item: dict[str, Any]
) -> None:
    draft_id = api.new_draft()
    listed, by_key = {name: [{"id": key, **item}]}, {name: {key: {"id": key, **item}}}
    exported = api.get(f"/draft/{draft_id}/export").json()
    answers = (
        api.patch(f"/draft/{draft_id}", {"data": listed}),
        api.patch(f"/draft/{draft_id}", {"data": by_key}),
        api.post("/draft", {"data": {"name": "Manual", **listed}}),
        api.post("/draft/import", {**exported, "data": {"name": "Manual", **listed}}),
    )
    for answer in answers:
        assert answer.status_code == 422, answer.content
        (error,) = answer.json()["errors"]
        assert error["path"] == f"data.{name}.{key}.id"
        assert "must look like" in error["message"]
    assert not api.get(f"/draft/{draft_id}").json()["data"].get(name)


def test_a_source_is_not_renamed_to_a_path(api: KnowledgeApi) -> None:
    draft_id = api.new_draft()
    source_id = api.add_text(draft_id, "Text.")["id"]
    patch = {"data": {"sources": {source_id: {"id": ".."}}}}
    assert api.patch(f"/draft/{draft_id}", patch).status_code == 422
    assert [source["id"] for source in api.sources(draft_id)] == [source_id]


@pytest.mark.parametrize("item", [{}, {"type": None}, {"name": "Only a name"}])
def test_a_source_that_does_not_say_what_it_is_is_refused(
    api: KnowledgeApi, item: dict[str, Any]
) -> None:
    draft_id = api.new_draft()
    patch = {"data": {"sources": {"src_0123456789": item}}}
    answer = api.patch(f"/draft/{draft_id}", patch)
    assert answer.status_code == 422
    assert "does not say what it is" in answer.content.decode()


@pytest.fixture
def older(api: KnowledgeApi, alice: Actor, monkeypatch: pytest.MonkeyPatch) -> str:
    """A draft from before what names its sources was checked."""
    draft_id = api.new_draft()
    sources = {"a b": WEBSITE, "src_0123456789": {"name": "Of no kind"}}
    with monkeypatch.context() as unchecked:
        unchecked.setattr(merging, "new_type_errors", lambda *_: [])
        editing.patch(alice, draft_types.get("kb"), draft_id, {"sources": sources})
    return draft_id


@pytest.mark.parametrize("page", [*(step.name for step in STEPS), "problems", "plan"])
def test_the_builder_of_an_older_draft_opens(
    client: Client, alice: Actor, older: str, page: str
) -> None:
    address = f"/w/{alice.workspace.slug}/kb/draft/{older}/{page}/"
    assert signed_in(client, alice).get(address).status_code == 200


def test_an_older_draft_is_judged_and_not_read(api: KnowledgeApi, older: str) -> None:
    assert api.post(f"/draft/{older}/validate").json()["valid"] is False
    assert api.post(f"/draft/{older}/finalize").status_code == 422
    assert api.get(f"/draft/{older}/plan").status_code < 500
    assert api.get(f"/draft/{older}/preview").status_code < 500
    for path in ("retry", "stop"):
        assert api.post(f"/draft/{older}/sources/a%20b/{path}").status_code == 404


def test_what_is_of_no_kind_is_not_read() -> None:
    with pytest.raises(UnreadError, match="does not say what it is"):
        kind_of({}).read({}, Reading(None, print, print, lambda: False))


def test_one_bad_entry_stops_no_sweep(
    api: KnowledgeApi, alice: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever came into the list, the others in it are looked after, and the other sweeps run."""
    swept: list[str] = []

    def broken() -> int:
        swept.append("")
        raise RuntimeError

    for module in (work, refreshing, removing, sweeping):
        monkeypatch.setattr(module, "sweep", broken)
    lost = [Place(alice.workspace_id, "draft_kb_gone", name) for name in ("a b c", "src_012345678")]
    for place in lost:
        states.put(place, State(attempt="1"))
        states.alive(place, -1)
    redis = get_redis_connection("drafts")
    redis.zadd(states.READING, {"nonsense": 1, f"{uuid4()}": 2})
    tasks.sweep()
    assert len(swept) == 4
    assert sorted(redis.zrange(states.READING, 0, -1)) == []
    assert reading.sweep() == 0


@pytest.mark.parametrize("source_id", ["..", ".", "", "a b", "src_1/../..", "src_01234567\n"])
def test_a_file_lies_in_the_folder_of_its_draft(source_id: str) -> None:
    for act in (
        lambda: files.path_of("draft_kb_x", source_id, "name"),
        lambda: files.keep("draft_kb_x", source_id, [b"x"]),
        lambda: files.remove_source("draft_kb_x", source_id),
    ):
        with pytest.raises(ValueError, match="no ID of a source"):
            act()
