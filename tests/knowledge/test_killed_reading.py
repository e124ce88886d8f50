"""Readings whose worker is killed, and the next one: nothing is lost, and nothing there twice."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING, Any

import pytest

from knowledge import reading
from knowledge.beside import files, states
from tests.knowledge.client import wait
from tests.knowledge.killing import elsewhere, later, work_elsewhere, work_here
from tests.servers.website import WebsiteServer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from knowledge.beside.states import State
    from tests.knowledge.client import KnowledgeApi
    from tests.knowledge.killing import Message

pytestmark = pytest.mark.django_db(transaction=True)
POINTS = ("reading.claimed", "reading.read", "reading.kept")
MANUAL = "\n\n".join(f"# Part {n}\n\nSentence about part {n}. It is cleaned." for n in range(30))
PATHS = [f"/{n}" for n in range(6)]


def state_of(draft_id: str, source_id: str) -> State:
    found = states.state(draft_id, source_id)
    assert found is not None
    return found


def files_of(draft_id: str, source_id: str) -> set[str]:
    return {path.name for path in files.path_of(draft_id, source_id, "").iterdir()}


def followed_up(sent: list[Message]) -> None:
    """The next worker comes when the one before has not been heard of for long enough."""
    sent.clear()
    assert reading.sweep() == 0, "whoever was killed still has the source"
    later()
    assert reading.sweep() == 1
    work_here(sent.pop())
    assert sent == []
    assert reading.sweep() == 0


@pytest.mark.parametrize("point", POINTS)
def test_a_file_is_read_once(point: str, api: KnowledgeApi, sent: list[Message]) -> None:
    draft_id = api.new_draft()
    twin, killed = (
        api.upload(draft_id, manual__md=MANUAL.encode()).json()["sources"][0]["id"]
        for _time in range(2)
    )
    lost = sent.pop()
    work_here(sent.pop())
    beside = state_of(draft_id, twin)
    assert beside.status == "ready"

    assert work_elsewhere(lost, point) == -signal.SIGKILL
    assert state_of(draft_id, killed).status == "parsing"
    followed_up(sent)

    after = state_of(draft_id, killed)
    assert (after.status, after.interruptions, after.notes) == ("ready", 1, ())
    read = files.pages(draft_id, killed, after.text)
    assert read == files.pages(draft_id, twin, beside.text)
    assert after.content_hash == beside.content_hash
    assert files_of(draft_id, killed) == {after.original, after.text}

    work_here(lost)  # the broker gives it out again
    assert state_of(draft_id, killed) == after
    assert state_of(draft_id, twin) == beside
    assert files_of(draft_id, twin) == {beside.original, beside.text}


@pytest.fixture
def site(settings: object) -> Iterator[WebsiteServer]:
    """A website of some pages, each of which leads to the next."""
    settings.OUTBOUND_ALLOWED_HOSTS = ["127.0.0.1"]  # type: ignore[attr-defined]
    with WebsiteServer() as server:
        publish(server, "at first")
        yield server


def publish(site: WebsiteServer, when: str) -> None:
    for path, following in zip(PATHS, [*PATHS[1:], "/0"], strict=True):
        site.page(path, f"What {path} said {when}.", links=[following])


def kill_amid(site: WebsiteServer, message: Message) -> None:
    """Kill who reads the site when three of its pages are read and the fourth is on its way."""

    def drip() -> Iterator[bytes]:
        while not site.going_away.wait(0.05):
            yield b"<p>"

    site.asked.clear()
    site.stream("/3", drip)
    with elsewhere(message) as worker:
        wait(lambda: "/3" in site.asked)
        worker.kill()
        assert worker.wait(10) == -signal.SIGKILL


def test_a_website_is_read_to_its_end(
    api: KnowledgeApi, site: WebsiteServer, sent: list[Message]
) -> None:
    draft_id = api.new_draft()
    source_id = api.add_website(draft_id, f"{site.url}/0", max_pages=20, max_depth=9)["id"]
    kill_amid(site, sent.pop())
    assert state_of(draft_id, source_id).text == "", "no page is shown before all are read"

    publish(site, "in the end")
    followed_up(sent)

    pages = pages_of(api, draft_id, source_id)
    assert [page["url"] for page in pages] == [f"{site.url}{path}" for path in PATHS]
    assert all("in the end" in page["text"] for page in pages)
    after = state_of(draft_id, source_id)
    assert (after.status, after.pages) == ("ready", len(PATHS))
    assert files_of(draft_id, source_id) == {after.text}


def test_a_website_that_is_read_again_keeps_its_pages_until_then(
    api: KnowledgeApi, site: WebsiteServer, sent: list[Message]
) -> None:
    draft_id = api.new_draft()
    source_id = api.add_website(draft_id, f"{site.url}/0", max_pages=20, max_depth=9)["id"]
    work_here(sent.pop())
    before = pages_of(api, draft_id, source_id)
    place = f"/draft/{draft_id}/sources/{source_id}"
    assert api.patch(f"{place}/pages/2", {"approved": False}).status_code == 200

    publish(site, "later on")
    assert api.post(f"{place}/retry").status_code == 200
    kill_amid(site, sent.pop())
    assert [page["text"] for page in pages_of(api, draft_id, source_id)] == [
        page["text"] for page in before
    ]

    publish(site, "later on")
    followed_up(sent)
    after = pages_of(api, draft_id, source_id)
    assert [page["url"] for page in after] == [page["url"] for page in before]
    assert all("later on" in page["text"] for page in after)
    assert [page["number"] for page in after if not page["approved"]] == [2]
    assert state_of(draft_id, source_id).pages == len(PATHS) - 1


def pages_of(api: KnowledgeApi, draft_id: str, source_id: str) -> list[dict[str, Any]]:
    answer = api.get(f"/draft/{draft_id}/sources/{source_id}/pages")
    found: list[dict[str, Any]] = answer.json()["pages"]
    return found
