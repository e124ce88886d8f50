"""The settings of one node, beside the canvas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_GET

from chatflows.forms.workflow import WorkflowForm
from drafts.builder.doors import draft_page
from drafts.builder.frame import Frame

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

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
    context = frame.context() | {"form": form, "item": found, "node": form.drawing.nodes[node_id]}
    return render(request, "chatflows/node_form.html", context)
