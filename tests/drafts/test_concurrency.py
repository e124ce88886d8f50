"""Many writers at once against the real store: every accepted change is in the result."""

from __future__ import annotations

import multiprocessing
import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from django_redis import get_redis_connection

from common.problems import Problem
from drafts import creating, editing
from drafts.access import open_draft
from tests.drafts.notes import NoteDraft
from workspaces.access import Actor
from workspaces.models import Role, Workspace

if TYPE_CHECKING:
    from drafts.draft import Draft

WRITERS, PATCHES, FIELDS = 32, 1000, 5
PROCESSES = 4


@pytest.fixture
def someone(redis_clean: None) -> Actor:
    """An editor of a workspace that no table knows: drafts need no database."""
    return Actor(workspace=Workspace(id=uuid4(), name="W", slug="w"), role=Role.EDITOR, label="w")


def write_many(actor: Actor, draft_id: str, writer: int) -> list[int]:
    notes = NoteDraft()
    return [
        editing.patch(
            actor, notes, draft_id, {"labels": {f"w{writer}-{n % FIELDS}": f"{writer}/{n}"}}
        ).version
        for n in range(PATCHES)
    ]


def several_writers(actor: Actor, draft_id: str, writers: list[int], results: Any) -> None:
    """One process with a thread per writer, on connections of its own."""
    get_redis_connection("drafts").connection_pool.reset()
    with ThreadPoolExecutor(len(writers)) as pool:
        found = list(pool.map(lambda writer: write_many(actor, draft_id, writer), writers))
    results.put(found)


@pytest.mark.timeout(280)
def test_thirty_two_writers_lose_nothing(notes: NoteDraft, someone: Actor) -> None:
    draft = creating.create(someone, notes, {"name": "Shared"})
    fork = multiprocessing.get_context("fork")
    results = fork.SimpleQueue()
    processes = [
        fork.Process(
            target=several_writers,
            args=(someone, draft.id, list(range(first, WRITERS, PROCESSES)), results),
        )
        for first in range(PROCESSES)
    ]
    for process in processes:
        process.start()
    versions = [version for _ in processes for writer in results.get() for version in writer]
    for process in processes:
        process.join()

    assert sorted(versions) == list(range(2, WRITERS * PATCHES + 2))
    last = range(PATCHES - FIELDS, PATCHES)
    expected = {f"w{w}-{n % FIELDS}": f"{w}/{n}" for w in range(WRITERS) for n in last}
    final = open_draft(someone, notes, draft.id)
    assert final.data["labels"] == expected
    assert final.version == WRITERS * PATCHES + 1


def storm(actor: Actor, draft: Draft, seed: int) -> dict[int, dict[str, Any]]:
    """Random patches of every sort; by version the first that was answered with it."""
    chance, notes = random.Random(seed), NoteDraft()
    actor = replace(actor, label=str(seed))
    accepted: dict[int, dict[str, Any]] = {}
    for number in range(60):
        item = chance.choice("abcd")
        patch: dict[str, Any] = chance.choice(
            [
                {"sections": {item: {"text": f"{seed}.{number}"}}},
                {"sections": {item: {"weight": chance.randint(0, 9)}}},
                {"sections": {item: None}},
                {"sections": {item: {"fields": {"f": {"label": f"{seed}"}}}}},
                {"sections": [{"id": key} for key in chance.sample("abcd", 2)]},
                {"labels": {item: chance.choice([{"x": number}, {"y": 1}, {}, 5, None])}},
                {"look": chance.choice([None, {"title": "t"}, {"color": "#000000"}])},
                {"labels": {item: {"x": None}}},
            ]
        )
        saved = editing.patch(actor, notes, draft.id, patch)
        accepted.setdefault(saved.version, patch)
    return accepted


def test_every_outcome_is_that_of_some_order(notes: NoteDraft, someone: Actor) -> None:
    """Replaying the accepted patches one after the other, by version, gives the same document."""
    draft = creating.create(someone, notes, {"name": "Shared", "sections": [{"id": "a"}]})
    with ThreadPoolExecutor(8) as pool:
        accepted = dict(enumerate(pool.map(lambda seed: storm(someone, draft, seed), range(8))))
    final = open_draft(someone, notes, draft.id)
    made = [entry for entry in editing.history(someone, notes, draft.id) if entry.version > 1]
    again = creating.create(someone, notes, {"name": "Shared", "sections": [{"id": "a"}]})
    for entry in reversed(made):
        editing.patch(someone, notes, again.id, accepted[int(entry.by)][entry.version])
    replayed = open_draft(someone, notes, again.id).data

    def by_key(data: dict[str, Any]) -> dict[str, Any]:
        return data | {"sections": {s["id"]: s for s in data.get("sections", [])}}

    assert by_key(replayed) == by_key(final.data)


def test_one_place_ends_with_the_last_accepted_value(notes: NoteDraft, someone: Actor) -> None:
    draft = creating.create(someone, notes, {"name": "Shared"})

    def write(writer: int) -> list[tuple[int, str]]:
        kind = NoteDraft()
        values = [f"{writer}/{number}" for number in range(50)]
        return [(editing.patch(someone, kind, draft.id, {"text": v}).version, v) for v in values]

    with ThreadPoolExecutor(8) as pool:
        acked = [entry for part in pool.map(write, range(8)) for entry in part]
    assert sorted(version for version, _value in acked) == list(range(2, 402))
    assert open_draft(someone, notes, draft.id).data["text"] == max(acked)[1]


def test_of_many_writers_with_one_base_exactly_one_wins(notes: NoteDraft, someone: Actor) -> None:
    draft = creating.create(someone, notes, {"name": "Shared"})

    def attempt(writer: int) -> int:
        try:
            editing.patch(someone, notes, draft.id, {"text": str(writer)}, base_version=1)
        except Problem as problem:
            return problem.status
        return 200

    with ThreadPoolExecutor(16) as pool:
        statuses = sorted(pool.map(attempt, range(16)))
    assert statuses == [200] + [409] * 15
