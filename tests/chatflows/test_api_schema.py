"""Running a flow and a node of it do what the schema says, whatever they are sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from hypothesis import given

from drafts import creating
from drafts.types import draft_types
from tests.chatflows.billing import BILLING
from tests.support.schema import CHECKS, examples, whole_schema
from workspaces import keys

if TYPE_CHECKING:
    from tests.support.live import Live
    from workspaces.access import Actor

pytestmark = pytest.mark.django_db(transaction=True)
EXAMPLES = examples(15)


@pytest.fixture
def described() -> Any:
    schema = whole_schema()
    ours = {p: item for p, item in schema["paths"].items() if p.startswith("/api/v1/chatflows/")}
    return schemathesis.openapi.from_dict(schema | {"paths": ours})


def test_every_answer_is_one_of_those_described(described: Any, live: Live, bob: Actor) -> None:
    _, raw = keys.issue(bob.workspace, "server", "manage")
    draft = creating.create(bob, draft_types.get("chatflow"), BILLING)
    real = {"draft_id": draft.id, "node_id": "condition1"}

    def answers_as_described(case: schemathesis.Case[Any]) -> None:
        path = case.path_parameters or {}
        if len(str(path)) % 2:
            case.path_parameters = {name: real.get(name, value) for name, value in path.items()}
        case.call_and_validate(
            base_url=live.url, headers={"Authorization": f"Bearer {raw}"}, checks=CHECKS
        )

    for found in described.get_all_operations():
        EXAMPLES(given(case=found.ok().as_strategy())(answers_as_described))()


def test_the_views_are_in_the_schema(described: Any) -> None:
    assert {result.ok().label for result in described.get_all_operations()} == {
        "POST /api/v1/chatflows/draft/{draft_id}/execute",
        "POST /api/v1/chatflows/draft/{draft_id}/nodes/{node_id}/run",
        "PUT /api/v1/chatflows/draft/{draft_id}/nodes/{node_id}/pin",
        "DELETE /api/v1/chatflows/draft/{draft_id}/nodes/{node_id}/pin",
        "GET /api/v1/chatflows/draft/{draft_id}/pins",
        "GET /api/v1/chatflows/draft/{draft_id}/runs",
        "GET /api/v1/chatflows/draft/{draft_id}/runs/{run_id}",
        "POST /api/v1/chatflows/draft/{draft_id}/runs/{run_id}/replay",
        "GET /api/v1/chatflows/draft/{draft_id}/tests",
        "POST /api/v1/chatflows/draft/{draft_id}/tests/run",
        "POST /api/v1/chatflows/draft/{draft_id}/tests/stop",
    }
