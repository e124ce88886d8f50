"""A kind that is not like a chatbot: what it adds and leaves out, by registration alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import Client

from drafts.types import draft_types
from tests.drafts.archive import ARCHIVE
from tests.drafts.client import Api
from tests.support.people import signed_in
from workspaces.models import ApiKey

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workspaces.access import Actor

pytestmark = pytest.mark.urls("tests.drafts.archive")
READY = {"name": "Papers", "text": "t"}


@pytest.fixture
def api(redis_clean: None, alice: Actor) -> Iterator[Api]:
    with draft_types.temporarily("archive", ARCHIVE):
        yield Api(alice, "archives")


@pytest.fixture
def draft_id(api: Api) -> str:
    made: str = api.post("/draft", READY).json()["draft_id"]
    return made


def test_it_answers_at_addresses_of_its_own(api: Api, draft_id: str) -> None:
    for method, path in (("GET", "preview"), ("POST", "preview"), ("POST", "sources/upload")):
        answer = api.call(method, f"/draft/{draft_id}/{path}")
        assert answer.json() == {"draft_id": draft_id, "method": method}
    assert api.post(f"/draft/{draft_id}/chat").status_code == 404


def test_it_says_in_its_own_words_how_far_it_is(api: Api, draft_id: str) -> None:
    answer = api.post(f"/draft/{draft_id}/finalize").json()
    assert (answer["archive_id"], answer["status"]) == (answer["entity_id"], "processing")
    assert api.post(f"/draft/{draft_id}/deploy").json() == answer
    assert api.get("").json()["results"][0]["status"] == "indexing"
    assert api.get(f"/{answer['entity_id']}").json()["status"] == "indexing"


def test_what_it_knows_beside_the_document_is_shown_and_deployed_as_part_of_it(
    api: Api, draft_id: str
) -> None:
    api.call("PATCH", f"/draft/{draft_id}", {"data": {"text": "three plain words", "count": 99}})
    assert api.get(f"/draft/{draft_id}").json()["data"]["count"] == 3

    entity_id = api.post(f"/draft/{draft_id}/finalize").json()["entity_id"]
    assert api.get(f"/{entity_id}").json()["data"]["count"] == 3


def test_what_does_not_talk_has_no_key_to_talk_to_it(api: Api, draft_id: str) -> None:
    keys = ApiKey.objects.count()
    assert api.post(f"/draft/{draft_id}/deploy").json()["api_key"] is None
    assert ApiKey.objects.count() == keys


def test_its_versions_have_pages_without_any_of_its_own(
    api: Api, draft_id: str, alice: Actor
) -> None:
    entity_id = api.post(f"/draft/{draft_id}/deploy").json()["entity_id"]
    client = signed_in(Client(), alice)
    place = f"/w/acme/archives/{entity_id}/"
    again = client.post(f"{place}edit/")["Location"]
    assert client.post(f"{place}edit/")["Location"] == again
    second = again.rstrip("/").rsplit("/", 1)[-1]
    api.patch(f"/draft/{second}", {"data": {"text": "other"}})
    api.post(f"/draft/{second}/deploy")
    versions = client.get(f"{place}versions/").content.decode()
    assert "Papers" in versions
    assert "Changes since version 1" in versions
    assert "other" in client.get(f"{place}versions/2/changes/").content.decode()
    assert "Go back to version 1?" in client.get(f"{place}versions/1/rollback/").content.decode()
    client.post(f"{place}versions/1/rollback/", {"live": "2"})
    assert api.get(f"/{entity_id}").json()["data"]["text"] == "t"


def test_its_builder_has_no_chat_and_speaks_of_no_channels(
    api: Api, draft_id: str, alice: Actor
) -> None:
    client = signed_in(Client(), alice)
    place = f"/w/acme/archives/draft/{draft_id}/"
    builder = client.get(f"{place}basic/").content.decode()
    assert "widget.js" not in builder
    assert 'data-panel-toggle="preview"' not in builder
    plan = client.get(f"{place}plan/").content.decode()
    assert "Ready to deploy?" in plan
    assert "channel" not in plan.lower()
