"""The inbox's side of a conversation that people have: reading on, answering, giving it back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from common.htmx import wants_part
from common.problems import Problem
from conversations import handoff
from conversations.bodies import LONGEST_MESSAGE
from conversations.delivery import is_read, obstacle
from conversations.transcript import notice
from conversations.views.doors import open_conversation
from conversations.views.lines import as_lines, mark_of, recent_receipts
from conversations.views.lists import place
from workspaces.access import Actor, Role, member

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from django.http import HttpRequest

    from conversations.delivery import Receipt
    from conversations.models import Conversation
    from conversations.transcript import Line

MOST = 50
INVALID, CONFLICT = 422, 409


class AnswerForm(forms.Form):
    """What a member says to the visitor."""

    text = forms.CharField(
        label=gettext_lazy("Your answer"),
        max_length=LONGEST_MESSAGE,
        widget=forms.Textarea({"rows": 2, "data-sends": True}),
    )


@require_safe
@member()
def news(request: HttpRequest, actor: Actor, *, conversation_id: UUID) -> HttpResponse:
    """The messages after the last one on the page, to be put below it, and who has the conversation
    where that is somebody else by now; 204 while there is neither."""
    conversation = open_conversation(actor, conversation_id)
    after, shown = request.GET.get("after", ""), request.GET.get("handoff", "")
    has = str(conversation.open_handoff.pk) if conversation.open_handoff else ""
    lines, last = _lines_after(conversation, after, was_with_person=bool(shown) and shown != has)
    receipts = recent_receipts(conversation)
    is_told = mark_of(receipts) == request.GET.get("receipts", "")
    if not lines and shown == has and is_told:
        return HttpResponse(status=204)
    context = talk(actor, conversation) | {"lines": lines, "facts": True, "last": last}
    context["place"] = _place_of(request)
    context["is_behind"] = len(lines) >= MOST
    context |= {"changed": shown != has, "reopened": _is_reopened(request, context)}
    context["receipts"] = {} if is_told else _on_page(receipts, lines)
    return render(request, "conversations/parts/news.html", context)


@require_POST
@member(at_least=Role.EDITOR)
def answer(request: HttpRequest, actor: Actor, *, conversation_id: UUID) -> HttpResponse:
    """Say something to the visitor. The page reads what was said as it reads everything else."""
    open_conversation(actor, conversation_id)
    form = AnswerForm(request.POST)
    status = _answered(actor, conversation_id, form) if form.is_valid() else INVALID
    if not wants_part(request):
        for fault in form.errors.get("text", ()):
            messages.error(request, str(fault))
        return _back(request, actor, conversation_id)
    shown = form if form.errors else AnswerForm()
    shown.fields["text"].widget.attrs["autofocus"] = True
    context = talk(actor, open_conversation(actor, conversation_id), shown)
    context["place"] = place(request)
    part = render(request, "conversations/parts/composer.html", context, status=status)
    part.headers["HX-Trigger"] = "said"
    return part


def _answered(actor: Actor, conversation_id: UUID, form: AnswerForm) -> int:
    """The status to answer with; what stands in the way becomes an error of the form."""
    try:
        handoff.answer_as_person(actor, conversation_id, form.cleaned_data["text"])
    except Problem as problem:
        if problem.status != CONFLICT:
            raise Http404 from None
        form.add_error("text", f"{problem.detail} " + _("Nothing was sent."))
        return CONFLICT
    return 200


@require_POST
@member(at_least=Role.EDITOR)
def take_over(request: HttpRequest, actor: Actor, *, conversation_id: UUID) -> HttpResponse:
    """Have the conversation from now on."""
    try:
        handoff.take_over(actor, conversation_id)
    except Problem as problem:
        if problem.status != CONFLICT:
            raise Http404 from None
        messages.error(request, problem.detail)
    return _back(request, actor, conversation_id)


@require_POST
@member(at_least=Role.EDITOR)
def give_back(request: HttpRequest, actor: Actor, *, conversation_id: UUID) -> HttpResponse:
    """Let the bot go on. Where somebody else did that already, nothing is left to do."""
    try:
        handoff.give_back(actor, conversation_id)
    except Problem as problem:
        if problem.status != CONFLICT:
            raise Http404 from None
    messages.success(request, _("The bot goes on with the visitor's next message."))
    return _back(request, actor, conversation_id)


def talk(
    actor: Actor, conversation: Conversation, form: AnswerForm | None = None
) -> dict[str, Any]:
    """What the parts of a page need to show who has the conversation."""
    return {
        "actor": actor,
        "chosen": conversation,
        "handoff": conversation.open_handoff,
        "is_read": is_read(conversation),
        "obstacle": obstacle(conversation),
        "receipts_mark": mark_of(recent_receipts(conversation)),
        "answer_form": form or AnswerForm(),
    }


def _place_of(request: HttpRequest) -> str:
    """The list's filter on the page that reads on, whose own choices have other names."""
    chosen = QueryDict(request.GET.get("list", "").removeprefix("?"))
    return f"?{chosen.urlencode()}" if chosen else ""


def _back(request: HttpRequest, actor: Actor, conversation_id: UUID) -> HttpResponse:
    """To the conversation, beside the list that it was chosen from."""
    page = reverse("conversations:conversation", args=[actor.workspace.slug, conversation_id])
    return redirect(f"{page}{place(request)}")


def _is_reopened(request: HttpRequest, context: Mapping[str, Any]) -> bool:
    """Whether the page says that nobody can be answered, who can be by now."""
    return request.GET.get("closed", "") != "" and not context["obstacle"]


def _on_page(receipts: Mapping[UUID, Receipt], lines: Sequence[Line]) -> dict[UUID, Receipt]:
    """Those of messages that are on the page already."""
    new = {line.id for line in lines}
    return {pk: receipt for pk, receipt in receipts.items() if str(pk) not in new}


def _lines_after(
    conversation: Conversation, after: str, *, was_with_person: bool
) -> tuple[list[Any], str]:
    """The next messages as lines, and the id of the last of them; first that it was given back,
    where that came right after the last one on the page."""
    said = handoff.said_after(conversation, after)
    found = list(said.select_related("feedback", "author").order_by("created_at")[:MOST])
    ends = handoff.ends_of(conversation)
    lines = as_lines(conversation, found[::-1], ends)
    ended = next((at for pk, at in ends.items() if str(pk) == after), None)
    if was_with_person and ended:
        lines.insert(0, notice(ended))
    return lines, str(found[-1].pk) if found else after
