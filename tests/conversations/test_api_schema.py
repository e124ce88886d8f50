"""Chats, OpenAI's endpoint, what was said: they do what the schema says, whatever they are sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from hypothesis import given

from tests.conversations.conftest import deployed, draft_of
from tests.support.schema import CHECKS, examples, whole_schema
from workspaces import keys

if TYPE_CHECKING:
    from drafts.draft import Draft
    from drafts.models import Entity
    from tests.support.live import Live
    from workspaces.access import Actor

pytestmark = pytest.mark.django_db(transaction=True)
OURS = (
    "/{entity_id}/chat",
    "/preview",
    "/v1/chat/",
    "/v1/models",
    "/leads",
    "/conversations",
    "/analytics",
    "/retention",
    "/prices",
    "/people/",
)
EXAMPLES = examples(15)


@pytest.fixture
def described() -> Any:
    schema = whole_schema()
    found = schema["paths"].items()
    ours = {p: item for p, item in found if any(o in p for o in OURS) and "/kb/" not in p}
    return schemathesis.openapi.from_dict(schema | {"paths": ours})


@pytest.fixture
def bot(bob: Actor, live: Live) -> Entity:
    return deployed(bob.workspace)


@pytest.fixture
def draft(bob: Actor, live: Live) -> Draft:
    return draft_of(bob)


def test_every_answer_is_one_of_those_described(
    described: Any, live: Live, bob: Actor, bot: Entity, draft: Draft
) -> None:
    _, raw = keys.issue(bob.workspace, "server", "manage")
    real = {"entity_id": str(bot.pk), "draft_id": draft.id, "name": bot.slug, "kind": "chatbots"}

    def answers_as_described(case: schemathesis.Case[Any]) -> None:
        path = case.path_parameters or {}
        if len(str(path)) % 2:
            case.path_parameters = {name: real.get(name, value) for name, value in path.items()}
        if isinstance(case.body, dict) and "model" in case.body:
            case.body["model"] = bot.slug
        case.call_and_validate(
            base_url=live.url, headers={"Authorization": f"Bearer {raw}"}, checks=CHECKS
        )

    for found in described.get_all_operations():
        EXAMPLES(given(case=found.ok().as_strategy())(answers_as_described))()


def test_the_asynchronous_views_are_in_the_schema(described: Any) -> None:
    labels = {result.ok().label for result in described.get_all_operations()}
    assert labels == {
        "POST /api/v1/{kind}/draft/{draft_id}/preview",
        "POST /api/v1/{kind}/{entity_id}/chat",
        "GET /api/v1/{kind}/{entity_id}/chat/messages",
        "POST /v1/chat/completions",
        "GET /v1/models",
        "GET /v1/models/{name}",
        "GET /api/v1/conversations",
        "GET /api/v1/conversations/{conversation_id}",
        "DELETE /api/v1/conversations/{conversation_id}",
        "POST /api/v1/conversations/{conversation_id}/take-over",
        "POST /api/v1/conversations/{conversation_id}/messages",
        "POST /api/v1/conversations/{conversation_id}/give-back",
        "GET /api/v1/leads",
        "DELETE /api/v1/leads/{lead_id}",
        "GET /api/v1/analytics",
        "GET /api/v1/analytics/unanswered",
        "GET /api/v1/prices",
        "PUT /api/v1/prices",
        "GET /api/v1/retention",
        "PUT /api/v1/retention",
        "POST /api/v1/people/find",
        "POST /api/v1/people/export",
        "POST /api/v1/people/erase",
    }
