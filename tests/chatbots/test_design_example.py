"""The design document's chatbot goes the whole way through the API, from a name to an answer."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from drafts.models import Entity
from tests.chatbots.example import design_chatbot
from tests.servers.model import Reply
from tests.support.checked_api import CheckedApi
from workspaces import credentials, keys

if TYPE_CHECKING:
    from tests.servers.model import ModelServer
    from workspaces.access import Actor

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("redis_clean", "connections_returned"),
]
BASE = "/api/v1/chatbots"


@pytest.fixture
def api(bob: Actor) -> CheckedApi:
    return CheckedApi(BASE, keys.issue(bob.workspace, "server", "manage", by=bob)[1])


@pytest.fixture
def example(bob: Actor) -> dict[str, Any]:
    """The example with a knowledge base and bots of Acme's own."""
    base = Entity.objects.create(workspace=bob.workspace, kind="kb", name="Docs", slug="docs")

    def bot(kind: str) -> str:
        values = {"bot_token": "123456:AAabcdefghijklmnopqrstuvwxyz0123456"}
        return str(credentials.create(bob, name=kind, kind=kind, values=values).pk)

    return design_chatbot(kb_id=str(base.pk), telegram=bot("telegram"), discord=bot("discord"))


async def events(answer: Any) -> list[tuple[str, Any]]:
    """What was streamed, without what is different each time."""
    text = b"".join([part async for part in answer.streaming_content]).decode()
    found = []
    for block in text.split("\n\n"):
        if block.startswith("event: "):
            name, data = block.split("\n", 1)
            told = json.loads(data.removeprefix("data: "))
            for volatile in ("message_id", "latency_ms", "session_id"):
                told.pop(volatile, None)
            found.append((name.removeprefix("event: "), told))
    return found


async def test_from_a_name_to_an_answer(
    api: CheckedApi, example: dict[str, Any], model: ModelServer
) -> None:
    first = {"name": "My Chatbot", "category": "customer_support"}
    created = (await api("POST", "/draft", first, 201)).json()
    draft = f"/draft/{created['draft_id']}"
    saved = (await api("PATCH", draft, {"data": example})).json()
    assert saved["status"] == "saved"
    kept = (await api("GET", draft)).json()
    assert kept["data"] == _without_nothing(example)

    report = (await api("POST", f"{draft}/validate")).json()
    assert (report["valid"], report["errors"]) == (True, [])
    plan = (await api("GET", f"{draft}/plan")).json()
    assert {c["type"]: c["action"] for c in plan["channels"]} == {
        "website": "register",
        "telegram": "register",
    }

    model.default = Reply("Gladly.")
    asked = {"message": "Hello", "variables": {"user_email": "ana@example.com"}}
    sse = "text/event-stream"
    previewed = await events(await api("POST", f"{draft}/preview", asked, accept=sse))

    deployed = (await api("POST", f"{draft}/deploy")).json()
    assert deployed["status"] == "deployed"
    website = deployed["channels"]["website"]
    assert website["status"] == "success"
    assert website["allowed_domains"] == ["example.com", "*.example.com"]
    assert website["embed_code"].count("<script") == 2
    assert deployed["api_key"] not in website["embed_code"]
    assert deployed["channels"]["telegram"]["status"] == "pending"

    chat = CheckedApi(BASE, deployed["api_key"])
    live = await events(await chat("POST", f"/{deployed['chatbot_id']}/chat", asked, accept=sse))
    assert live == previewed
    assert live[-1][1]["message"] == "Gladly."
    # Each answer is followed by the question for suggestions.
    assert [chat.json for chat in model.chats[:2]] == [chat.json for chat in model.chats[2:]]


async def test_what_is_missing_is_told_in_the_designs_words(api: CheckedApi) -> None:
    created = (await api("POST", "/draft", {"category": "customer_support"}, 201)).json()
    draft = f"/draft/{created['draft_id']}"
    report = (await api("POST", f"{draft}/validate")).json()
    assert report["errors"] == ["Name is required", "System prompt is required"]
    assert "No knowledge bases configured" in report["warnings"]
    refused = (await api("POST", f"{draft}/deploy", expect=422)).json()
    assert refused["errors"] == report["errors"]
    typed = {"data": {"temperature": "hot"}}
    wrong = (await api("PATCH", draft, typed, 422)).json()
    assert wrong["errors"][0]["path"] == "data.temperature"


def _without_nothing(value: Any) -> Any:
    """A merge patch removes what it sets to null; a list is taken as it is."""
    if not isinstance(value, dict):
        return value
    return {k: _without_nothing(v) for k, v in value.items() if v is not None}
