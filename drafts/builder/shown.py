"""What the boxes of the page show for a document: the values of changed paths, by field name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drafts.forms.field_values import overlap
from drafts.forms.naming import named

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from drafts.builder.opened import Opened
    from drafts.forms.step import StepForm


def values_below(opened: Opened, paths: Collection[str]) -> dict[str, Any]:
    """The shown value of every field that a change at one of ``paths`` can be seen in."""
    return {
        name: form.shown(name)
        for form in _forms_of(opened, paths)
        for name in form.fields
        if any(overlap(name, path) for path in paths)
    }


def in_same_items(opened: Opened, names: Collection[str]) -> set[str]:
    """All fields of the list items to which the fields ``names`` belong: what is wrong with one may
    be mended, or come about, at another."""
    items = {
        f"{path}.{name.removeprefix(f'{path}.').split('.')[0]}"
        for path in opened.draft_type.keyed_lists
        for name in names
        if name.startswith(f"{path}.")
    }
    return {
        field
        for form in _forms_of(opened, items)
        for field in form.fields
        if field.startswith(tuple(f"{item}." for item in items))
    }


def values_of(opened: Opened, names: Collection[str]) -> dict[str, Any]:
    """The shown values of the fields ``names``, with those of items that are gone."""
    by_step: dict[str, set[str]] = {}
    for name in names:
        by_step.setdefault(opened.draft_type.step_of(name), set()).add(name)
    found: dict[str, Any] = {}
    for step, only in by_step.items():
        form = opened.form(opened.draft_type.step(step), only=only)
        found |= {name: form.shown(name) for name in form.fields} if form else {}
    return found


def lists_changed(opened: Opened, paths: Collection[str]) -> list[str]:
    """The lists that gained, lost, renamed or moved an item by changes at ``paths``, or whose rows
    tell of what was changed."""
    found = [
        spec.within or spec.path
        for form in _forms_of(opened, paths)
        for spec in form.lists
        if any((overlap if spec.has_rows else _concerns_items)(path, spec.path) for path in paths)
    ]
    return list(dict.fromkeys(found))


def label_of(opened: Opened, path: str) -> str:
    """What the field at ``path`` is called, with its step: "Category (Basic)"."""
    step = opened.draft_type.step(opened.draft_type.step_of(path))
    form = opened.form(step, below=[path])
    lists = [spec for spec in form.lists if _concerns_items(path, spec.path)] if form else []
    names = [name for name in form.fields if overlap(name, path)] if form else []
    if lists:
        label = str(lists[0].label)
    else:
        field = form.fields[names[0]].label if form and names else ""
        label = str(field or named(opened.draft_type, path)[0])
    return label if label == step.label else f"{label} ({step.label})"


def _concerns_items(path: str, list_path: str) -> bool:
    if path == list_path or list_path.startswith(f"{path}."):
        return True
    return path.startswith(f"{list_path}.") and "." not in path.removeprefix(f"{list_path}.")


def _forms_of(opened: Opened, paths: Collection[str]) -> Iterator[StepForm]:
    """The forms of the steps that own any of ``paths``."""
    for step in opened.draft_type.steps:
        if any(overlap(path, name) for path in paths for name in step.fields):
            form = opened.form(step, below=paths)
            if form is not None:
                yield form
