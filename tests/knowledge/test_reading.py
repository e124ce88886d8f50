"""Readings that a worker is told of twice."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from django.db import connections

from knowledge import reading
from knowledge.beside import states
from knowledge.beside.states import Place, State
from tests.servers.website import Reply, WebsiteServer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.knowledge.client import KnowledgeApi
    from workspaces.access import Actor

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def slow(settings: object) -> Iterator[WebsiteServer]:
    """A website whose first page takes a while."""
    settings.OUTBOUND_ALLOWED_HOSTS = ["127.0.0.1"]  # type: ignore[attr-defined]
    with WebsiteServer() as site:
        site.page("/", "We sell coffee machines.", links=["/warranty"])
        site.page("/warranty", "The warranty lasts two years.")
        first = site.reply_to("/")

        def late() -> Reply:
            time.sleep(1)
            return first

        site.answer("/", late)
        yield site


def test_a_website_is_not_crawled_twice_at_once(
    api: KnowledgeApi, alice: Actor, slow: WebsiteServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The worker of other tests may be there: it is told of nothing.
    monkeypatch.setattr(reading, "wake", lambda _place, _attempt: None)
    draft_id = api.new_draft()
    source_id = api.add_website(draft_id, f"{slow.url}/", max_pages=10, max_depth=1)["id"]
    place = Place(alice.workspace_id, draft_id, source_id)
    begun = states.state(draft_id, source_id)
    assert begun is not None

    def read(_time: int) -> None:
        try:
            reading.run(place, begun.attempt)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(read, range(2)))

    found = states.state(draft_id, source_id)
    assert found is not None
    assert (found.status, found.pages) == ("ready", 2)
    assert slow.asked.count("/") == 1
    assert slow.asked.count("/warranty") == 1

    reading.run(place, begun.attempt)
    assert slow.asked.count("/") == 1


def test_a_source_that_too_many_workers_are_lost_over_has_failed(
    api: KnowledgeApi, alice: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "wake", lambda _place, _attempt: None)
    monkeypatch.setattr(states, "PATIENCE", -1)
    draft_id = api.new_draft()
    source_id = api.add_website(draft_id, "https://poison.example/")["id"]
    place = Place(alice.workspace_id, draft_id, source_id)

    def swept() -> State:
        assert reading.sweep() == 1
        found = states.state(draft_id, source_id)
        assert found is not None
        return found

    assert swept().interruptions == 0, "its message was lost, no worker"
    for many in range(1, reading.MOST_INTERRUPTIONS):
        found = states.state(draft_id, source_id)
        assert found is not None
        states.put(place, replace(found, status=states.PARSING))
        assert swept().interruptions == many
    states.put(place, replace(swept(), status=states.PARSING))
    ended = swept()
    assert (ended.status, ended.error) == (
        "failed",
        "Reading it was interrupted 5 times. Try again, or take it out.",
    )
    assert reading.sweep() == 0
    again = api.post(f"/draft/{draft_id}/sources/{source_id}/retry").json()
    assert again["status"] == "pending"
