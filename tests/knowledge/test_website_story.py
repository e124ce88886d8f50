"""From a website to answers with its addresses, over the API, with a real worker."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.knowledge.client import wait
from tests.servers.website import WebsiteServer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.knowledge.client import KnowledgeApi

pytestmark = pytest.mark.usefixtures("worker")


@pytest.fixture
def shop() -> Iterator[WebsiteServer]:
    with WebsiteServer() as site:
        site.page("/", "We sell coffee machines.", links=["/warranty", "/shipping", "/terms.pdf"])
        site.page("/warranty", "The warranty lasts two years from the day of purchase.")
        site.page("/shipping", "Parcels take three days. Express parcels take one day.")
        site.put("/terms.pdf", b"%PDF-1.7", "application/pdf")
        yield site


def test_a_website_is_read_deployed_indexed_and_found(
    api: KnowledgeApi, shop: WebsiteServer
) -> None:
    draft_id = api.new_draft()
    added = api.add_website(draft_id, f"{shop.url}/", max_pages=10, max_depth=1)

    source = api.read(draft_id)[0]
    assert (source["status"], source["pages"]) == ("ready", 3), source
    pages = api.get(f"/draft/{draft_id}/sources/{added['id']}/pages").json()["pages"]
    assert [page["url"] for page in pages] == [
        f"{shop.url}/",
        f"{shop.url}/warranty",
        f"{shop.url}/shipping",
    ]
    assert pages[1]["title"] == "Title of /warranty"

    kb_id = api.deployed(draft_id)
    assert api.indexed(kb_id)["status"] == "ready"

    best = api.search(kb_id, "How long do I have a warranty?")[0]
    assert "two years" in best["content"]
    assert best["url"] == f"{shop.url}/warranty"


def test_a_page_is_switched_off_and_on_while_the_base_is_live(
    api: KnowledgeApi, shop: WebsiteServer
) -> None:
    draft_id = api.new_draft()
    source_id = api.add_website(draft_id, f"{shop.url}/", max_pages=10, max_depth=1)["id"]
    api.read(draft_id)
    kb_id = api.deployed(draft_id)
    api.indexed(kb_id)
    found = api.get(f"/{kb_id}/documents").json()["documents"]
    places = {each["url"]: f"/{kb_id}/documents/{each['id']}" for each in found}
    shipping = places[f"{shop.url}/shipping"]
    assert api.patch(shipping, {"enabled": False}).status_code == 200
    assert len(api.get(f"/{kb_id}/documents").json()["documents"]) == 3
    edited = api.post(f"/{kb_id}/draft").json()["draft_id"]
    pages = api.get(f"/draft/{edited}/sources/{source_id}/pages").json()["pages"]
    assert [each["url"] for each in pages if not each["approved"]] == [f"{shop.url}/shipping"]

    for place in places.values():
        assert api.patch(place, {"enabled": False}).status_code == 200
    assert api.patch(shipping, {"enabled": True}).status_code == 200
    api.indexed(kb_id)
    titles = [hit["url"] for hit in api.search(kb_id, "How long do parcels take?")]
    assert [url.partition("#")[0] for url in titles] == [f"{shop.url}/shipping"]
    assert api.delete(places[f"{shop.url}/"]).status_code == 204
    assert len(api.get(f"/{kb_id}/documents").json()["documents"]) == 2


def test_a_website_that_cannot_be_read_says_why(api: KnowledgeApi, shop: WebsiteServer) -> None:
    draft_id = api.new_draft()
    api.add_website(draft_id, f"{shop.url}/terms.pdf")
    api.add_website(draft_id, "http://169.254.169.254/latest/meta-data/")

    pdf, inside = api.read(draft_id)

    assert (pdf["status"], inside["status"]) == ("failed", "failed")
    assert pdf["error"] == (
        "It is not a web page but application/pdf. Download it and upload it as a file instead."
    )
    assert "private network" in inside["error"]


def test_a_crawl_is_stopped_and_the_worker_goes_on(api: KnowledgeApi, shop: WebsiteServer) -> None:
    def drip() -> Iterator[bytes]:
        while not shop.going_away.wait(0.05):
            yield b"<p>"

    shop.stream("/slow", drip)
    draft_id = api.new_draft()
    added = api.add_website(draft_id, f"{shop.url}/slow")
    wait(lambda: "/slow" in shop.asked)

    answer = api.post(f"/draft/{draft_id}/sources/{added['id']}/cancel")

    assert answer.status_code == 200
    assert answer.json()["status"] == "failed"
    api.add_website(draft_id, f"{shop.url}/")
    assert [source["status"] for source in api.read(draft_id)] == ["failed", "ready"]
