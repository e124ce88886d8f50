"""What the page tells the canvas of a flow."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from chatflows.canvas import canvas_data, canvas_state, column_in
from conversations import preview_pins
from drafts import creating, validation
from drafts.builder.frame import Frame
from drafts.builder.opened import Opened
from drafts.types import draft_types
from tests.chatflows.billing import BILLING

if TYPE_CHECKING:
    from workspaces.access import Actor


@pytest.mark.django_db
@pytest.mark.usefixtures("redis_clean")
def test_it_is_told_what_is_pinned(bob: Actor) -> None:
    draft = creating.create(bob, draft_types.get("chatflow"), BILLING)
    opened = Opened(bob, draft_types.get("chatflow"), draft)
    preview_pins.pin(draft.id, "llm1", {"output": {}}, draft.expires_at)
    told = {each["id"]: each["pinned"] for each in canvas_data(opened, ())["nodes"]}
    assert [name for name, pinned in told.items() if pinned] == ["llm1"]
    assert told == {
        name: each["pinned"] for name, each in canvas_state(opened, ())["nodes"].items()
    }


@pytest.mark.django_db
@pytest.mark.usefixtures("redis_clean")
def test_each_problem_leads_to_its_own_place_in_a_text(bob: Actor) -> None:
    nodes = [
        {"id": "start", "type": "trigger", "data": {}},
        {"id": "say", "type": "response", "data": {"message": "{{aaa}} or {{bbb}} {{aaa}}"}},
    ]
    draft_type = draft_types.get("chatflow")
    draft = creating.create(bob, draft_type, {"name": "Flow", "nodes": nodes})
    issues = validation.issues(draft, bob)
    path = "nodes.say.data.message"
    frame = Frame(Opened(bob, draft_type, draft), draft_type.step("workflow"))
    places = []
    for problem in (each for each in frame.problems if urlencode({"focus": path}) in each.url):
        [at] = parse_qs(urlsplit(problem.url).query).get("at", [""])
        places.append(column_in(Opened(bob, draft_type, draft, focus=path, at=at), issues))
    assert places == [3, 14, 22]
    astray = Opened(bob, draft_type, draft, focus=path, at="9")
    assert column_in(astray, issues) == 0


@pytest.mark.django_db
@pytest.mark.usefixtures("redis_clean")
def test_a_note_keeps_its_lines(bob: Actor) -> None:
    texts = {"short": "\n One\n\n two  words \n", "long": "word " * 200, "empty": ""}
    nodes = [{"id": key, "type": "comment", "data": {"text": text}} for key, text in texts.items()]
    nodes.append({"id": "say", "type": "response", "data": {"message": "One\n\ntwo"}})
    draft = creating.create(bob, draft_types.get("chatflow"), {"name": "Flow", "nodes": nodes})
    opened = Opened(bob, draft_types.get("chatflow"), draft)
    told = {each["id"]: each["summary"] for each in canvas_data(opened, ())["nodes"]}
    assert (told["short"], told["empty"], told["say"]) == ("One\n\ntwo words", "", "One two")
    assert len(told["long"]) == 600
    assert told["long"].endswith("…")
