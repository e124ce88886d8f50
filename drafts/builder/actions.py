"""What the builder's menus and shortcuts do with a draft besides saving it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from common.htmx import htmx_of, wants_part
from common.http import json_object, problem_response
from common.numbers import whole_number
from common.problems import Problem
from drafts import creating, editing, limits
from drafts.builder import done
from drafts.builder.answers import State, milliseconds, parts
from drafts.builder.doors import draft_page, kind_page, next_url
from drafts.builder.frame import Frame
from drafts.builder.opened import Opened
from drafts.builder.saving import patch_id_in, reopened, since_in
from workspaces.access import Role

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

    from drafts.step import Step
    from drafts.types import DraftType
    from workspaces.access import Actor

# A draft of the largest size as its export spells it: indented, with its envelope.
LARGEST_FILE = 2 * limits.MOST_BYTES
MALFORMED = 400
# What can be wrong with a file that is an export all the same.
OF_AN_EXPORT = ("data.", "schema_version")


@require_POST
@draft_page(Role.EDITOR)
def undo(request: HttpRequest, opened: Opened) -> HttpResponse:
    saved = editing.undo(
        opened.actor, opened.draft_type, opened.draft.id, patch_id=patch_id_in(request)
    )
    return changed(request, opened, partial(done.undone, opened, saved.took_back))


@require_POST
@draft_page(Role.EDITOR)
def redo(request: HttpRequest, opened: Opened) -> HttpResponse:
    saved = editing.redo(
        opened.actor, opened.draft_type, opened.draft.id, patch_id=patch_id_in(request)
    )
    return changed(request, opened, partial(done.redone, opened, saved.took_back))


@require_POST
@draft_page(Role.EDITOR)
def restore(request: HttpRequest, opened: Opened) -> HttpResponse:
    """Make an earlier version's data the newest."""
    version = _number(request.POST.get("version"))
    editing.restore(opened.actor, opened.draft_type, opened.draft.id, version)
    return changed(request, opened, lambda _now: done.restored(version))


def _number(text: str | None) -> int:
    number = whole_number(text or "")
    if number is None:
        raise Http404
    return number


def changed(
    request: HttpRequest, opened: Opened, told: Callable[[Opened], dict[str, str]]
) -> HttpResponse:
    """What an operation changed, as values for the page; without a script the page again. ``told``
    says what it did to the draft as it is now."""
    now = reopened(opened)
    words = told(now)
    step = _current_step(request, now)
    if not wants_part(request):
        if words:
            messages.success(request, words["words"])
        return HttpResponseRedirect(now.step_url(step))
    since = since_in(request, opened.draft.version)
    _newest, values = editing.changes_since(now.actor, now.draft_type, now.draft.id, since)
    state = State(patch_id=patch_id_in(request) or "", paths=list(values), done=words)
    return parts(request, now, step, state)


def _current_step(request: HttpRequest, opened: Opened) -> Step:
    """The step that the page shows: it says so in its address."""
    shown = htmx_of(request).current_url or request.headers.get("Referer") or ""
    names = [part for part in shown.split("?")[0].split("/") if part]
    steps = {step.name: step for step in opened.draft_type.steps}
    return steps.get(names[-1] if names else "", opened.draft_type.steps[0])


@never_cache
@require_GET
@draft_page()
def changes(request: HttpRequest, opened: Opened) -> HttpResponse:
    """The values of what changed after ``since``, and who changed it."""
    since = _number(request.GET.get("since"))
    place = opened.actor, opened.draft_type, opened.draft.id, since
    by = {path: _who(label, opened) for path, label in editing.changed_by(*place).items()}
    version, values = editing.changes_since(*place)
    state = State(paths=list(values), by=by)
    # Read last: a value that is older than its version would be shown over what was just saved.
    now = reopened(opened)
    frame = Frame(now, _current_step(request, now))
    return JsonResponse(state.as_json(now, frame) | {"version": version})


def _who(label: str, opened: Opened) -> str:
    return _("you, elsewhere") if label == opened.actor.label else label


@require_POST
@draft_page(Role.EDITOR)
def touch(request: HttpRequest, opened: Opened) -> HttpResponse:
    """Let the draft live on while somebody works with it."""
    del request
    expires_at = editing.touch(opened.actor, opened.draft_type, opened.draft.id)
    return JsonResponse({"expires_at": milliseconds(expires_at)})


@require_GET
@draft_page()
def history(request: HttpRequest, opened: Opened) -> HttpResponse:
    """The changes, newest first, each with a way back to it."""
    entries = editing.history(opened.actor, opened.draft_type, opened.draft.id)
    context = {
        "entries": entries,
        "opened": opened,
        "actor": opened.actor,
        "restore_url": opened.url("restore"),
        "back_url": opened.url("open"),
    }
    return render(request, _template(request, "history"), context)


@require_GET
@draft_page()
def problems(request: HttpRequest, opened: Opened) -> HttpResponse:
    """What blocks, and what would be better; each entry leads to its field."""
    frame = Frame(opened, _current_step(request, opened))
    context = frame.context() | {"back_url": opened.url("open")}
    return render(request, _template(request, "problems"), context)


@require_GET
@draft_page()
def variables(request: HttpRequest, opened: Opened) -> HttpResponse:
    """A form for what the preview should know about its visitor."""
    forms = [opened.form(step, below=()) for step in opened.draft_type.steps]
    groups = [group for form in forms if form for group in form.prompt_variables()]
    found = {each["name"]: each for group in groups for each in group["variables"]}
    return render(request, "drafts/variables.html", {"variables": list(found.values())})


def _template(request: HttpRequest, name: str) -> str:
    """A dialog's content for the page, a page of its own without a script."""
    return f"drafts/{name}.html" if wants_part(request) else f"drafts/{name}_page.html"


@require_POST
@draft_page(Role.EDITOR)
def abandon(request: HttpRequest, opened: Opened) -> HttpResponse:
    """Remove the draft and all that was kept beside it."""
    editing.abandon(opened.actor, opened.draft_type, opened.draft.id)
    messages.success(request, _("The draft was abandoned."))
    return _go(request, next_url(request, "next") or opened.list_url)


@require_POST
@draft_page(Role.EDITOR)
def duplicate(request: HttpRequest, opened: Opened) -> HttpResponse:
    copy = creating.duplicate(opened.actor, opened.draft_type, opened.draft.id)
    return _go(request, opened.now(copy).url("open"))


@never_cache
@require_GET
@draft_page()
def export(request: HttpRequest, opened: Opened) -> HttpResponse:
    """The draft as a file, without secrets."""
    del request
    answer = JsonResponse(
        editing.export(opened.actor, opened.draft_type, opened.draft.id),
        json_dumps_params={"indent": 2, "ensure_ascii": False},
    )
    name = slugify(opened.draft.name) or opened.draft_type.kind
    answer["Content-Disposition"] = f'attachment; filename="{name}.json"'
    return answer


@require_POST
@kind_page(Role.EDITOR)
def import_file(request: HttpRequest, actor: Actor, draft_type: DraftType[Any]) -> HttpResponse:
    """A new draft from an exported file, or from the copy that a browser kept (``document``)."""
    file = request.FILES.get("file")
    if file and (file.size or 0) > LARGEST_FILE:
        return _not_imported(request, actor, draft_type, limits.too_big())
    raw = file.read() if file else request.POST.get("document", "").encode()
    scripted = "application/json" in request.headers.get("Accept", "")
    try:
        draft = creating.import_(actor, draft_type, json_object(raw))
    except Problem as problem:
        if scripted:
            return problem_response(problem)
        return _not_imported(request, actor, draft_type, problem)
    opened = Opened(actor, draft_type, draft)
    if not scripted:
        return HttpResponseRedirect(opened.url("open"))
    made = {
        "url": opened.step_url(draft_type.steps[0]),
        "draft": draft.id,
        "version": draft.version,
    }
    return JsonResponse(made, status=201)


def _not_imported(
    request: HttpRequest, actor: Actor, draft_type: DraftType[Any], problem: Problem
) -> HttpResponse:
    """The starting points, and another try at the file: it is said what is wrong with a draft, and
    of a file that is something else only that it is."""
    is_export = all(error.path.startswith(OF_AN_EXPORT) for error in problem.errors)
    context = {
        "actor": actor,
        "draft_type": draft_type,
        "problem": problem,
        "is_export": is_export and problem.status != MALFORMED,
        "faults": [error.message for error in problem.errors if error.path.startswith("data.")],
    }
    return render(request, "drafts/new.html", context, status=problem.status)


def _go(request: HttpRequest, url: str) -> HttpResponse:
    """Lead the whole page to ``url``."""
    if wants_part(request):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)
