"""A draft keeps what is half-typed or out of range; every address of it still answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from django.test import Client

from tests.abuse.routes import routes
from tests.knowledge.test_evaluating import QUESTIONS, Evaluated
from tests.support.people import signed_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.abuse.routes import Route
    from tests.knowledge.client import KnowledgeApi
    from workspaces.access import Actor

pytestmark = pytest.mark.usefixtures("worker")
STEPS = ("basic", "sources", "chunks", "search", "evaluate")
EDIT = "edit_0123456789"
# What ends the draft or never ends, and what would be brought in as a file.
APART = ("events/", "abandon/", "deploy-now/", "deploy", "finalize", "undo", "restore")
HALF_TYPED: dict[str, dict[str, Any]] = {
    "a small chunk": {"chunking_config": {"chunk_size": 5}},
    "a huge chunk": {"chunking_config": {"chunk_size": 10**9}},
    "an overlap as large as the chunk": {"chunking_config": {"chunk_overlap": 180}},
    "a negative overlap": {"chunking_config": {"chunk_overlap": -1}},
    "many passages": {"retrieval_config": {"top_k": 99}},
    "a relevance of more than all": {"retrieval_config": {"score_threshold": 7}},
    "dimensions": {"embedding_config": {"dimensions": 0}},
    "no model": {"embedding_config": {"provider": "openai_compatible"}},
    "a credential that is gone": {
        "embedding_config": {
            "provider": "openai_compatible",
            "model": "m",
            "credential_id": str(uuid4()),
        }
    },
    "an edit of nothing": {"chunk_edits": {EDIT: {"id": EDIT}}},
    "an edit without originals": {
        "chunk_edits": {EDIT: {"id": EDIT, "source_id": "src_0123456789", "originals": []}}
    },
    "an edit to nothing": {
        "chunk_edits": {
            EDIT: {"id": EDIT, "source_id": "{source}", "originals": ["a"], "texts": []}
        }
    },
    "half a question": {"test_questions": {"q_1": {"id": "q_1", "question": "Why?"}}},
    "a source of which little is known": {
        "sources": {"src_0123456789": {"id": "src_0123456789", "type": "website"}}
    },
    "a source cut too small": {
        "sources": {"{source}": {"id": "{source}", "chunking_config": {"chunk_size": 1}}}
    },
    "a crawl of no page": {
        "sources": {
            "src_0123456789": {
                "id": "src_0123456789",
                "type": "website",
                "url": "nowhere",
                "crawl_config": {"max_pages": 0},
            }
        }
    },
}


def of_drafts() -> Iterator[Route]:
    for route in routes():
        of_bases = "<str:draft_id>" in route.pattern and "talking_kind" not in route.pattern
        if of_bases and not route.pattern.endswith(APART):
            yield route


def filled(given: Any, source_id: str) -> Any:
    """``given`` with the id of the source that there is."""
    if isinstance(given, dict):
        return {filled(k, source_id): filled(v, source_id) for k, v in given.items()}
    return given.replace("{source}", source_id) if isinstance(given, str) else given


def asked(
    route: Route, values: dict[str, str], browser: Client, api: KnowledgeApi
) -> Iterator[Any]:
    """What the route answers, to looking and to doing."""
    steps = STEPS if "<slug:step>" in route.pattern else ("",)
    for step in steps:
        path = "/" + route.pattern
        for name, value in {**values, "slug:step": step}.items():
            path = path.replace(f"<{name}>", value)
        if route.is_api:
            headers = {"Authorization": f"Bearer {api.key}"}
            yield browser.get(path, headers=headers)
            body: Any = {"query": "warranty"} if path.endswith("/search") else {}
            yield browser.post(path, body, content_type="application/json", headers=headers)
        else:
            yield browser.get(path, {"q": "warranty"})
            yield browser.get(path, {"q": "warranty"}, headers={"HX-Request": "true"})
            yield browser.post(path, {"op": "switch", "position": 0, "seen": "", "text": "Text"})


@pytest.mark.parametrize("wrong", HALF_TYPED)
def test_no_address_of_a_draft_fails(api: KnowledgeApi, alice: Actor, wrong: str) -> None:
    tested = Evaluated(api)
    tested.bring(QUESTIONS)
    tested.evaluated()
    tested.patch(**filled(HALF_TYPED[wrong], tested.source_id))
    browser = signed_in(Client(raise_request_exception=False), alice)
    values = {
        "slug:workspace": "acme",
        "str:draft_id": tested.draft_id,
        "slug:kind": "kb",
        "draft_kind:kind": "kb",
        "str:source_id": tested.source_id,
        "int:number": "1",
        "str:type_": "notion",
    }
    failed = [
        f"{answer.request['REQUEST_METHOD']} {answer.request['PATH_INFO']}: {answer.status_code}"
        for route in of_drafts()
        for answer in asked(route, values, browser, api)
        if answer.status_code == 500
    ]
    lists = [browser.get("/w/acme/kb/").status_code, api.get("/draft").status_code]
    assert (failed, lists) == ([], [200, 200])


@pytest.mark.parametrize(
    ("wrong", "step"), [("a small chunk", "Chunks"), ("many passages", "Search")]
)
def test_the_step_to_mend_is_named(api: KnowledgeApi, wrong: str, step: str) -> None:
    tested = Evaluated(api)
    tested.patch(**HALF_TYPED[wrong])
    tested.bring(QUESTIONS)
    for answer in (
        api.post(f"/draft/{tested.draft_id}/search", {"query": "warranty"}),
        api.post(f"/draft/{tested.draft_id}/evaluate"),
    ):
        assert answer.status_code == 409
        assert f"step “{step}”" in answer.json()["detail"]
    assert tested.told["status"] == "none"


def test_a_source_says_what_it_is_before_it_is_kept(api: KnowledgeApi) -> None:
    draft_id = api.new_draft()
    sources = {"src_0123456789": {"id": "src_0123456789"}}
    answer = api.patch(f"/draft/{draft_id}", {"data": {"sources": sources}})
    assert answer.status_code == 422
    assert "does not say what it is" in answer.json()["errors"][0]["message"]
    assert api.get(f"/draft/{draft_id}").json()["data"].get("sources", []) == []
