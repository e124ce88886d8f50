"""A flow with test cases, a client of its API, and a worker that is this process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatflows import tasks
from tests.drafts.client import Api

if TYPE_CHECKING:
    from workspaces.access import Actor

BILLING: dict[str, Any] = {
    "name": "Billing",
    "nodes": [
        {"id": "start", "type": "trigger"},
        {"id": "ask", "type": "collect_input", "data": {"question": "Your order's number?"}},
        {
            "id": "llm1",
            "type": "llm",
            "data": {
                "label": "Intent",
                "prompt": "{{input}}",
                "output": [{"name": "intent", "type": "text"}],
            },
        },
        {"id": "is_bill", "type": "condition", "data": {"condition": "llm1.intent == 'billing'"}},
        {"id": "bill", "type": "response", "data": {"message": "Order {{ask}}: your bill."}},
        {"id": "other", "type": "response", "data": {"message": "Something else."}},
    ],
    "edges": [
        {"id": "1", "source": "start", "target": "ask"},
        {"id": "2", "source": "ask", "target": "llm1"},
        {"id": "3", "source": "llm1", "target": "is_bill"},
        {"id": "4", "source": "is_bill", "sourceHandle": "true", "target": "bill"},
        {"id": "5", "source": "is_bill", "sourceHandle": "false", "target": "other"},
    ],
}
INTENT = '{"intent": "billing"}'


def expect(kind: str, value: str = "") -> dict[str, str]:
    return {"kind": kind, "value": value}


def case(id_: str, *messages: str, **more: Any) -> dict[str, Any]:
    return {"id": id_, "name": id_.title(), "messages": list(messages), **more}


class CaseApi(Api):
    """Speaks for ``actor`` about one draft with test cases; ``sent`` is what workers are told."""

    def __init__(self, actor: Actor, sent: list[tuple[str, tuple[str, ...]]]) -> None:
        super().__init__(actor, "chatflows")
        self.sent, self.draft_id = sent, ""

    def begin(self, *cases: dict[str, Any], **more: Any) -> None:
        made = self.post("/draft", {**BILLING, "test_cases": list(cases), **more})
        assert made.status_code == 201, made.json()
        self.draft_id = made.json()["draft_id"]

    def of_draft(self, path: str, body: dict[str, Any] | None = None) -> Any:
        return self.post(f"/draft/{self.draft_id}{path}", body or {})

    def change(self, **data: Any) -> None:
        answer = self.patch(f"/draft/{self.draft_id}", {"data": data})
        assert answer.status_code == 200, answer.json()

    def work(self) -> None:
        """Do what workers were told."""
        while self.sent:
            _task, arguments = self.sent.pop(0)
            tasks.play_cases(*arguments)

    def run(self, *ids: str) -> dict[str, Any]:
        """What came of them, by id."""
        answer = self.of_draft("/tests/run", {"ids": list(ids)} if ids else {})
        assert answer.status_code == 202, answer.json()
        self.work()
        return self.results

    @property
    def told(self) -> dict[str, Any]:
        found: dict[str, Any] = self.get(f"/draft/{self.draft_id}/tests").json()
        return found

    @property
    def results(self) -> dict[str, Any]:
        return {each["id"]: each for each in self.told["results"]}

    @property
    def states(self) -> dict[str, str]:
        return {name: each["state"] for name, each in self.results.items()}

    def issues(self) -> list[tuple[str, str, str]]:
        found = self.of_draft("/validate").json()["issues"]
        ours = (each for each in found if each["path"].startswith("test_cases"))
        return [(each["severity"], each["path"], each["message"]) for each in ours]
