"""The settings of one node, beside the canvas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from chatflows.checking.reach import Reach
from chatflows.drawn import drawing_of
from chatflows.forms.workflow import WorkflowForm
from chatflows.known import known_at
from drafts.builder.doors import draft_page
from drafts.builder.frame import Frame

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from drafts.builder.opened import Opened

STEP = "workflow"


@require_GET
@draft_page()
def known(request: HttpRequest, opened: Opened, *, node_id: str) -> JsonResponse:
    """What can be read in the settings of a node: the JSON of the ``/`` menu."""
    del request
    drawing = drawing_of(opened.draft.data)
    if node_id not in drawing.nodes:
        raise Http404
    groups = known_at(drawing, Reach(drawing), node_id, {}, opened.draft.data)
    answer = JsonResponse({"groups": groups, "create": WorkflowForm.creates_variables_in})
    answer["Cache-Control"] = "no-store"
    return answer


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
