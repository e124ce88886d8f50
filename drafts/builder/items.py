"""Operations on lists of items: add, remove, move. They work with and without a script."""

from __future__ import annotations

from dataclasses import dataclass
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
    from drafts.step import Step

STEPS = {"up": -1, "down": 1}


def operate(request: HttpRequest, opened: Opened, step: Step) -> HttpResponse:
    """``_op`` is ``add:<list>[:<key>]``, ``remove:<list>:<key>`` or ``up|down:<list>:<key>``. With
    ``_new:<list>:<field>`` comes what an added item holds."""
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
    focus = _focus_after(opened, spec, verb, key)
    given = _given(request, spec)
    added = _change(opened, spec, _Operation(verb, key, given), patch_id)
    if added and spec.has_rows and not (focus and added.startswith(f"{path}.")):
        focus = added
    now = reopened(opened)
    if not wants_part(request):
        place = f"item-{focus}" if focus else f"list-{path}"
        return HttpResponseRedirect(f"{opened.step_url(step, focus)}#{place.replace('.', '-')}")
    others = editing.changes_since(
        now.actor, now.draft_type, now.draft.id, since_in(request, before)
    )
    state = State(patch_id=patch_id or "", paths=list(others[1]))
    # What is edited already is not led to anew: whoever edits it stays where they are.
    if focus and spec.has_rows and verb not in STEPS and focus != opened.focus:
        state.done = {"path": focus, "url": opened.step_url(step, focus)}
    else:
        state.lists = [spec.within or path]
    return parts(request, now, step, state)


def _focus_after(opened: Opened, spec: ItemList, verb: str, key: str) -> str:
    """What a page that shows one item at a time shows next, if that is not what was added: an item
    that goes on being edited, or the one in whose row that stood which is gone."""
    if verb in STEPS and spec.has_rows:
        return f"{spec.path}.{key}"
    return opened.focus if spec.within and opened.focus.startswith(f"{spec.within}.") else ""


def _given(request: HttpRequest, spec: ItemList) -> dict[str, str]:
    prefix = f"_new:{spec.path}:"
    named = (name for name in request.POST if name.startswith(prefix))
    return {name.removeprefix(prefix): request.POST[name] for name in named}


@dataclass(frozen=True)
class _Operation:
    verb: str
    key: str
    given: Mapping[str, str]


def _list_at(opened: Opened, path: str) -> ItemList:
    form = opened.form(opened.draft_type.step(opened.draft_type.step_of(path)), below=())
    for spec in form.lists if form else ():
        if spec.path == path:
            return spec
    raise malformed(_("There is no such list."))


def _change(
    opened: Opened, spec: ItemList, operation: _Operation, patch_id: str | None
) -> str | None:
    """Change the list as it is now; when somebody else was quicker, as it is then. Returns the path
    of what was added, if anything was; of what it brought along, if it brought anything."""
    keyed = opened.draft_type.keyed_lists
    added: list[str] = []

    def patch(document: Mapping[str, Any]) -> dict[str, Any]:
        keys = _keys(document, keyed, spec)
        if operation.verb == "add":
            key = _new_key(spec, operation.key, keys)
            item = spec.new_item(key, operation.given)
            brought = spec.brings(item, document) if spec.brings else {}
            added[:] = [f"{path}.{each}" for path, items in brought.items() for each in items]
            added.append(f"{spec.path}.{key}")
            return nested(spec.path, {key: item}) | brought
        return _patch(document, keyed, spec, operation)

    editing.change(opened.actor, opened.draft_type, opened.draft.id, patch, patch_id=patch_id)
    return added[0] if added else None


def _items(document: Mapping[str, Any], keyed: Mapping[str, str], spec: ItemList) -> list[Any]:
    found = field_value(document, spec.path, keyed)
    return [] if found is MISSING else list(found)


def _keys(document: Mapping[str, Any], keyed: Mapping[str, str], spec: ItemList) -> list[str]:
    return [str(item[keyed[spec.path]]) for item in _items(document, keyed, spec)]


def _patch(
    document: Mapping[str, Any],
    keyed: Mapping[str, str],
    spec: ItemList,
    operation: _Operation,
) -> dict[str, Any]:
    verb, key = operation.verb, operation.key
    keys = _keys(document, keyed, spec)
    if verb == "remove":
        return nested(spec.path, {key: None})
    if verb in STEPS and key in keys:
        items = _items(document, keyed, spec)
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
