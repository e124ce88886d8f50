"""A save: what was typed becomes a merge patch, and the answer says what became of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from common.htmx import wants_part
from common.numbers import whole_number
from common.problems import Problem, malformed
from drafts.access import open_draft
from drafts.builder import screens, submission
from drafts.builder.answers import State, parts
from drafts.builder.doors import next_url
from drafts.builder.frame import Frame
from drafts.builder.shown import in_same_items, values_of
from drafts.forms.field_values import overlap
from workspaces.access import Role

if TYPE_CHECKING:
    from django.http import HttpRequest

    from drafts.builder.opened import Opened
    from drafts.builder.submission import Submission
    from drafts.step import Step

CONFLICT = 409
INVALID = 422
LONGEST_PATCH_ID = 64
TAG = re.compile(r'"(.*)"')


def save(request: HttpRequest, opened: Opened, step: Step) -> HttpResponse:
    """Saves the posted fields. Those that cannot be kept as typed come back, with the reason."""
    posted = submission.read(opened, request.POST, step)
    scripted = wants_part(request)
    patch_id = patch_id_in(request)
    state = State(patch_id=patch_id or "", names=posted.names)
    try:
        saved = submission.save(posted, opened, base_version=_base(request), patch_id=patch_id)
    except Problem as problem:
        if problem.status != CONFLICT or "conflicts" not in problem.extra:
            raise
        return _conflict(request, opened, step, posted=posted, problem=problem, state=state)
    now = reopened(opened)
    if saved:
        otherwise = posted.kept_otherwise(now.draft.data)
        state.paths = [*saved.changes_by_others, *posted.followed, *otherwise]
    nodes = opened.draft_type.node_list
    others = saved.renumbered.items() if saved else ()
    state.names = {*posted.names, *in_same_items(now, posted.names)}
    state.rejected = posted.rejected
    renames = [*posted.renames, *((nodes, old, new) for old, new in others)]
    state.renamed = [(f"{path}.{old}", f"{path}.{new}") for path, old, new in renames]
    state.lists = [path for path, _old, _new in posted.renames]
    if not scripted:
        return without_script(request, now, step, posted)
    status = INVALID if posted.rejected else 200
    return parts(request, now, step, state, status=status)


def reopened(opened: Opened) -> Opened:
    """The draft as it is now."""
    draft = open_draft(opened.actor, opened.draft_type, opened.draft.id, at_least=Role.VIEWER)
    return opened.now(draft)


def patch_id_in(request: HttpRequest) -> str | None:
    """The page's name for a change. Raises ``Problem`` 400 for a longer one than pages give: the
    store remembers the last ones, and they do not count towards a workspace's share."""
    patch_id = request.POST.get("patch_id", "")
    if len(patch_id) > LONGEST_PATCH_ID:
        raise malformed(_("The patch_id is too long."))
    return patch_id or None


def since_in(request: HttpRequest, otherwise: int) -> int:
    """The version that the page last saw; ``otherwise`` when it names none."""
    since = whole_number(request.POST.get("_since", ""))
    return otherwise if since is None else since


def _base(request: HttpRequest) -> int | None:
    """The version that the typed values were based on: a header, or a field of the plain form."""
    tag = TAG.fullmatch(request.headers.get("If-Match", ""))
    return whole_number(tag.group(1) if tag else request.POST.get("_version", ""))


def _conflict(
    request: HttpRequest,
    opened: Opened,
    step: Step,
    *,
    posted: Submission,
    problem: Problem,
    state: State,
) -> HttpResponse:
    """Nothing was written: somebody else changed the same fields. Shows both values of each."""
    now = reopened(opened)
    entries = problem.extra["conflicts"]
    names = [n for n in posted.names if any(overlap(n, _path(entry)) for entry in entries)]
    theirs = values_of(now, names)
    state.conflicts = [
        _conflict_of(now, name, entries, posted, theirs) for name in names if name in theirs
    ]
    if wants_part(request):
        return parts(request, now, step, state, status=CONFLICT)
    own = posted.forms[0] if posted.forms else None
    return screens.page(request, now, step, form=own, status=CONFLICT, conflicts=state.conflicts)


def _conflict_of(
    opened: Opened,
    name: str,
    entries: list[dict[str, Any]],
    posted: Submission,
    theirs: dict[str, Any],
) -> dict[str, Any]:
    form = next(form for form in posted.forms if name in form.fields)
    entry = next(entry for entry in entries if overlap(name, _path(entry)))
    return {
        "path": name,
        "label": form.called(name),
        "yours": form.typed(name),
        "yours_words": form.said(name, form.typed(name)),
        "theirs": theirs[name],
        "theirs_words": form.said(name, theirs[name]),
        "by": str(entry.get("by", "")),
        "own": entry.get("by") == opened.actor.label,
        "at": entry.get("at", ""),
    }


def _path(entry: dict[str, Any]) -> str:
    return submission.document_path(str(entry["path"]))


def without_script(
    request: HttpRequest, opened: Opened, step: Step, posted: Submission
) -> HttpResponse:
    """The answer to a plain form post: on to where it leads, or back to a field that was not kept
    or keeps the draft from being deployed."""
    if posted.rejected and posted.forms:
        return screens.page(request, opened, step, form=posted.forms[0], status=INVALID)
    wrong = [name for name, words in Frame(opened, step).messages(posted.names).items() if words]
    if wrong:
        messages.warning(request, _("Saved, but it cannot be deployed like this."))
        return HttpResponseRedirect(opened.field_url(wrong[0]))
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(next_url(request, "_next") or opened.step_url(step))
