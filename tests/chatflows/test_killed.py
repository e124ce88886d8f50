"""Conversations with a flow that asks, in a product that is killed while they wait."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.servers.model import Reply
from tests.support.product import Product, free_port, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.servers.model import ModelServer

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at processes in /proc")

ASKS: dict[str, Any] = {
    "name": "Ask, then answer",
    "nodes": [
        {"id": "start", "type": "trigger"},
        {"id": "ask", "type": "collect_input", "data": {"question": "Your order's number?"}},
        {"id": "answer", "type": "llm", "data": {"prompt": "Look for {{ask}}"}},
        {"id": "end", "type": "response", "data": {"message": "{{ask}}: {{answer}}"}},
    ],
    "edges": [
        {"id": "1", "source": "start", "target": "ask"},
        {"id": "2", "source": "ask", "target": "answer"},
        {"id": "3", "source": "answer", "target": "end"},
    ],
}


@pytest.fixture
def product(tmp_path_factory: pytest.TempPathFactory, model: ModelServer) -> Iterator[Product]:
    started = Product(tmp_path_factory.mktemp("flows") / "var", free_port())
    started.env["LLM_BASE_URL"] = model.url
    started.start()
    yield started
    started.end()


class Flows:
    """The product's API of chatflows, by one key."""

    def __init__(self, product: Product, key: str) -> None:
        self.url = f"{product.url}/api/v1/chatflows"
        self.headers = {"Authorization": f"Bearer {key}"}

    def post(self, path: str, **body: Any) -> Any:
        answer = httpx.post(
            self.url + path, json=body, headers=self.headers, trust_env=False, timeout=60
        )
        assert answer.is_success, answer.text
        return answer.json()


def test_a_conversation_that_waits_survives_a_kill(product: Product, model: ModelServer) -> None:
    manager = Flows(product, product.manage("api_key", "--workspace", "demo").strip())
    draft_id = manager.post("/draft", **ASKS)["draft_id"]
    live = manager.post(f"/draft/{draft_id}/deploy")
    visitor, chat = Flows(product, live["api_key"]), f"/{live['chatflow_id']}/chat"
    previewed_id = manager.post("/draft", **ASKS)["draft_id"]
    preview = f"/draft/{previewed_id}/execute"
    tried = manager.post(preview, input="Where is it?")
    asked = visitor.post(chat, message="Where is it?")
    assert tried["output"] == asked["message"] == "Your order's number?"

    product.end()
    product.start()
    model.reply("on its way", Reply("never told", hang=True), "in Graz")

    assert manager.post(preview, input="A1", session_id=tried["session_id"])["output"] == (
        "A1: on its way"
    )
    again = {"message": "B2", "session_id": asked["session_id"]}
    before = len(model.chats)
    with ThreadPoolExecutor(1) as beside:
        lost = beside.submit(visitor.post, chat, **again)
        wait_until(lambda: len(model.chats) > before)
        product.end()
        assert isinstance(lost.exception(30), httpx.TransportError)
    product.start()

    assert visitor.post(chat, **again)["message"] == "B2: in Graz"
    assert model.chats[-1].prompt.strip() == "Look for B2"
