"""The whole API does what its schema says, whatever it is sent.

``ABUSE_EXAMPLES`` sends more than the few of an ordinary run.
"""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from hypothesis import given
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode

from drafts import creating, limits
from knowledge import adding
from privexbot.wsgi import application
from tests.abuse.senders import drafted
from tests.support.schema import CHECKS, examples, whole_schema
from workspaces import credentials

if TYPE_CHECKING:
    from tests.abuse.scene import Scene
    from tests.servers.model import ModelServer

pytestmark = pytest.mark.django_db(transaction=True)
MOST = int(os.environ.get("ABUSE_EXAMPLES", "8"))
EXAMPLES = examples(MOST)


@pytest.fixture
def described() -> Any:
    return schemathesis.openapi.from_dict(whole_schema())


def test_every_answer_is_one_of_those_described(
    described: Any, home: Scene, model: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MOST_DRAFTS", 100_000)
    monkeypatch.setattr(credentials, "MAX_PER_WORKSPACE", 100_000)
    monkeypatch.setattr("common.limits.Limit.wait", lambda *_: 0)
    headers = {"Authorization": f"Bearer {home.manage_key}"}
    broken: dict[str, str] = {}

    def send(case: schemathesis.Case[Any]) -> None:
        case.path_parameters = existing(case, home)
        try:
            case.call_and_validate(app=application, headers=headers, checks=CHECKS)
        except AssertionError as error:
            broken.setdefault(f"{case.method} {case.path}", str(error)[:1500])
        except schemathesis.errors.SchemathesisError as error:
            broken.setdefault(f"{case.method} {case.path}", str(error)[:1500])

    for found in described.get_all_operations():
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            strategy = found.ok().as_strategy(generation_mode=mode)
            with suppress(Unsatisfiable):  # nothing about it can be wrong
                EXAMPLES(given(case=strategy)(send))()
    assert broken == {}


def existing(case: schemathesis.Case[Any], scene: Scene) -> dict[str, Any]:
    """The case's path with things that exist, three times of four."""
    path = dict(case.path_parameters or {})
    if sum(map(ord, str(path))) % 4 == 0:
        return path
    of_kb = case.path.startswith("/api/v1/kb/")
    known = scene.values | {"kind": "chatbots", "number": "1"}
    if of_kb:
        known["entity_id"] = scene.values["base_id"]
    if case.path.startswith("/api/v1/chatflows/"):
        known |= {"kind": "chatflows", "entity_id": scene.values["flow_id"]}
    if case.method == "DELETE":
        known.pop("credential_id")
        known.pop("entity_id")
    found = {name: known.get(name, value) for name, value in path.items()}
    if "draft_id" in found:
        kind, data = drafted(case.path, scene.mark)
        found["draft_id"] = creating.create(scene.owner, kind, data).id
    if of_kb and "source_id" in found:
        added = adding.add_text(scene.owner, found["draft_id"], "Text", "Words.", "markdown")
        found["source_id"] = added["id"]
    return found


def test_every_address_of_the_api_is_described(described: Any) -> None:
    operations = {
        f"{o.method.upper()} {o.path}" for o in (r.ok() for r in described.get_all_operations())
    }
    assert len(operations) >= 35
    assert "POST /v1/chat/completions" in operations
    assert "POST /api/v1/{kind}/{entity_id}/chat" in operations
    assert "GET /api/v1/conversations" in operations
