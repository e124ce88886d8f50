"""The builder as a page, and the parts of it that can be asked for alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.cache import patch_vary_headers

from common.csp import with_pictures
from drafts.builder.answers import milliseconds
from drafts.builder.frame import Frame
from drafts.builder.texts import texts
from drafts.forms.field_values import overlap

if TYPE_CHECKING:
    from django.http import HttpRequest

    from drafts.builder.opened import Opened
    from drafts.forms.step import StepForm
    from drafts.step import Step

VARY = ("HX-Request", "HX-Request-Type", "HX-History-Restore-Request", "Cookie")


def page(
    request: HttpRequest,
    opened: Opened,
    step: Step,
    *,
    form: StepForm | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """The whole builder. ``form`` is one that was posted without a script and not saved."""
    context = _context(opened, step, form) | more
    context["config"] = _config(context["frame"])
    response = _uncached(render(request, "drafts/builder.html", context, status=status))
    # The panel shows the draft's picture as its address is typed.
    return with_pictures(response) if opened.draft_type.panel else response


def panel(request: HttpRequest, opened: Opened, step: Step, **more: Any) -> HttpResponse:
    """The step's form, and what stands around it."""
    context = _context(opened, step, None) | more
    return _uncached(render(request, "drafts/panel_answer.html", context))


def list_editor(request: HttpRequest, opened: Opened, step: Step, path: str) -> HttpResponse:
    """One list editor of the step, for when somebody else added or removed an item."""
    below = opened.below(step)
    form = opened.form(step, below=[path] if below is None else below)
    spec = next((spec for spec in form.lists if spec.path == path), None) if form else None
    if form is None or spec is None:
        raise Http404
    context = Frame(opened, step).context() | {"items": form.item_list(path), "form": form}
    return _uncached(render(request, spec.list_template, context))


def _context(opened: Opened, step: Step, form: StepForm | None) -> dict[str, Any]:
    frame = Frame(opened, step)
    focus = opened.focus
    if form is None and (form := opened.form(step, below=opened.below(step))) is not None:
        _show_problems(form, frame, focus)
    return frame.context() | {"form": form, "focus": focus}


def _show_problems(form: StepForm, frame: Frame, focus: str) -> None:
    """Say at the fields what is wrong: at all where somebody came to mend something, which leads to
    the one in ``focus``, else at those that were filled in."""
    for name, message in frame.messages(list(form.fields)).items():
        if message and (focus or form.shown(name)):
            form.note(name, message)
    if not focus:
        return
    target = next((name for name in form.fields if overlap(name, focus)), None)
    if target is not None:
        form.fields[target].widget.attrs["autofocus"] = True


def _config(frame: Frame) -> dict[str, Any]:
    opened, draft = frame.opened, frame.opened.draft
    user = opened.actor.user
    return {
        "user": str(user.pk) if user else "",
        "draft": draft.id,
        "version": draft.version,
        "saved_at": milliseconds(draft.updated_at),
        "expires_at": milliseconds(draft.expires_at),
        "status": draft.status,
        "undo": draft.can_undo,
        "redo": draft.can_redo,
        "editable": opened.actor.is_editor,
        "scripts": {name: static(f"js/{name}.js") for name in ("variables", "recovery", "preview")},
        "steps": {
            name: opened.step_url(step) for step in opened.draft_type.steps for name in step.fields
        },
        "urls": opened.urls,
        "texts": texts(),
    }


def _uncached(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    patch_vary_headers(response, VARY)
    return response
