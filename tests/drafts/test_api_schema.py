"""The API does what its schema says, whatever it is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from hypothesis import given

from drafts import creating, limits
from privexbot.wsgi import application
from tests.drafts.client import Api
from tests.support.schema import CHECKS, examples, whole_schema

if TYPE_CHECKING:
    from tests.drafts.notes import NoteDraft
    from workspaces.access import Actor

pytestmark = pytest.mark.django_db(transaction=True)
READY = {"name": "N", "text": "t", "deployment": {"channels": [{"type": "web", "enabled": True}]}}
EXAMPLES = examples(12)


@pytest.fixture
def described(notes: NoteDraft) -> Any:
    """The schema of this app's operations, for the test kind."""
    schema = whole_schema()
    ours = {
        path: item for path, item in schema["paths"].items() if path.startswith("/api/v1/{kind}")
    }
    for item in ours.values():
        for operation in item.values():
            for parameter in operation["parameters"]:
                if parameter["name"] == "kind":
                    parameter["schema"] = {"type": "string", "enum": ["notes"]}
    return schemathesis.openapi.from_dict(schema | {"paths": ours})


@pytest.fixture
def api(notes: NoteDraft, alice: Actor) -> Api:
    return Api(alice)


def test_every_answer_is_one_of_those_described(
    described: Any, api: Api, notes: NoteDraft, alice: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MOST_DRAFTS", 100_000)
    headers = {"Authorization": f"Bearer {api.key}"}

    def real(case: schemathesis.Case[Any]) -> dict[str, Any]:
        """The case's path, every other time of something that exists."""
        path = {**(case.path_parameters or {}), "kind": "notes"}
        if "draft_id" in path and len(str(path["draft_id"])) % 2:
            path["draft_id"] = creating.create(alice, notes, READY).id
        elif "entity_id" in path and str(path["entity_id"])[-1:] in "02468ace":
            draft = api.post("/draft", READY).json()["draft_id"]
            path["entity_id"] = api.post(f"/draft/{draft}/deploy").json()["entity_id"]
        return path

    def answers_as_described(case: schemathesis.Case[Any]) -> None:
        case.path_parameters = real(case)
        case.call_and_validate(app=application, headers=headers, checks=CHECKS)

    for found in described.get_all_operations():
        EXAMPLES(given(case=found.ok().as_strategy())(answers_as_described))()


def test_the_schema_has_no_gaps(described: Any) -> None:
    operations = [result.ok() for result in described.get_all_operations()]
    assert len(operations) == 29
    for operation in operations:
        statuses = set(operation.definition.raw["responses"])
        assert {"401", "403", "404", "503"} <= statuses, operation.label
