"""Operations on lists of items: add, remove, move. They work with and without a script."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from common.htmx import wants_part
from common.problems import invalid, malformed
from drafts import editing
from drafts.builder import submission
from drafts.builder.answers import State, parts
from drafts.builder.saving import patch_id_in, reopened, since_in, without_script
from drafts.forms.field_values import MISSING, field_value, nested

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest

    from drafts.builder.opened import Opened
    from drafts.forms.step import ItemList
    from drafts.types import Step

STEPS = {"up": -1, "down": 1}


def operate(request: HttpRequest, opened: Opened, step: Step) -> HttpResponse:
    """``_op`` is ``add:<list>[:<key>]``, ``remove:<list>:<key>`` or ``up|down:<list>:<key>``."""
    verb, _colon, rest = request.POST["_op"].partition(":")
    path, _colon, key = rest.partition(":")
    spec = _list_at(opened, path)
    if not wants_part(request):
        # The button sent the whole form: what was typed in it is saved first.
        posted = submission.read(opened, request.POST, step)
        submission.save(posted, opened, base_version=None, patch_id=None)
        if posted.rejected:
            return without_script(request, reopened(opened), step, posted)
        opened, key = reopened(opened), key or request.POST.get(f"_add:{path}", "")
    before = opened.draft.version
    patch_id = patch_id_in(request)
    _change(opened, spec, verb, key, patch_id)
    now = reopened(opened)
    if not wants_part(request):
        return HttpResponseRedirect(f"{opened.step_url(step)}#list-{path.replace('.', '-')}")
    others = editing.changes_since(
        now.actor, now.draft_type, now.draft.id, since_in(request, before)
    )
    state = State(patch_id=patch_id or "", paths=list(others[1]), lists=[path])
    return parts(request, now, step, state)


def _list_at(opened: Opened, path: str) -> ItemList:
    form = opened.form(opened.draft_type.step(opened.draft_type.step_of(path)))
    for spec in form.lists if form else ():
        if spec.path == path:
            return spec
    raise malformed(_("There is no such list."))


def _change(opened: Opened, spec: ItemList, verb: str, key: str, patch_id: str | None) -> None:
    """Change the list as it is now; when somebody else was quicker, as it is then."""
    keyed = opened.draft_type.keyed_lists
    editing.change(
        opened.actor,
        opened.draft_type,
        opened.draft.id,
        lambda document: _patch(document, keyed, spec, verb, key),
        patch_id=patch_id,
    )


def _patch(
    document: Mapping[str, Any], keyed: Mapping[str, str], spec: ItemList, verb: str, key: str
) -> dict[str, Any]:
    key_field = keyed[spec.path]
    found = field_value(document, spec.path, keyed)
    items = [] if found is MISSING else list(found)
    keys = [str(item[key_field]) for item in items]
    if verb == "add":
        new = _new_key(spec, key, keys)
        return nested(spec.path, {new: spec.new_item(new)})
    if verb == "remove":
        return nested(spec.path, {key: None})
    if verb in STEPS and key in keys:
        return nested(spec.path, _moved(items, keys.index(key), STEPS[verb]))
    raise malformed(_("There is no such item."))


def _new_key(spec: ItemList, wanted: str, taken: list[str]) -> str:
    if "." in wanted:
        raise invalid(_("Leave out the dot."))
    if wanted in taken:
        raise invalid(_("There is one with this name already."))
    if wanted:
        return wanted
    if spec.choices:
        raise invalid(_("Choose what to add."))
    number = 1
    while f"{spec.stem}_{number}" in taken:
        number += 1
    return f"{spec.stem}_{number}"


def _moved(items: list[Any], index: int, offset: int) -> list[Any]:
    item = items.pop(index)
    items.insert(max(0, min(len(items), index + offset)), item)
    return items
