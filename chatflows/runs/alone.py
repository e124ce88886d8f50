"""One node of a draft, run alone on what the others are said to have given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from asgiref.sync import sync_to_async
from django.utils.translation import gettext as _

from chatflows.runs.doing import open_draft
from chatflows.runs.shown import step_told
from common.limits import count
from common.problems import FieldError, invalid, not_found
from conversations import limits, preview_pins, server_model
from conversations.turn import Turn

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatflows.assistant import ChatflowAssistant
    from conversations.preview import Door
    from conversations.runtime import Ports
    from workspaces.access import Actor

    Step = dict[str, Any]


async def run_alone(
    actor: Actor, draft_id: str, node_id: str, turn: Turn, outputs: Mapping[str, Any]
) -> tuple[Door, Step]:
    """The draft's door, and the node's step as it is recorded; no run is kept of it. ``outputs``
    are those of other nodes, by their ids. Raises ``Problem`` 404, 410 or 429."""
    door, assistant, ports = await sync_to_async(_ready)(actor, draft_id, node_id)
    return door, await assistant.run_one(node_id, turn, ports, outputs)


async def tried(actor: Actor, draft_id: str, node_id: str, known: Mapping[str, Any]) -> Step:
    """The step of a node, on what is ``known``: outputs of nodes by their ids, values of variables
    by their names, and the message as ``input``.

    ``can_be_pinned``: what it gave is known until it is tried again. Raises ``Problem`` as
    ``run_alone``, and 422.
    """
    nodes = await sync_to_async(_nodes)(actor, draft_id)
    outputs = {name: _as_output(name, each) for name, each in known.items() if name in nodes}
    variables = {name: value for name, value in known.items() if name not in nodes}
    turn = Turn(str(variables.pop("input", None) or ""), variables=variables)
    door, step = await run_alone(actor, draft_id, node_id, turn, outputs)
    noted = step["output"] is not None and await sync_to_async(preview_pins.note_tried)(
        door.draft.id, node_id, step, door.expires_at
    )
    return step_told(step) | {"can_be_pinned": noted}


def _nodes(actor: Actor, draft_id: str) -> frozenset[str]:
    _door, assistant = open_draft(actor, draft_id)
    return frozenset(assistant.flow.nodes)


def _ready(actor: Actor, draft_id: str, node_id: str) -> tuple[Door, ChatflowAssistant, Ports]:
    door, assistant = open_draft(actor, draft_id)
    if node_id not in assistant.flow.nodes:
        raise not_found(_("There is no such node in this draft."))
    count(limits.of_preview(actor, draft_id))
    ports = door.ports()
    server_model.begin(ports)
    return door, assistant, ports


def _as_output(name: str, value: Any) -> dict[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        words = _("What %(name)s gives is an object, such as %(example)s.")
        words %= {"name": name, "example": '{"text": "…"}'}
        raise invalid(words, FieldError(f"known.{name}", words))
    return value
