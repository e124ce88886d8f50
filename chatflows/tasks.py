"""What workers do for flows. Every task may run twice, and may be lost: whoever looks at what it is
for has it sent again."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from celery import shared_task

from chatflows.cases import running
from common.turns import Turns, in_turn

# Threads of one worker that play test cases, and how many of them one workspace has.
_players = Turns(2, 1)


@shared_task
def play_cases(workspace_id: str, draft_id: str, attempt: str) -> None:
    """Play the test cases of a draft."""
    act = partial(running.run, UUID(workspace_id), draft_id, attempt)
    in_turn(_players, workspace_id, act, running.TASK, workspace_id, draft_id, attempt)
