"""What a draft's recorded runs came to, in brief: read once, and brought up to date."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import orjson
import pytest
from django.utils import timezone
from django_redis import get_redis_connection

from chatflows.drawn import drawing_of
from chatflows.runs.digest import MOST_BYTES, in_brief
from chatflows.runs.last import last_values, read_by
from conversations import preview, preview_runs

if TYPE_CHECKING:
    from collections.abc import Mapping

WORKSPACE = uuid4()
DRAFT = "d_1"
FLOW: dict[str, Any] = {
    "nodes": [
        {"id": "llm1", "type": "llm", "data": {"prompt": "Hi"}},
        {"id": "other", "type": "template", "data": {"template": "Hi"}},
        {"id": "end", "type": "response", "data": {"message": "{{llm1.text}} {{other.text}}"}},
    ]
}


@pytest.fixture(autouse=True)
def _clean(redis_clean: None) -> None:
    del redis_clean


def ran(run_id: str, at: float, outputs: Mapping[str, Any], **more: Any) -> None:
    record: dict[str, Any] = {
        "id": run_id,
        "at": at,
        "message": f"Message {run_id}",
        "variables": {},
        "state": {},
        "steps": [{"node_id": name, "output": output} for name, output in outputs.items()],
        **more,
    }
    preview_runs.keep(WORKSPACE, DRAFT, record, timezone.now() + timedelta(hours=1))


def spoil(run_id: str) -> None:
    """Whoever reads this record fails."""
    get_redis_connection("drafts").set(f"run:{DRAFT}:{run_id}", b"unreadable")


def text(output: str) -> dict[str, str]:
    return {"text": output}


def test_only_what_came_since_is_read() -> None:
    assert last_values(DRAFT).outputs == {}
    ran("a", 1, {"llm1": text("One"), "other": text("Two")}, variables={"plan": "pro"})
    assert last_values(DRAFT).given["plan"] == "pro"
    spoil("a")
    assert last_values(DRAFT).outputs["llm1"] == text("One")
    ran("c", 3, {"llm1": text("Three")})
    found = last_values(DRAFT)
    assert found.outputs == {"llm1": text("Three"), "other": text("Two")}
    assert found.given["input"] == "Message c"
    spoil("c")
    # One that was asked for before the newest, and ended after it.
    ran("b", 2, {"llm1": text("Old"), "other": text("Newer")})
    found = last_values(DRAFT)
    assert found.outputs == {"llm1": text("Three"), "other": text("Newer")}
    assert found.given["input"] == "Message c"


def test_what_fell_out_is_not_told_any_more() -> None:
    ran("first", 0, {"other": text("Gone")})
    assert "other" in last_values(DRAFT).outputs
    for number in range(1, preview_runs.MOST_OF_DRAFT + 1):
        ran(f"{number}", number, {"llm1": text(f"{number}")})
    assert last_values(DRAFT).outputs == {"llm1": text("20")}
    preview.forget(DRAFT)
    assert last_values(DRAFT).outputs == {}
    assert not get_redis_connection("drafts").keys(f"*{DRAFT}*")


def test_what_a_node_reads_is_whole_and_of_the_runs_that_had_it() -> None:
    ran("a", 1, {"other": text("x" * 5000)})
    for number in range(2, 5):
        ran(f"{number}", number, {"llm1": text(f"{number}")})
    last_values(DRAFT)
    spoil("2")
    spoil("3")
    drawing = drawing_of(FLOW)
    assert read_by(drawing, drawing.nodes["end"], DRAFT) == {
        "input": "Message 4",
        "llm1": text("4"),
        "other": text("x" * 5000),
    }


@pytest.mark.parametrize(
    "value",
    [
        "x" * 100_000,
        [["y" * 500] * 500] * 50,
        {f"name{number}": {"deep": [{"er": "z" * 900}] * 90} for number in range(200)},
    ],
)
def test_what_is_large_is_kept_in_brief(value: Any) -> None:
    assert len(orjson.dumps(in_brief(value))) <= MOST_BYTES


def test_how_a_value_begins_is_kept() -> None:
    value = {"items": [{"name": " Tea\n for two ", "left": 3, "is_hot": True, "note": None}]}
    told = {"items": [{"name": "Tea for two", "left": 3, "is_hot": True, "note": None}]}
    assert in_brief(value) == told
