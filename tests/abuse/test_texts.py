"""Code in every text, odd words of models, addresses that lead inside."""

from __future__ import annotations

import json
import re
import time
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from conversations.markdown import rendered
from conversations.models import Message
from conversations.turn import LONGEST_ANSWER
from drafts import creating
from drafts.types import draft_types
from tests.abuse.hostile import CODE, INSIDE, NO_ADDRESSES
from tests.abuse.routes import routes
from tests.abuse.scene import document
from tests.servers.model import Reply
from tests.widget.hostile_words import CORPUS
from workspaces.models import Role

if TYPE_CHECKING:
    from tests.abuse.scene import Scene
    from tests.servers.model import ModelServer

CANARY = "CANARY-SETTING"


# What an assistant without tools is to do nothing about.
CALLS_A_TOOL = json.dumps(
    {
        "choices": [
            {
                "message": {
                    "content": "fine",
                    "tool_calls": [
                        {
                            "id": "1",
                            "type": "function",
                            "function": {"name": "execute", "arguments": '{"command": "id"}'},
                        }
                    ],
                },
                "finish_reason": "tool_calls",
            }
        ]
    }
)


def post(client: Client, path: str, body: dict[str, Any]) -> Any:
    return client.post(path, json.dumps(body), content_type="application/json")


def test_code_in_a_prompt_a_variable_and_an_answer_stays_what_it_is(
    home: Scene, model: ModelServer, settings: Any
) -> None:
    """The one thing that is filled in is a declared name in the instructions."""
    settings.SECRET_KEY = CANARY + settings.SECRET_KEY
    kind = draft_types.get("chatbot")
    for text in CODE:
        told = text.strip() or "x"
        prompt = f"<<{text}>>"
        draft = creating.create(home.owner, kind, document(home.mark, system_prompt=prompt))
        model.reply(Reply(chunks=(told,)))
        answer = post(
            home.program(),
            f"/api/v1/chatbots/draft/{draft.id}/preview",
            {"message": told, "variables": {"visitor_name": told[:1900]}},
        )
        assert answer.status_code == 200, (text, answer.content)
        assert answer.json()["message"] == told, text
        asked = model.chats[-1]
        assert asked.question == told, text
        if "visitor_name" not in text:
            assert prompt in asked.prompt, text
        assert CANARY not in asked.prompt


def test_code_in_every_field_of_a_draft_is_stored_literally(home: Scene) -> None:
    fields = {
        "name": "n",
        "description": "d",
        "category": "c",
        "system_prompt": "s",
        "model": "m",
        "appearance": {"title": "t", "welcome_message": "w", "placeholder": "p"},
        "lead_capture": {"title": "t", "consent_text": "c"},
    }
    path = f"/api/v1/chatbots/draft/{home.draft.id}"
    for text in CODE:
        data = json.loads(json.dumps(fields), object_hook=partial(_all, text))
        sent = home.program().patch(
            path, json.dumps({"data": data}), content_type="application/json"
        )
        assert sent.status_code == 200, sent.content
        kept = home.program().get(path).json()["data"]
        assert kept["name"] == kept["appearance"]["title"] == kept["system_prompt"] == text
        assert home.program().post(f"{path}/validate").status_code == 200


def _all(text: str, one: dict[str, Any]) -> dict[str, Any]:
    return {name: text if isinstance(value, str) else value for name, value in one.items()}


@pytest.mark.parametrize(
    ("name", "reply"),
    {
        "NUL": Reply(chunks=("a\0b",)),
        "too many tokens": Reply("fine", prompt_tokens=10**12, completion_tokens=2**31),
        "tokens below nothing": Reply("fine", prompt_tokens=-1, completion_tokens=-(10**12)),
        "a tool nobody offered": Reply(body=CALLS_A_TOOL),
        "numbers": Reply('1e999 NaN [1]*10**9 __import__("os").system("x")'),
        "an event of ours": Reply(chunks=("x\n\nevent: done\ndata: {}\n\n",)),
        "bidirectional": Reply("\u202e\u2066\u200b\ufeff\u2028"),
        "a long word": Reply("x" * 200_000),
    }.items(),
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_whatever_a_model_says_the_turn_is_kept(
    home: Scene, model: ModelServer, name: str, reply: Reply
) -> None:
    model.reply(reply)
    answer = post(home.program(), f"/api/v1/chatbots/{home.live.pk}/chat", {"message": name})
    assert answer.status_code == 200, answer.content
    kept = Message.objects.filter(conversation__session_id=answer.json()["session_id"])
    assert [message.role for message in kept] == ["user", "assistant"]
    assert kept[1].content == answer.json()["message"].replace("\0", "")


def test_markdown_becomes_harmless_html_quickly() -> None:
    mutations = [f"{open_}{text}{close}" for text in CORPUS for open_, close in WRAPS]
    for text in mutations:
        html = str(rendered(text))
        tags = set(re.findall(r"<\s*/?\s*([a-zA-Z][\w-]*)", html))
        assert tags <= TAGS, text
        assert not re.search(r"<[^>]*\s(?:on\w+|style|src|hx-|x-)", html), text
        for address in re.findall(r'href="([^"]*)"', html):
            assert address.startswith(("http://", "https://", "mailto:")), text
    for evil in (each * LONGEST_ANSWER for each in ("[", "*_", "> ", "`", "![")):
        began = time.process_time()
        rendered(evil)
        assert time.process_time() - began < 2


WRAPS = (("", ""), ("**", "**"), ("> ", ""), ("[", "](https://a.test)"), ("&#x3c;b>", "&lt;"))
TAGS = {
    *("a", "blockquote", "br", "code", "em", "hr", "li", "ol", "p", "pre", "s", "strong", "ul"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "table", "tbody", "td", "th", "thead", "tr"),
}


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_no_spelling_of_a_credentials_address_leads_inside(
    home: Scene, model_server: ModelServer, settings: Any, scheme: str
) -> None:
    """Stored or not, tried or not: nothing on this machine is called."""
    settings.OUTBOUND_ALLOWED_HOSTS = []
    port = model_server.url.split(":")[2].split("/")[0]
    for host in INSIDE:
        made = post(
            home.program(),
            "/api/v1/credentials",
            {
                "name": "x",
                "kind": "llm",
                "values": {
                    "api_key": "sk-test-0123456789",
                    "base_url": f"{scheme}://{host}:{port}/v1",
                    "provider": "openai_compatible",
                },
            },
        )
        assert made.status_code in {201, 422}, host
        if made.status_code == 201:
            from_the_service = _test(home, made.json()["id"])
            assert from_the_service["ok"] is False, host
    assert model_server.requests == []


def _test(scene: Scene, credential_id: str) -> Any:
    answer = scene.program().post(f"/api/v1/credentials/{credential_id}/test")
    assert answer.status_code == 200, answer.content
    return answer.json()


@pytest.fixture(autouse=True)
def _often(monkeypatch: pytest.MonkeyPatch) -> None:
    """How often a credential may be tried is another test's affair."""
    monkeypatch.setattr("common.limits.Limit.wait", lambda *_: 0)


@pytest.mark.parametrize("address", NO_ADDRESSES)
def test_what_is_no_address_of_the_web_is_none_of_a_credential_or_a_picture(
    home: Scene, address: str
) -> None:
    values = {"api_key": "sk-test-0123456789", "base_url": address}
    made = post(
        home.program(), "/api/v1/credentials", {"name": "x", "kind": "llm", "values": values}
    )
    if made.status_code == 201:
        assert made.json()["host"] in {"evil.test", "models.example.com"}
        assert "evil" in made.json()["host"] or "evil" not in address
    else:
        assert made.status_code in {400, 422}
    picture = home.program().patch(
        f"/api/v1/chatbots/draft/{home.draft.id}",
        json.dumps({"data": {"appearance": {"avatar_url": address}}}),
        content_type="application/json",
    )
    if picture.status_code == 200:
        report = home.program().post(f"/api/v1/chatbots/draft/{home.draft.id}/validate").json()
        script = re.match(r"\s*(javascript|data|file|ftp|gopher|dict):", address)
        assert not (report["valid"] and script)


@pytest.mark.parametrize("end", ["%00", "\u202e", "%ff", "%2e%2e", ";x", ".", "%0d%0aX: y"])
def test_odd_ends_of_addresses_break_nothing(home: Scene, end: str) -> None:
    """In the place of every name in every address."""
    browser, program = home.client(Role.OWNER), home.program()
    for route in routes():
        for name in route.names:
            path = route.path(home, **{name: home.values.get(name, "x") + end})
            for client in (program,) if route.is_api else (browser, Client()):
                for method in ("get", "post"):
                    answer = getattr(client, method)(
                        path, headers={"Origin": "https://shop.example"}
                    )
                    assert answer.status_code < 500, (method, route.pattern, name)
