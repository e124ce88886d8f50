"""The settings of one node, beside the canvas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from chatflows.forms.workflow import WorkflowForm
from conversations.preview_pins import pins_of
from drafts.builder.doors import draft_page
from drafts.builder.frame import Frame

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from chatflows.drawn import DrawnNode
    from drafts.builder.opened import Opened

STEP = "workflow"


@require_GET
@draft_page()
def node(request: HttpRequest, opened: Opened, *, node_id: str) -> HttpResponse:
    """The form of a node; what is wrong with it is said at its boxes."""
    step = opened.step(STEP)
    form = opened.form(step, below=[f"nodes.{node_id}"])
    assert isinstance(form, WorkflowForm)
    found = next((item for item in form.item_list("nodes").items if item.key == node_id), None)
    if found is None:
        raise Http404
    frame = Frame(opened, step)
    for name, message in frame.messages([each.name for each in found.fields.values()]).items():
        if message:
            form.note(name, message)
    each = form.drawing.nodes[node_id]
    context = frame.context() | {"form": form, "item": found, "node": each}
    if opened.actor.is_editor and each.node.kind != "comment":
        context |= _trying(opened, each)
    return render(request, "chatflows/node_form.html", context)


def _trying(opened: Opened, each: DrawnNode) -> dict[str, Any]:
    """What running the node alone begins with."""
    draft_id = opened.draft.id
    place = (opened.actor.workspace.slug, draft_id, each.id)
    return {
        "pinned": each.id in pins_of(draft_id),
        "try_url": reverse("chatflows:node", args=place).rstrip("/"),
    }
