"""Pinning what a node gives in the preview, so that it need not be asked while others are built."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from chatflows.runs.doing import open_draft
from chatflows.runs.given import effects_of, pinned
from common.problems import FieldError, invalid, not_found
from conversations import preview_pins, preview_runs

if TYPE_CHECKING:
    from chatflows.assistant import ChatflowAssistant
    from chatflows.executor.flow import FlowNode
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
    """What is to be pinned, with what the node did besides its output."""
    each = assistant.flow.nodes.get(node_id)
    if each is None:
        raise not_found(_("There is no such node in this draft."))
    if body.output is not None:
        _check_handle(each, body.handle)
        return pinned(body.output, body.handle, {"said": _said(each, body.output)})
    found = _recorded(door, body.run_id, node_id) if body.run_id else _tried(door, node_id)
    if found is None:
        raise not_found(_("There is no output of the node that could be pinned. Run it again."))
    return found


def _check_handle(each: FlowNode, handle: str) -> None:
    """Raises ``Problem`` 422 for a way by which the node is never left."""
    handles = each.node.all_handles(each.settings)
    if handle not in handles and handles:
        words = _("This node is not left by that way. It is left by: %(handles)s.")
        words %= {"handles": ", ".join(handles)}
        raise invalid(words, FieldError("handle", words))


def _said(each: FlowNode, output: dict[str, Any]) -> list[str]:
    """What a node that speaks says with an output that somebody wrote."""
    text = output.get(each.node.main)
    return [text] if each.node.speaks(each.settings) and isinstance(text, str) and text else []


def _recorded(door: Door, run_id: str, node_id: str) -> dict[str, Any] | None:
    """What the node gave last in a recorded run."""
    steps = (preview_runs.one(door.draft.id, run_id) or {"steps": []})["steps"]
    for step in reversed(steps):
        if step["node_id"] == node_id and step["output"] is not None:
            return pinned(step["output"], step["handle"], effects_of(step, steps))
    return None


def _tried(door: Door, node_id: str) -> dict[str, Any] | None:
    """What it gave when it was run alone."""
    step = preview_pins.tried(door.draft.id, node_id)
    return pinned(step["output"], step["handle"], step["effects"]) if step else None
