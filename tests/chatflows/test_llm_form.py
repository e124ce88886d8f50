"""The settings of a language model's node, from the form to the draft and its problems."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
import pytest
from django.test import Client

from chatflows.drawn import drawing_of
from chatflows.renaming import renamed_nodes
from chatflows.summary import summary_of
from tests.drafts.client import Api
from tests.support.people import signed_in

if TYPE_CHECKING:
    from workspaces.access import Actor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("redis_clean")]

MESSAGES = [
    {"role": "system", "text": "You help."},
    {"role": "user", "text": "{{plan}}: {{input}}"},
]


def document(**data: Any) -> dict[str, Any]:
    return {
        "name": "Asks",
        "variables": [{"name": "plan", "type": "text"}],
        "nodes": [
            {"id": "start", "type": "trigger"},
            {"id": "llm1", "type": "llm", "data": data},
            {"id": "say", "type": "response", "data": {"message": "{{llm1}}"}},
        ],
        "edges": [
            {"id": "1", "source": "start", "target": "llm1"},
            {"id": "2", "source": "llm1", "target": "say"},
        ],
    }


class Flows(Api):
    def __init__(self, actor: Actor) -> None:
        super().__init__(actor, "chatflows")

    def begun(self, **data: Any) -> str:
        made = self.post("/draft", document(**data))
        assert made.status_code == 201, made.json()
        return str(made.json()["draft_id"])

    def errors(self, draft_id: str) -> list[tuple[str, str]]:
        found = self.post(f"/draft/{draft_id}/validate", {}).json()["issues"]
        return [(each["path"], each["message"]) for each in found if each["severity"] == "error"]


@pytest.fixture
def flows(bob: Actor) -> Flows:
    return Flows(bob)


def test_messages_are_rows_of_their_own_and_shown_where_they_are_sent(
    flows: Flows, bob: Actor
) -> None:
    draft_id = flows.begun(messages=MESSAGES)
    assert flows.errors(draft_id) == []
    client = signed_in(Client(), bob)
    page = client.get(f"/w/acme/chatflows/draft/{draft_id}/nodes/llm1/").content.decode()
    columns = [
        found
        for part in page.split('<script type="application/json">')[1:]
        if (found := orjson.loads(part.partition("</script>")[0]))[0]["name"] == "role"
    ]
    ((role, text),) = columns
    assert [each["label"] for each in role["options"]] == ["User", "Assistant", "System"]
    assert (text["kind"], text["language"], text["several"]) == ("code", "template", True)
    only_for = "{&quot;prompt_type&quot;:[&quot;messages&quot;]}"
    assert page.count(f'data-only-for="{only_for}"') == 1
    assert 'class="source"' in page


def test_an_incomplete_list_is_kept_and_says_what_is_missing(flows: Flows) -> None:
    draft_id = flows.begun(messages=MESSAGES[:1])
    assert flows.errors(draft_id) == [
        ("nodes.llm1.data.messages", "LLM llm1: Write at least one message of the user")
    ]
    answer = flows.patch(
        f"/draft/{draft_id}", {"data": {"nodes": {"llm1": {"data": {"messages": MESSAGES}}}}}
    )
    assert (answer.status_code, flows.errors(draft_id)) == (200, [])


def test_a_schema_is_kept_as_it_is_typed_and_judged(flows: Flows) -> None:
    draft_id = flows.begun(prompt="x", output_type="schema", output_schema='{"type": ')
    ((path, message),) = flows.errors(draft_id)
    assert path == "nodes.llm1.data.output_schema"
    assert "This is no JSON" in message
    deep: dict[str, Any] = {"type": "object"}
    for _level in range(20):
        deep = {"type": "object", "properties": {"a": deep}}
    data = {"nodes": {"llm1": {"data": {"output_schema": orjson.dumps(deep).decode()}}}}
    assert flows.patch(f"/draft/{draft_id}", {"data": data}).status_code == 200
    ((path, message),) = flows.errors(draft_id)
    assert "nested too deeply" in message
    data = {"nodes": {"llm1": {"data": {"output_schema": "x" * 20_001}}}}
    flows.patch(f"/draft/{draft_id}", {"data": data})
    assert [each[0] for each in flows.errors(draft_id)] == [path]


def test_a_flow_with_both_goes_live(flows: Flows) -> None:
    schema = {"type": "object", "properties": {"a": {"type": "string"}}}
    draft_id = flows.begun(messages=MESSAGES, output_schema=schema)
    answer = flows.post(f"/draft/{draft_id}/deploy", {})
    assert answer.status_code == 200, answer.json()


def test_what_a_card_says_and_what_a_renaming_changes() -> None:
    drawn = document(prompt_type="messages", messages=MESSAGES, prompt="Hidden")
    each = drawing_of(drawn).nodes["llm1"]
    assert summary_of(each, {}) == "{{plan}}: {{input}}"
    assert summary_of(drawing_of(document(prompt="Shown")).nodes["llm1"], {}) == "Shown"
    changed = renamed_nodes(drawn, {"plan": "tariff"})["nodes"]["llm1"]["data"]["messages"]
    assert changed == [MESSAGES[0], {"role": "user", "text": "{{tariff}}: {{input}}"}]
