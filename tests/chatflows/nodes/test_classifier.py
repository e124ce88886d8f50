"""The node in which a model tells which way to go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.chatflows.executor.flows import flow, ran
from tests.servers.model import Reply

if TYPE_CHECKING:
    from chatflows.executor.flow import Flow
    from chatflows.executor.ports import Ports
    from tests.servers.model import ModelServer

CLASSES = [
    {"id": "c1", "label": "Billing", "description": "Invoices and payments."},
    {"id": "c2", "label": "Support"},
]


def sorting(**settings: Any) -> Flow:
    nodes = {
        "start": ("trigger", {}),
        "sort": ("classifier", {"classes": CLASSES, **settings}),
        "billing": ("response", {"message": "billing {{sort}}"}),
        "support": ("response", {"message": "support {{sort.id}}"}),
        "other": ("response", {"message": "other"}),
        "sorry": ("response", {"message": "sorry"}),
    }
    edges = "start->sort sort.c1->billing sort.c2->support sort.else->other sort.error->sorry"
    return flow(nodes, edges)


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        ('{"class": "c1"}', "billing Billing"),
        ("c2", "support c2"),
        ('"Billing"', "billing Billing"),
        ('{"class": "else"}', "other"),
        ("I cannot tell.", "other"),
    ],
)
def test_the_way_that_the_model_tells(
    ports: Ports, model_server: ModelServer, answer: str, text: str
) -> None:
    model_server.reply(answer)
    assert ran(sorting(), "My invoice is wrong", ports=ports).text == text


@pytest.mark.parametrize(
    ("on_error", "text", "handle"), [("continue", "other", "else"), ("branch", "sorry", "error")]
)
def test_a_model_that_fails_tells_none_of_them(
    ports: Ports, model_server: ModelServer, on_error: str, text: str, handle: str
) -> None:
    model_server.reply(Reply("overloaded", status=400))
    turn = ran(sorting(on_error=on_error), "My invoice is wrong", ports=ports)
    step = turn.steps[1]
    assert (turn.text, step.status, step.handle) == (text, "handled", handle)
    assert step.output
    assert "overloaded" in step.output["error"]
    assert step.output.get("id") == ("else" if on_error == "continue" else None)


def test_the_model_is_told_the_classes(ports: Ports, model_server: ModelServer) -> None:
    model_server.reply('{"class": "c1"}')
    ran(sorting(instructions="Be strict about {{input}}."), "money", ports=ports)
    sent = model_server.chats[-1].json
    system, user = (message["content"] for message in sent["messages"])
    assert "- c1: Billing. Invoices and payments." in system
    assert "Be strict about money." in system
    assert (user, sent["temperature"]) == ("money", 0.0)
    schema = sent["response_format"]["json_schema"]["schema"]
    assert schema["properties"]["class"]["enum"] == ["c1", "c2", "else"]
