"""The settings of an agent in the builder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
import pytest
from django.test import Client

from drafts import creating, validation
from drafts.types import draft_types
from workspaces.models import Credential

if TYPE_CHECKING:
    from workspaces.access import Actor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("redis_clean")]

GONE = "00000000-0000-4000-8000-000000000000"
TOOL = {"id": "way1", "name": "weather", "description": "x", "parameters": ["city"]}


def document(credential: object) -> dict[str, Any]:
    servers = [{"url": "https://mcp.example.com/", "credential_id": str(credential)}]
    return {
        "name": "Tools",
        "nodes": [
            {"id": "start", "type": "trigger"},
            {"id": "agent1", "type": "agent", "data": {"tools": [TOOL], "servers": servers}},
        ],
    }


@pytest.fixture
def credentials(bob: Actor) -> dict[str, Credential]:
    made = {}
    for kind in (Credential.Kind.HTTP, Credential.Kind.LLM):
        made[str(kind)] = Credential(workspace_id=bob.workspace_id, kind=kind, name=f"Of {kind}")
        made[str(kind)].save()
    return made


def test_a_server_s_credential_is_chosen_from_those_for_http(
    bob: Actor, credentials: dict[str, Credential]
) -> None:
    http = credentials["http"]
    draft = creating.create(bob, draft_types.get("chatflow"), document(http.pk))
    client = Client()
    assert bob.user
    client.force_login(bob.user)
    page = client.get(f"/w/{bob.workspace.slug}/chatflows/draft/{draft.id}/nodes/agent1/")
    text = page.content.decode()
    (columns,) = [
        found
        for part in text.split('<script type="application/json">')[1:]
        if (found := orjson.loads(part.partition("</script>")[0]))[0]["name"] == "url"
    ]
    assert columns[1]["options"] == [
        {"value": "", "label": "None"},
        {"value": str(http.pk), "label": "Of http"},
    ]
    assert [each["kind"] for each in columns] == ["text", "select", "lines"]


def test_a_server_s_credential_that_is_gone_is_a_problem(
    bob: Actor, credentials: dict[str, Credential]
) -> None:
    kind = draft_types.get("chatflow")
    words = "The chosen credential no longer exists. Choose another one."
    for chosen, count in ((credentials["http"].pk, 0), (credentials["llm"].pk, 1), (GONE, 1)):
        draft = creating.create(bob, kind, document(chosen))
        found = [each for each in validation.issues(draft, bob) if str(each.message) == words]
        assert [(each.path, each.node_id) for each in found] == [
            ("nodes.agent1.data.servers", "agent1")
        ] * count


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (("", ""), ("0.name", "Name each tool: letters, digits and _, and no digit first")),
        (("find", "find"), ("1.name", "Two tools are called find")),
    ],
)
def test_only_names_that_are_there_are_there_twice(
    bob: Actor, names: tuple[str, str], told: tuple[str, str]
) -> None:
    flow = document(GONE)
    tools = [{**TOOL, "id": f"way{place}", "name": name} for place, name in enumerate(names)]
    flow["nodes"][1]["data"] = {"tools": tools}
    draft = creating.create(bob, draft_types.get("chatflow"), flow)
    [found] = [each for each in validation.issues(draft, bob) if "tools" in each.path]
    setting, words = told
    assert found.path == f"nodes.agent1.data.tools.{setting}"
    assert words in str(found.message)


@pytest.mark.parametrize(
    ("more", "setting"),
    [
        ({"name": "two words"}, "name"),
        ({"description": " "}, "description"),
        ({"parameters": ["order id text which"]}, "parameters"),
        ({"parameters": ["city", "city: number"]}, "parameters"),
    ],
)
def test_what_is_wrong_with_a_tool_is_told_at_its_own_box(
    bob: Actor, more: dict[str, Any], setting: str
) -> None:
    flow = document(GONE)
    wrong = {**TOOL, "id": "way2", "name": "orders", **more}
    flow["nodes"][1]["data"] = {"tools": [TOOL, wrong]}
    draft = creating.create(bob, draft_types.get("chatflow"), flow)
    paths = [each.path for each in validation.issues(draft, bob) if "tools" in each.path]
    assert paths == [f"nodes.agent1.data.tools.1.{setting}"]
