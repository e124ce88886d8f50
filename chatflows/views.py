"""The settings of one node, beside the canvas; another address for a webhook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from assistants.pages.doors import live_page
from chatflows.checking.reach import Reach
from chatflows.drawn import drawing_of
from chatflows.forms.workflow import WorkflowForm
from chatflows.known import known_at
from chatflows.runs.last import Last, last_values
from chatflows.triggers import rows
from common.htmx import wants_part
from conversations.preview_pins import pins_of
from drafts.builder.doors import draft_page
from drafts.builder.frame import Frame
from workspaces.access import Role

if TYPE_CHECKING:
    from django.http import HttpRequest

    from assistants.draft_type import AssistantDraft
    from assistants.models import AssistantEntity
    from drafts.builder.opened import Opened
    from workspaces.access import Actor

STEP = "workflow"


@require_GET
@draft_page()
def known(request: HttpRequest, opened: Opened, *, node_id: str) -> JsonResponse:
    """What can be read in the settings of a node: the JSON of the ``/`` menu. What it was in the
    last runs is for those who may look at runs."""
    del request
    drawing = drawing_of(opened.draft.data)
    if node_id not in drawing.nodes:
        raise Http404
    last = last_values(opened.draft.id) if opened.actor.is_editor else Last()
    groups = known_at(drawing, Reach(drawing), node_id, last, opened.draft.data)
    answer = JsonResponse({"groups": groups, "create": WorkflowForm.creates_variables_in})
    answer["Cache-Control"] = "no-store"
    return answer


@require_GET
@draft_page()
def node(request: HttpRequest, opened: Opened, *, node_id: str) -> HttpResponse:
    """The form of a node; what is wrong with it is said at its boxes, once anything was written."""
    step = opened.step(STEP)
    form = opened.form(step, below=[f"nodes.{node_id}"])
    assert isinstance(form, WorkflowForm)
    found = next((item for item in form.item_list("nodes").items if item.key == node_id), None)
    if found is None:
        raise Http404
    frame = Frame(opened, step)
    each = form.drawing.nodes[node_id]
    names = [field.name for field in found.fields.values()] if each.data else []
    for name, message in frame.messages(names).items():
        if message:
            form.note(name, message)
    context = frame.context() | {"form": form, "item": found, "node": each}
    if opened.actor.is_editor and each.node.kind != "comment":
        context |= _trying(opened, node_id)
    return render(request, "chatflows/node_form.html", context)


def _trying(opened: Opened, node_id: str) -> dict[str, Any]:
    """What running the node alone begins with."""
    place = (opened.actor.workspace.slug, opened.draft.id, node_id)
    return {
        "pinned": node_id in pins_of(opened.draft.id),
        "try_url": reverse("chatflows:node", args=place).rstrip("/"),
    }


@require_POST
@live_page(Role.EDITOR)
def replace_address(
    request: HttpRequest, actor: Actor, draft_type: AssistantDraft[Any], entity: AssistantEntity
) -> HttpResponse:
    """Give the webhook another address."""
    if not rows.replace_address(actor, entity):
        raise Http404
    messages.success(request, _("The webhook has another address. Give it to whoever calls it."))
    url = draft_type.page_url("deployment", entity)
    if wants_part(request):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)
