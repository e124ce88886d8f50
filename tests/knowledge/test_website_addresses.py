"""The address of a website holds no password, at whichever door it comes in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from common.schema import names_a_user

if TYPE_CHECKING:
    from tests.knowledge.client import KnowledgeApi

WITH_USER = (
    *("http://user:pw@host.example/", "https://user@host.example", "HTTPS://:pw@host.example"),
    *("user:pw@host.example/docs", r"http:\\user:pw@host.example", " https://user:pw@host.example"),
    "https:user:pw@host.example",
)
WITHOUT = (
    *("https://host.example/@user", "https://host.example/a?b=c@d", "host.example/#a@b"),
    *("https://host.example:8080/", "", "host.example"),
)


@pytest.mark.parametrize(
    "url",
    ["http://", "ftp://x.y/", "file:///etc/passwd", "https://a b/", "", "http://0177.0.0.1/"],
)
def test_what_is_no_web_address_makes_no_source(api: KnowledgeApi, url: str) -> None:
    draft_id = api.new_draft()
    answer = api.post(f"/draft/{draft_id}/sources/website", {"url": url})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["path"] == "url"
    assert "sources" not in api.get(f"/draft/{draft_id}").json()["data"]


@pytest.mark.parametrize("url", WITH_USER)
def test_an_address_with_a_user_is_never_kept(api: KnowledgeApi, url: str) -> None:
    draft_id = api.new_draft()
    source = {"id": "src_0123456789", "type": "website", "url": url}
    exported = api.get(f"/draft/{draft_id}/export").json()
    answers = (
        api.post(f"/draft/{draft_id}/sources/website", {"url": url}),
        api.patch(f"/draft/{draft_id}", {"data": {"sources": [source]}}),
        api.post("/draft/import", {**exported, "data": {"name": "M", "sources": [source]}}),
    )
    for answer in answers:
        assert answer.status_code == 422, answer.content
        assert "pw" not in answer.content.decode()
    assert not api.get(f"/draft/{draft_id}").json()["data"].get("sources")


@pytest.mark.parametrize("url", WITHOUT)
def test_others_may_hold_what_they_like(url: str) -> None:
    assert not names_a_user(url)
