"""Pinning what a node gives in the preview, so that it need not be asked while others are built."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from chatflows.runs.doing import open_draft
from chatflows.runs.given import pinned
from common.problems import FieldError, invalid, not_found
from conversations import preview_pins, preview_runs

if TYPE_CHECKING:
    from chatflows.assistant import ChatflowAssistant
    from chatflows.runs.bodies import PinBody
    from conversations.preview import Door
    from workspaces.access import Actor


def pin(actor: Actor, draft_id: str, node_id: str, body: PinBody) -> dict[str, Any]:
    """Pin an output, or what the node gave in a recorded run; raises ``Problem`` 404 or 422."""
    door, assistant = open_draft(actor, draft_id)
    given = _given(door, assistant, node_id, body)
    try:
        preview_pins.pin(door.draft.id, node_id, given, door.expires_at)
    except preview_pins.PinError as error:
        raise invalid(str(error), FieldError("output", str(error))) from None
    return shown(node_id, given)


def unpin(actor: Actor, draft_id: str, node_id: str) -> None:
    """Raises ``Problem`` 404 where nothing is pinned."""
    door, _assistant = open_draft(actor, draft_id)
    if not preview_pins.unpin(door.draft.id, node_id):
        raise not_found(_("This node is not pinned."))


def pins(actor: Actor, draft_id: str) -> list[dict[str, Any]]:
    door, _assistant = open_draft(actor, draft_id)
    return [shown(node_id, given) for node_id, given in preview_pins.pins_of(door.draft.id).items()]


def shown(node_id: str, given: dict[str, Any]) -> dict[str, Any]:
    """A pin as clients are told of it."""
    return {"node_id": node_id, "output": given["output"], "handle": given["handle"]}


def _given(door: Door, assistant: ChatflowAssistant, node_id: str, body: PinBody) -> dict[str, Any]:
    each = assistant.flow.nodes.get(node_id)
    if each is None:
        raise not_found(_("There is no such node in this draft."))
    output, handle = body.output, body.handle
    if body.run_id:
        output, handle = _recorded(door, body.run_id, node_id)
    handles = each.node.all_handles(each.settings)
    if handle not in handles and handles and handle not in each.node.fallbacks:
        words = _("This node is not left by that way. It is left by: %(handles)s.")
        listed = ", ".join(handles)
        raise invalid(
            words % {"handles": listed}, FieldError("handle", words % {"handles": listed})
        )
    return pinned(output or {}, handle)


def _recorded(door: Door, run_id: str, node_id: str) -> tuple[dict[str, Any], str]:
    record = preview_runs.one(door.draft.id, run_id) or {"steps": []}
    for step in reversed(record["steps"]):
        if step["node_id"] == node_id and step["output"] is not None:
            return step["output"], step["handle"]
    raise not_found(_("This run has no output of the node."))
