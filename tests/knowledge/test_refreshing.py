"""Websites that are read again by themselves: what changed goes live, what fails does no harm."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from django.db import connections
from django.utils import timezone

from knowledge import reading
from knowledge.beside import states
from knowledge.live import refreshing
from knowledge.models import SourceRefresh
from tests.servers.website import Reply, WebsiteServer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.knowledge.client import KnowledgeApi

pytestmark = pytest.mark.usefixtures("worker")


@pytest.fixture
def website() -> Iterator[WebsiteServer]:
    with WebsiteServer() as site:
        yield site


@pytest.fixture
def kb_id(api: KnowledgeApi, website: WebsiteServer, settings: object) -> str:
    """A live base of a website that is read again every day."""
    settings.OUTBOUND_ALLOWED_HOSTS = ["127.0.0.1"]  # type: ignore[attr-defined]
    say(website, "The shop opens at nine.")
    draft_id = api.new_draft()
    source = api.add_website(draft_id, f"{website.url}/")
    api.read(draft_id)
    api.patch(f"/draft/{draft_id}/sources/{source['id']}", {"refresh": "daily"})
    made = api.deployed(draft_id)
    api.indexed(made)
    return made


def say(website: WebsiteServer, words: str) -> None:
    website.page("/", words)


def due(kb_id: str) -> SourceRefresh:
    row = SourceRefresh.objects.get(base_id=UUID(kb_id))
    assert row.due_at > timezone.now() + timedelta(hours=23)
    SourceRefresh.objects.update(due_at=timezone.now())
    return row


def test_what_changed_goes_live(api: KnowledgeApi, kb_id: str, website: WebsiteServer) -> None:
    row = due(kb_id)
    refreshing.run(row.pk)
    assert api.get(f"/{kb_id}").json()["version"] == 1  # nothing has changed

    say(website, "The shop opens at ten.")
    row = due(kb_id)
    refreshing.run(row.pk)
    api.indexed(kb_id)
    assert api.get(f"/{kb_id}").json()["version"] == 2
    assert "opens at ten" in api.search(kb_id, "When does the shop open?")[0]["content"]
    assert api.get("/draft").json()["results"] == []


def test_what_fails_changes_nothing_and_is_told(
    api: KnowledgeApi, kb_id: str, website: WebsiteServer
) -> None:
    row = due(kb_id)
    website.fail("/", 500)
    refreshing.run(row.pk)
    row.refresh_from_db()
    assert row.error
    assert timezone.now() < row.due_at < timezone.now() + timedelta(hours=2)
    assert api.get(f"/{kb_id}").json()["version"] == 1
    assert "opens at nine" in api.search(kb_id, "When does the shop open?")[0]["content"]
    assert api.get("/draft").json()["results"] == []


def test_what_takes_long_is_not_read_twice_at_once(kb_id: str, website: WebsiteServer) -> None:
    row = due(kb_id)
    page = website.reply_to("/")
    website.asked.clear()

    def late() -> Reply:
        time.sleep(1)
        return page

    def run(wait: float) -> None:
        try:
            time.sleep(wait)
            refreshing.run(row.pk)
        finally:
            connections.close_all()

    website.answer("/", late)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(run, (0, 0.3)))
    assert website.asked.count("/") == 1


@pytest.fixture
def several(api: KnowledgeApi, website: WebsiteServer, settings: object) -> Several:
    """A live base of three pages that are read again every day, the last of them left out."""
    settings.OUTBOUND_ALLOWED_HOSTS = ["127.0.0.1"]  # type: ignore[attr-defined]
    return Several(api, website)


class Several:
    def __init__(self, api: KnowledgeApi, website: WebsiteServer) -> None:
        self.api, self.website = api, website
        website.page("/", "The shop opens at nine.", links=["/prices", "/staff"])
        website.page("/prices", "A machine costs ninety euros.")
        website.page("/staff", "Salaries are a million.")
        draft_id = api.new_draft()
        self.source_id = api.add_website(draft_id, f"{website.url}/")["id"]
        api.read(draft_id)
        source = f"/draft/{draft_id}/sources/{self.source_id}"
        api.patch(source, {"refresh": "daily"})
        api.patch(f"{source}/pages/3", {"approved": False})
        self.kb_id = api.deployed(draft_id)
        api.indexed(self.kb_id)

    def refreshed(self) -> SourceRefresh:
        """How the refresh went, once it is indexed."""
        row = due(self.kb_id)
        refreshing.run(row.pk)
        self.api.indexed(self.kb_id)
        row.refresh_from_db()
        return row

    def delete(self, path: str) -> None:
        documents = self.api.get(f"/{self.kb_id}/documents").json()["documents"]
        (wanted,) = [each for each in documents if each["url"] == f"{self.website.url}{path}"]
        answer = self.api.delete(f"/{self.kb_id}/documents/{wanted['id']}")
        assert answer.status_code == 204, answer.json()

    @property
    def live(self) -> str:
        """All that can be found."""
        return str(self.api.search(self.kb_id, "shop machine salaries", top_k=50))


def test_a_page_that_was_left_out_or_deleted_stays_out_whatever_it_says(several: Several) -> None:
    several.delete("/prices")
    several.website.page("/", "The shop opens at ten.", links=["/news", "/prices", "/staff"])
    several.website.page("/news", "There is a new machine.")
    several.website.page("/prices", "A machine costs a hundred euros.")
    several.website.page("/staff", "Salaries are two millions.")
    assert several.refreshed().error == ""
    assert "opens at ten" in several.live
    assert "a new machine" in several.live
    assert "euros" not in several.live
    assert "million" not in several.live


def test_a_reading_that_somebody_else_took_over_is_no_success(several: Several) -> None:
    def takes_over() -> Reply:
        several.website.fail("/staff", 404)
        (place,) = states.overdue(now=time.time() + 3600)
        reading.begin(place, states.state(place.draft_id, place.source_id))
        return Reply(404)

    several.website.answer("/staff", takes_over)
    row = several.refreshed()
    assert "interrupted" in row.error
    assert row.refreshed_at is None
    assert several.api.get(f"/{several.kb_id}").json()["version"] == 1


def test_a_page_that_cannot_be_had_for_now_keeps_its_text(several: Several) -> None:
    several.website.page("/", "The shop opens at ten.", links=["/prices", "/staff"])
    several.website.fail("/prices", 503)
    assert several.refreshed().error == ""
    assert "opens at ten" in several.live
    assert "ninety euros" in several.live

    version = several.api.get(f"/{several.kb_id}").json()["version"]
    assert several.refreshed().error == ""
    assert several.api.get(f"/{several.kb_id}").json()["version"] == version

    several.website.fail("/prices", 404)
    assert several.refreshed().error == ""
    assert "euros" not in several.live


def test_pages_behind_one_that_cannot_be_had_for_now_stay(several: Several) -> None:
    several.website.page("/prices", "A machine costs ninety euros.", links=["/used", "/old"])
    several.website.page("/used", "A used machine costs forty euros.")
    several.website.page("/old", "An old machine costs ten euros.")
    several.refreshed()
    assert "forty euros" in several.live

    several.website.fail("/prices", 500)
    several.website.fail("/old", 410)
    several.refreshed()
    assert "ninety euros" in several.live
    assert "forty euros" in several.live
    assert "ten euros" not in several.live


def test_a_base_that_changes_often_is_read_again_all_the_same(
    api: KnowledgeApi, kb_id: str
) -> None:
    row = due(kb_id)
    added = api.post(f"/{kb_id}/documents", {"name": "News", "content": "New."})
    assert added.status_code == 202
    api.indexed(kb_id)
    row.refresh_from_db()
    assert row.due_at < timezone.now()


def test_a_source_that_is_off_is_not_read_again(several: Several) -> None:
    api = several.api
    draft_id = api.post(f"/{several.kb_id}/draft").json()["draft_id"]
    api.add_text(draft_id, "Something else.")
    api.patch(f"/draft/{draft_id}/sources/{several.source_id}", {"enabled": False})
    api.deployed(draft_id)
    api.indexed(several.kb_id)
    assert not SourceRefresh.objects.exists()
