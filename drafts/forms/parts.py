"""How a step's form is laid out: titled groups of fields, and lists edited item by item."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from common.widgets import Amount

if TYPE_CHECKING:
    from django.forms.boundfield import BoundField
    from django.utils.functional import _StrPromise

    from drafts.forms.step import StepForm

FieldsOfItem = Callable[["StepForm", str], Mapping[str, forms.Field]]
ADD, ON, OFF = _("Add"), _("On"), _("Off")


@dataclass(frozen=True)
class Group:
    """A titled part of a step's form. ``help`` says in one sentence why it matters; an ``advanced``
    group is folded, with its values in the summary line. Names are dotted."""

    title: str | _StrPromise
    fields: tuple[str, ...]
    help: str | _StrPromise = ""
    advanced: bool = False


@dataclass(frozen=True)
class ShownGroup:
    """A group as the template shows it."""

    group: Group
    fields: list[BoundField]

    @property
    def has_errors(self) -> bool:
        return any(bound.errors for bound in self.fields)

    @property
    def summary(self) -> str:
        """The values of a folded group in one line."""
        return " · ".join(filter(None, map(in_summary, self.fields)))


@dataclass(frozen=True)
class ItemList:
    """A list of the document that merges by key, edited item by item.

    ``item_form`` declares the fields of one item (or is a function of the form and the key that
    returns them). A field named like the list's key renames the item. ``new`` is what an added item
    holds, ``stem`` starts its key (``variable`` gives ``variable_1``). Where keys are not free but
    chosen, ``choices`` gives those that can still be added; ``new_of`` makes of such a key what is
    added. An item is called what ``title_of`` makes of its key, or by what its field
    ``title_field`` says (``untitled`` while that is nothing), else by its choice (``gone`` when
    there is none any more), else by its key.

    A long list has a ``list_template`` of its own, with a row for each item that tells of it, and
    the fields of the one alone that is edited. The rows of one list may tell of another's items,
    which is then shown ``within`` it. What is added may bring items of another list along: what
    ``brings`` makes of it and the document, as a patch.
    """

    path: str
    item_form: type[forms.BaseForm] | FieldsOfItem
    label: str | _StrPromise
    add_label: str | _StrPromise = ADD
    empty: str | _StrPromise = ""
    stem: str = "item"
    new: Mapping[str, Any] = field(default_factory=dict)
    choices: Callable[[StepForm], Iterable[tuple[str, str]]] | None = None
    new_of: Callable[[str], Mapping[str, Any]] | None = None
    title_of: Callable[[StepForm, str], str] | None = None
    template: str = "drafts/item.html"
    title_field: str = ""
    gone: str | _StrPromise = ""
    untitled: str | _StrPromise = ""
    list_template: str = "drafts/item_list.html"
    within: str = ""
    brings: Callable[[Mapping[str, Any], Mapping[str, Any]], dict[str, Any]] | None = None

    @property
    def has_rows(self) -> bool:
        """Whether its items are told of in rows, here or in those of another list."""
        return bool(self.within) or self.list_template != "drafts/item_list.html"

    def new_item(self, key: str, given: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """What an item holds that is added as ``key``; of ``given`` what is in ``new`` too."""
        held = dict(self.new_of(key) if self.new_of else self.new)
        return held | {name: value for name, value in (given or {}).items() if name in self.new}

    def fields_of(self, form: StepForm, key: str) -> Mapping[str, forms.Field]:
        if isinstance(self.item_form, type):
            return deepcopy(cast("type[forms.Form]", self.item_form).base_fields)
        return self.item_form(form, key)


@dataclass(frozen=True)
class Item:
    """One item of a list as the template shows it: ``fields`` by their names without a prefix."""

    key: str
    label: str
    fields: Mapping[str, BoundField]


@dataclass(frozen=True)
class Items:
    """A list editor as the template shows it."""

    spec: ItemList
    items: tuple[Item, ...]
    choices: tuple[tuple[str, str], ...]

    @property
    def from_choices(self) -> bool:
        """Whether what is added is chosen, not made."""
        return self.spec.choices is not None

    @property
    def has_errors(self) -> bool:
        return any(bound.errors for item in self.items for bound in item.fields.values())

    @property
    def element_id(self) -> str:
        return element_id(self.spec.path)


def in_summary(bound: BoundField) -> str:
    """A field's value where its label does not stand beside it: a switch, or a number without a
    unit, says nothing alone."""
    words, field = in_words(bound), bound.field
    is_bare = isinstance(field, forms.BooleanField | forms.IntegerField)
    is_bare = is_bare and not isinstance(field.widget, Amount)
    return f"{bound.label}: {words}" if words and is_bare else words


def in_words(bound: BoundField) -> str:
    """A field's value as people read it."""
    value = bound.value()
    if isinstance(bound.field, forms.BooleanField):
        return str(ON if value else OFF)
    if isinstance(bound.field, forms.ChoiceField):
        chosen = value if isinstance(value, list | tuple) else [value]
        labels = {str(key): str(label) for key, label in list(bound.field.choices)}  # type: ignore[arg-type]
        return ", ".join(labels.get(str(key), str(key)) for key in chosen if key)
    if isinstance(bound.field.widget, Amount) and isinstance(value, int):
        return bound.field.widget.in_words(value)
    if isinstance(value, list | tuple):
        return ", ".join(str(each) for each in value if each)
    return "" if value is None else str(value)


def element_id(path: str) -> str:
    """``path`` as part of an element's id."""
    return path.replace(".", "-").replace(" ", "_")
