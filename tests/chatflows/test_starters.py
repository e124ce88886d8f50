"""What a new chatflow can start from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from chatflows.checking import problems
from chatflows.draft_type import ChatflowDraft
from chatflows.drawn import drawing_of
from chatflows.starters import STARTERS

if TYPE_CHECKING:
    from drafts.template import Template


@pytest.mark.parametrize("starter", STARTERS, ids=lambda starter: starter.name)
def test_it_is_a_flow_that_runs(starter: Template) -> None:
    drawing = drawing_of(starter.data)
    assert list(problems(drawing)) == []
    assert [each.faults for each in drawing.nodes.values() if each.faults] == []
    ChatflowDraft.schema.model_validate(starter.data)
