"""The billing example of the product's design with a base that answers, in preview and live."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest

from knowledge.models import KnowledgeBase
from tests.chatflows.billing import BILLING
from tests.drafts.client import Api

if TYPE_CHECKING:
    from tests.knowledge.client import KnowledgeApi
    from tests.servers.model import ModelServer
    from workspaces.access import Actor

pytestmark = pytest.mark.usefixtures("worker")
QUESTION = "How much is the yearly plan?"
INTENT = '{"intent": "billing"}'


@pytest.fixture
def kb_id(api: KnowledgeApi) -> str:
    draft_id = api.new_draft(name="Prices")
    api.add_text(draft_id, "The yearly plan costs ninety euros.", "Price list")
    api.read(draft_id)
    made = api.deployed(draft_id)
    api.indexed(made)
    return made


def drawn(kb_id: str) -> dict[str, Any]:
    document = deepcopy(BILLING)
    document["nodes"][3]["data"]["kb_id"] = kb_id
    document["nodes"][1]["data"] |= {"provider": None}
    return document


def test_the_example_answers_from_a_base_in_preview_and_live(
    alice: Actor, kb_id: str, model: ModelServer
) -> None:
    flows = Api(alice, "chatflows")
    draft_id = flows.post("/draft", drawn(kb_id)).json()["draft_id"]
    report = flows.post(f"/draft/{draft_id}/validate").json()
    assert (report["valid"], report["errors"]) == (True, [])
    model.reply(INTENT)
    said = flows.post(f"/draft/{draft_id}/preview", {"message": QUESTION}).json()
    assert said["message"] == "The yearly plan costs ninety euros. [1]"
    (citation,) = said["citations"]
    assert citation["title"] == "Price list"
    deployed = flows.post(f"/draft/{draft_id}/deploy").json()
    assert deployed["status"] == "deployed"
    model.reply(INTENT)
    live = flows.post(f"/{deployed['chatflow_id']}/chat", {"message": QUESTION}).json()
    assert live["message"] == said["message"]
    assert live["citations"] == said["citations"]


def test_a_base_for_chatbots_only_is_none_of_a_flows(
    alice: Actor, kb_id: str, model: ModelServer
) -> None:
    flows = Api(alice, "chatflows")
    draft_id = flows.post("/draft", drawn(kb_id)).json()["draft_id"]
    KnowledgeBase.objects.filter(pk=kb_id).update(context="chatbot")
    model.reply(INTENT)
    said = flows.post(f"/draft/{draft_id}/preview", {"message": QUESTION}).json()
    assert said["message"].startswith("I have no answer to that.")
    assert said["citations"] == []
