"""The difference between two configurations in the words of the builder's forms: what a place is
called there, and its value as people read it."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _

from drafts.forms.field_values import nested
from drafts.forms.naming import named
from drafts.forms.parts import OFF, ON
from drafts.messages import humanised

if TYPE_CHECKING:
    from collections.abc import Iterable

    from drafts.deploying.planning import Between, PlannedChange
    from drafts.types import DraftType
    from workspaces.access import Actor

# From here on only the part of a text that differs is shown, with a little around it.
LONG = 160
AROUND = 40


def in_words(
    draft_type: DraftType[Any], changes: Iterable[PlannedChange], between: Between, actor: Actor
) -> list[dict[str, str | None]]:
    """``changes`` as ``components/diff.html`` shows them to ``actor``."""
    read = draft_type.told(changes, between, actor)
    return [_told(draft_type, change, actor) for change in read]


def _told(draft_type: DraftType[Any], change: PlannedChange, actor: Actor) -> dict[str, str | None]:
    item = draft_type.item_name(change.item) if change.item else ""
    label, declared = named(draft_type, change.path, item)
    before, after = (
        _value(value, _offering(draft_type, change.path, value, declared, actor))
        for value in (change.before, change.after)
    )
    if before and after and max(len(before), len(after)) > LONG:
        before, after = _narrowed(before, after)
    called = change.sentence or change.label or label
    return {"path": change.path, "label": called, "from": before, "to": after}


def _offering(
    draft_type: DraftType[Any],
    path: str,
    value: Any,
    declared: forms.Field | None,
    actor: Actor,
) -> forms.Field | None:
    """The field with what it offers ``actor`` while ``value`` is chosen: some choices are known
    only when the form is made, such as the credentials of a workspace."""
    form = draft_type.step(draft_type.step_of(path)).form
    if form is None or not isinstance(declared, forms.ChoiceField):
        return declared
    # Most items of lists have fields only where the document has them.
    is_in_list = any(path.startswith(f"{listed}.") for listed in draft_type.keyed_lists)
    if is_in_list and path not in getattr(form, "base_fields", {}):
        return declared
    made = form(draft_type=draft_type, document=nested(path, value), actor=actor)
    return made.fields.get(path, declared)


def _value(value: Any, field: forms.Field | None = None) -> str | None:
    """A value for people; None for nothing, unless to choose nothing has a name."""
    if value is None:
        return _choice("", field) or None
    if isinstance(value, bool):
        return str(ON if value else OFF)
    if isinstance(value, Mapping):
        told = ((humanised(name), _value(inner)) for name, inner in value.items())
        return "\n".join(f"{name}: {text}" for name, text in told if text) or _("Empty")
    if isinstance(value, list | tuple):
        return ("\n" if _any_mapping(value) else ", ").join(
            _value(item, field) or "" for item in value
        ) or _("Empty")
    return _choice(str(value), field) or _("Empty")


def _any_mapping(values: Iterable[Any]) -> bool:
    return any(isinstance(each, Mapping) for each in values)


def _choice(value: str, field: forms.Field | None) -> str:
    if not isinstance(field, forms.ChoiceField):
        return value
    labels = {str(key): str(label) for key, label in list(field.choices)}  # type: ignore[arg-type]
    return labels.get(value, value)


def _narrowed(before: str, after: str) -> tuple[str, str]:
    """The two texts without what they begin and end with alike, but for a little of it."""
    start = max(0, _alike(before, after) - AROUND)
    room = min(len(before), len(after)) - start
    end = max(0, min(_alike(reversed(before), reversed(after)), room) - AROUND)
    return _cut(before, start, end), _cut(after, start, end)


def _alike(one: Iterable[str], other: Iterable[str]) -> int:
    """With how many characters both begin."""
    pairs = zip(one, other, strict=False)
    return sum(1 for _pair in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _cut(text: str, start: int, end: int) -> str:
    middle = text[start : len(text) - end]
    return f"{'…' if start else ''}{middle}{'…' if end else ''}"
