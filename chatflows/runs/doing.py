"""What can be done with the recorded runs of a draft: looked at, and done again from a node on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from asgiref.sync import sync_to_async
from django.utils.translation import gettext as _

from chatflows.assistant import ChatflowAssistant
from chatflows.kind import KIND
from chatflows.runs.replaying import ReplayError, run_with, taken_over
from common.limits import count
from common.problems import FieldError, conflict, invalid, not_found
from conversations import limits, preview, preview_runs, server_model
from conversations.admission import while_admitted
from conversations.answering import frames
from conversations.outcome import Outcome
from conversations.turn import Occasion, Turn, Utterance
from drafts import editing
from drafts.types import draft_types

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from conversations.answering import Frame
    from conversations.preview import Admit, Door
    from conversations.preview_runs import Record
    from conversations.runtime import Ports
    from workspaces.access import Actor


def open_draft(actor: Actor, draft_id: str) -> tuple[Door, ChatflowAssistant]:
    """A draft that the actor may try, and its assistant; raises ``Problem`` 404 or 410."""
    door = preview.open_door(actor, draft_types.get(KIND), draft_id)
    assert isinstance(door.assistant, ChatflowAssistant)
    return door, door.assistant


def run_of(door: Door, run_id: str) -> Record:
    """A recorded run; raises ``Problem`` 404."""
    record = preview_runs.one(door.draft.id, run_id)
    if record is None:
        raise not_found(_("There is no such run. Only the last runs of a draft are kept."))
    return record


async def replay(
    actor: Actor, draft_id: str, run_id: str, node_id: str, admit: Admit
) -> AsyncGenerator[Frame]:
    """The frames of a run that is done again from ``node_id`` on, as the draft is now.

    It is a run of its own, and changes nothing in the conversation that the first was part of.
    Raises ``Problem``: 404, 409 where too little is known of the run, 422 where nothing leads to
    the node, 429.
    """
    ready = await sync_to_async(_prepared)(actor, draft_id, run_id, node_id)
    again = {"run_id": run_id, "node_id": node_id, "label": ready.name}
    keeper = _Keeper(admit, actor, ready.door, again)
    answer = frames(ready.door.assistant, ready.ports, ready.outcome, keeper, traced=True)
    return while_admitted(answer, admit)


@dataclass(frozen=True)
class _Prepared:
    """``name`` is what people call the node from which the run is done again."""

    door: Door
    name: str
    ports: Ports
    outcome: Outcome


def _prepared(actor: Actor, draft_id: str, run_id: str, node_id: str) -> _Prepared:
    door, assistant = open_draft(actor, draft_id)
    record = run_of(door, run_id)
    if record.get("shortened"):
        raise conflict(_("This run was too large to be kept whole. Send the message again."))
    steps, state = run_with(node_id, record["steps"], record["state"])
    turn = replace(_turn(record), state=state)
    try:
        taken = taken_over(steps, assistant.flow, assistant.start_of(turn), node_id)
    except ReplayError as error:
        raise invalid(str(error), FieldError("node_id", str(error))) from None
    count(limits.of_preview(actor, draft_id))
    ports = door.ports()
    server_model.begin(ports)
    ports = replace(ports, given={**taken, **ports.given})
    each = assistant.flow.nodes.get(node_id)
    name = each.called if each else node_id
    return _Prepared(door, name, ports, Outcome(turn, record["session_id"], whole=[]))


def _turn(record: Record) -> Turn:
    """The turn as it was."""
    occasion = record["occasion"]
    return Turn(
        record["message"],
        _said(record["history"]),
        record["variables"],
        preview.CHANNEL,
        state=record["state"],
        occasion=Occasion(**occasion) if occasion else None,
        with_person=_said(record["with_person"]),
    )


def _said(kept: list[dict[str, Any]]) -> tuple[Utterance, ...]:
    return tuple(Utterance(**each) for each in kept)


@dataclass(frozen=True)
class _Keeper:
    """Keeps the record of a run that was done again."""

    admit: Admit
    actor: Actor
    door: Door
    replay_of: dict[str, Any]

    async def keep(self, outcome: Outcome) -> None:
        await sync_to_async(self._write)(outcome)

    def _write(self, outcome: Outcome) -> None:
        draft = self.door.draft
        expires_at = editing.touch(self.admit(), draft_types.get(KIND), draft.id)
        record = preview_runs.record_of(outcome, draft.version, replay_of=self.replay_of)
        preview_runs.keep(draft.workspace_id, draft.id, record, expires_at)
