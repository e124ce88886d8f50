"""Hostile bodies against everything that takes one: refused, never a fault."""

from __future__ import annotations

import json
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest

from drafts import limits
from tests.abuse.hostile import BODIES, FORMS, MEDIA_TYPES, NO_TEXTS
from tests.abuse.senders import senders

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.abuse.scene import Scene
    from tests.servers.model import ModelServer

# To what reads no JSON, such a body is like any other that is no form.
FEW = ("nothing", "not UTF-8", "10,000 deep")
# The members of every JSON body there is.
TEXTS: dict[str, dict[str, Any]] = {
    "api/v1/credentials": {"name": "x", "kind": "http", "values": {"token": "x"}},
    "api/v1/credentials/<uuid:credential_id>": {"name": "x", "values": {"api_key": "x"}},
    "api/v1/hooks": {"target_url": "x", "event": "lead.created", "assistant_id": "x"},
    "api/v1/webhooks": {"url": "x", "events": ["lead.created"], "name": "x", "assistant_id": "x"},
    "api/v1/webhooks/<uuid:subscription_id>": {
        "url": "x",
        "events": ["lead.created"],
        "name": "x",
        "status": "paused",
    },
    "api/v1/<draft_kind:kind>/draft": {"name": "x", "appearance": {"title": "x"}},
    "api/v1/<draft_kind:kind>/draft/import": {"format": "x", "kind": "x", "data": {"name": "x"}},
    "api/v1/<draft_kind:kind>/draft/<str:draft_id>": {
        "data": {"name": "x", "variables": {"x": {"label": "x"}}, "credential_id": "x"},
        "base_version": 1,
        "patch_id": "6a9f0f52-6d8b-4a55-9a58-1d1a3f2f0c11",
    },
    "api/v1/<draft_kind:kind>/draft/<str:draft_id>/restore": {"version": 1},
    "api/v1/<draft_kind:kind>/draft/<str:draft_id>/deploy": {"version": 1},
    "api/v1/kb/draft/<str:draft_id>/finalize": {"version": 1},
    "api/v1/kb/draft/<str:draft_id>/questions/make": {"count": 5},
    "api/v1/kb/draft/<str:draft_id>/sources/text": {"name": "x", "content": "x", "format": "text"},
    "api/v1/kb/draft/<str:draft_id>/sources/website": {
        "url": "https://example.com/",
        "crawl_config": {"max_pages": 1, "include": ["/x"]},
    },
    "api/v1/kb/draft/<str:draft_id>/sources/notion": {"page_id": "x", "credential_id": "x"},
    "api/v1/kb/draft/<str:draft_id>/sources/google_docs": {"file_id": "x", "credential_id": "x"},
    "/sources/<str:source_id>": {"name": "x", "annotations": {"context": "x", "tags": ["x"]}},
    "/pages/<int:number>": {"text": "x", "approved": True},
    "/search": {
        "query": "x",
        "top_k": 1,
        "search_method": "hybrid",
        "score_threshold": 0.5,
        "rerank": True,
    },
    "api/v1/kb/<uuid:entity_id>/documents": {"name": "x", "content": "x"},
    "api/v1/kb/<uuid:entity_id>/documents/<uuid:document_id>": {"enabled": True},
    "api/v1/<talking_kind:kind>/draft/<str:draft_id>/preview": {
        "message": "x",
        "session_id": "x",
        "variables": {"x": "x"},
    },
    "api/v1/<talking_kind:kind>/<uuid:entity_id>/chat": {
        "message": "x",
        "session_id": "x",
        "variables": {"x": "x"},
        "user": "x",
    },
    "api/v1/chatflows/draft/<str:draft_id>/execute": {
        "input": "x",
        "session_id": "x",
        "variables": {"x": "x"},
        "trigger": "webhook",
        "payload": {"body": {"x": "x"}, "headers": {"x": "x"}, "query": {"x": ["x"]}},
    },
    "/start": {"trigger": "webhook", "session_id": "x", "payload": {"body": "x"}},
    "/runs/<str:run_id>/replay": {"node_id": "x"},
    "/nodes/<str:node_id>/pin": {"output": {"x": "x"}, "handle": "x"},
    "/nodes/<str:node_id>/try": {"known": {"x": "x"}},
    "/nodes/<str:node_id>/run": {
        "input": "x",
        "variables": {"x": "x"},
        "outputs": {"x": {"x": "x"}},
    },
    "api/v1/chatflows/draft/<str:draft_id>/tests/run": {"ids": ["x"]},
    "v1/chat/completions": {
        "model": "x",
        "messages": [{"role": "user", "content": "x"}],
        "user": "x",
        "metadata": {"session_id": "x"},
        "stream_options": {"include_usage": True},
    },
    "api/v1/conversations/<uuid:conversation_id>/messages": {"content": "x"},
    "api/v1/prices": {"model": "x", "usd_per_million_in": "1", "usd_per_million_out": "2.5"},
    "api/v1/retention": {"days": 30},
    "api/v1/people/find": {"identifier": "x"},
    "api/v1/people/export": {"identifier": "x"},
    "api/v1/people/erase": {"identifier": "x", "confirmation": "x"},
    "/session": {"session_id": "x", "page": "x", "identity": {"user_id": "x"}, "token": "x"},
    "/messages": {"session_id": "x", "message": "x", "variables": {"x": "x"}, "regenerate": True},
    "/news": {"session_id": "x", "after": "x"},
    "/feedback": {"session_id": "x", "message_id": "x", "value": "up"},
    "/leads": {"session_id": "x", "fields": {"email": "x"}},
    "/reset": {"session_id": "x"},
    "/share": {"session_id": "x"},
}


@pytest.fixture(autouse=True)
def _a_model(model: ModelServer) -> None:
    """Whoever gets through is answered."""


def test_no_body_is_taken_or_breaks_anything(home: Scene) -> None:
    wrong = []
    for sender in senders(home):
        for name in BODIES if sender.reads_json else FEW:
            answer = sender.send(BODIES[name], "application/json")
            refused = 400 <= answer.status_code < 500 or name == "nothing"
            if answer.status_code >= 500 or (sender.reads_json and not refused):
                wrong.append((sender.name, name, answer.status_code))
            elif sender.reads_json and answer.status_code >= 400 and not _is_a_problem(answer):
                wrong.append((sender.name, name, answer["Content-Type"]))
    assert wrong == []


def _is_a_problem(answer: Any) -> bool:
    """RFC 9457, or OpenAI's own shape for its clients."""
    if answer["Content-Type"] == "application/json":
        return set(answer.json()) == {"error"}
    return bool(answer["Content-Type"] == "application/problem+json")


def test_no_media_type_breaks_anything(home: Scene) -> None:
    wrong = []
    for sender in senders(home):
        for media_type in MEDIA_TYPES:
            answer = sender.send(b'{"message": "x"}', media_type)
            other = sender.reads_json and media_type != "application/json"
            if answer.status_code >= 500 or (other and answer.status_code < 400):
                wrong.append((sender.name, media_type, answer.status_code))
    assert wrong == []


def test_no_form_breaks_anything_or_leads_away(home: Scene) -> None:
    wrong = []
    for sender in senders(home):
        for media_type, body in FORMS if not sender.reads_json else FORMS[:1]:
            answer = sender.send(body, media_type)
            away = answer.headers.get("Location", "").startswith(("//", "http", "javascript"))
            if answer.status_code >= 500 or away:
                wrong.append((sender.name, body[:80], answer.status_code))
    assert wrong == []


def test_no_value_breaks_a_field(home: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every member of every body, one after the other, as something that it is not."""
    monkeypatch.setattr(limits, "MOST_DRAFTS", 100_000)
    wrong, tried = [], 0
    for sender in senders(home):
        body = _body_of(sender.route.pattern)
        for path, value in product(_places(body), NO_TEXTS):
            tried += 1
            answer = sender.send(_with(body, path, value), "application/json")
            if answer.status_code >= 500:
                wrong.append((sender.name, path, str(value)[:40], answer.status_code))
    assert wrong == []
    assert tried > 1000


def _body_of(pattern: str) -> dict[str, Any]:
    return TEXTS.get(pattern) or next(
        (b for end, b in TEXTS.items() if end.startswith("/") and pattern.endswith(end)), {}
    )


def _places(value: Any, at: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Where there is a value in ``value``, at every depth."""
    names: Iterable[str | int] = ()
    if isinstance(value, dict):
        names = value.keys()
    elif isinstance(value, list):
        names = range(len(value))
    deeper = [place for name in names for place in _places(value[name], (*at, name))]
    return ([at] if at else []) + deeper


def _with(body: dict[str, Any], path: tuple[str | int, ...], value: object) -> bytes:
    """``body`` with ``value`` at ``path``, as JSON."""
    copy = json.loads(json.dumps(body))
    place = copy
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = value
    return json.dumps(copy).encode()


def test_every_json_body_is_in_the_table(home: Scene) -> None:
    missing = [s.name for s in senders(home) if s.reads_json and not _body_of(s.route.pattern)]
    assert missing == ["post w/<slug:workspace>/<talking_kind:kind>/draft/<str:draft_id>/preview"]
