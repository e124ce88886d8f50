"""The node that waits a moment."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from chatflows.executor.events import StepFinished
from chatflows.nodes.delay import DelaySettings
from tests.chatflows.executor.flows import flow, ran


def test_what_runs_beside_it_is_done_before_it() -> None:
    nodes: dict[str, Any] = {
        "start": ("trigger", {}),
        "wait": ("delay", {"seconds": 0.1}),
        "beside": ("template", {"template": "x"}),
        "after": ("template", {"template": "{{beside}}"}),
        "end": ("response", {"message": "Waited {{wait}} s"}),
    }
    turn = ran(flow(nodes, "start->wait start->beside beside->after wait->end"))
    done = [each.node_id for each in turn.events if isinstance(each, StepFinished)]
    assert done == ["start", "beside", "after", "wait", "end"]
    assert turn.text == "Waited 0.1 s"
    assert turn.outputs("wait") == [{"seconds": 0.1}]


@pytest.mark.parametrize("seconds", [-1, 31, "soon", None])
def test_it_waits_neither_for_ever_nor_backwards(seconds: object) -> None:
    with pytest.raises(ValidationError):
        DelaySettings.model_validate({"seconds": seconds})
