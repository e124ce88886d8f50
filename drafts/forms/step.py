"""Step forms: Django forms whose field names are dotted paths of the draft's document.

A step's form has labels, widgets and types. Nothing is required and nothing is range-checked
here: the schema judges that when the draft is validated. A draft type subclasses ``StepForm``; two
underscores in a declared name stand for a dot: ``memory__max_messages`` is
``memory.max_messages``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from drafts.forms.field_values import MISSING, default_at, field_value, merged, nested, overlap
from drafts.forms.list_input import ListField, TextListField
from drafts.forms.parts import Group, Item, ItemList, Items, ShownGroup
from drafts.forms.values import as_shown, keeps_empty_text, with_plain_newlines
from workspaces.credential_field import CredentialField, Offered

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping

    from django.forms.boundfield import BoundField
    from django.http import QueryDict

    from drafts.types import DraftType
    from workspaces.access import Actor

__all__ = ["Group", "ItemList", "ListField", "StepForm", "TextListField"]

CHANGED = "_changed"


class StepForm(forms.Form):
    """The form of one step over one document.

    ``only`` are the names that were posted; the others keep what the document says. Without it
    (a plain form post) every field counts, and those that differ from the document are the patch.
    ``below`` are paths: of long lists only the fields that overlap one of them are made.
    ``draft_id`` is for kinds that keep something beside the document, ``entity_id`` the live one
    that the draft changes, if there is one.
    """

    use_required_attribute = False
    groups: ClassVar[tuple[Group, ...]] = ()
    lists: ClassVar[tuple[ItemList, ...]] = ()

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        draft_type: DraftType[Any],
        document: Mapping[str, Any],
        actor: Actor | None = None,
        only: Iterable[str] | None = None,
        below: Iterable[str] | None = None,
        draft_id: str = "",
        entity_id: UUID | None = None,
    ) -> None:
        self.draft_id, self.entity_id = draft_id, entity_id
        self.draft_type, self.document, self.actor = draft_type, document, actor
        self.only = None if only is None else frozenset(only)
        self.below = self.only if below is None else frozenset(below)
        super().__init__(None if data is None else with_plain_newlines(data), auto_id="field-%s")
        self._name_by_path()
        self._add_item_fields()
        for name, form_field in self.fields.items():
            self._prepare(name, form_field)
        if self.only is not None:
            self.fields = {n: f for n, f in self.fields.items() if n in self.only}

    creates_variables_in: ClassVar[str] = ""

    def prompt_menu(self) -> dict[str, Any]:
        """The JSON of the ``/`` menu, which opens in boxes with ``data-slash``."""
        return {"groups": self.prompt_variables(), "create": self.creates_variables_in}

    def prompt_variables(self) -> list[dict[str, Any]]:
        """What the ``/`` menu of prompt boxes offers: ``{"label", "variables": [{"name", "label",
        "hint", "type", "options"}]}`` per group, the type one of HTML's inputs or ``select``. Steps
        with a prompt box override it."""
        return []

    @property
    def keyed_lists(self) -> Mapping[str, str]:
        return self.draft_type.keyed_lists

    def value_of(self, name: str) -> Any:
        """What the field ``name`` shows for the document: its value, else the schema's default."""
        value = field_value(self.document, name, self.keyed_lists)
        if value is not MISSING and value is not None:
            return value
        declared = self.fields[name].initial if name in self.fields else None
        return declared if declared is not None else default_at(self.draft_type.schema, name)

    def keys_of(self, path: str) -> list[str]:
        """The keys of the list at ``path``, and of the items that were posted but are gone."""
        key_field = self.keyed_lists[path]
        items = field_value(self.document, path, self.keyed_lists)
        keys = [str(item[key_field]) for item in items or ()] if items is not MISSING else []
        posted = [n.removeprefix(f"{path}.").split(".")[0] for n in self._posted_below(path)]
        return list(dict.fromkeys(keys + posted))

    def keys_made(self, path: str) -> list[str]:
        """The keys of those items that have fields in this form."""
        keys = self.keys_of(path)
        if self.below is None:
            return keys
        return [k for k in keys if any(overlap(f"{path}.{k}", each) for each in self.below)]

    def _posted_below(self, path: str) -> Iterator[str]:
        return (name for name in sorted(self.only or ()) if name.startswith(f"{path}."))

    def _name_by_path(self) -> None:
        self.fields = {n.replace("__", "."): f for n, f in self.fields.items()}

    def _add_item_fields(self) -> None:
        for spec in self.lists:
            for key in self.keys_made(spec.path):
                for name, form_field in spec.fields_of(self, key).items():
                    dotted = name.replace("__", ".")
                    self.fields[f"{spec.path}.{key}.{dotted}"] = form_field
                    if dotted == self.keyed_lists[spec.path]:
                        form_field.widget.attrs["data-rename"] = spec.path

    def _prepare(self, name: str, form_field: forms.Field) -> None:
        form_field.required = False
        if isinstance(form_field, forms.CharField):
            form_field.strip = False
        form_field.widget.attrs.setdefault("autocomplete", "off")
        # A browser would cut what is pasted without a word; the schema says what is too long.
        form_field.widget.attrs.pop("maxlength", None)
        self.initial[name] = self.value_of(name)
        if isinstance(form_field, CredentialField):
            form_field.offer(self.credentials, str(self.initial[name] or ""))

    @cached_property
    def credentials(self) -> Offered:
        """The workspace's credentials, for the fields in which one is chosen."""
        return Offered(self.actor)

    # What the templates show.

    @cached_property
    def item_lists(self) -> tuple[Items, ...]:
        return tuple(self._items(spec) for spec in self.lists)

    def item_list(self, path: str) -> Items:
        return next(items for items in self.item_lists if items.spec.path == path)

    def _items(self, spec: ItemList) -> Items:
        keys = self.keys_of(spec.path)
        choices = spec.choices(self) if spec.choices else ()
        return Items(
            spec,
            tuple(self._item(spec, key) for key in keys),
            tuple(choice for choice in choices if choice[0] not in keys),
        )

    def _item(self, spec: ItemList, key: str) -> Item:
        prefix = f"{spec.path}.{key}."
        names = [name for name in self.fields if name.startswith(prefix)]
        fields = {name.removeprefix(prefix): self[name] for name in names}
        if spec.title_of:
            return Item(key, spec.title_of(self, key), fields)
        if spec.title_field in fields:
            title = str(fields[spec.title_field].value() or "").strip()
            return Item(key, title or str(spec.untitled) or key, fields)
        labels = dict(spec.choices(self)) if spec.choices else {}
        return Item(key, labels.get(key) or str(spec.gone) or key, fields)

    def grouped(self) -> Iterator[ShownGroup]:
        """The groups with their fields; fields that no group names come first, untitled."""
        named = {name for group in self.groups for name in group.fields}
        in_lists = tuple(f"{spec.path}." for spec in self.lists)
        rest = tuple(n for n in self.fields if n not in named and not n.startswith(in_lists))
        for group in (Group("", rest), *self.groups):
            fields = [self[name] for name in group.fields if name in self.fields]
            if fields:
                yield ShownGroup(group, fields)

    def note(self, name: str, message: str) -> None:
        """Show a problem of the document at the field, as if it had been posted wrong."""
        self.errors[name] = self.error_class([message])

    # What was posted.

    def clean(self) -> dict[str, Any]:
        """The name of an item can be changed but not taken away, nor given twice."""
        for name in self.posted():
            path = self.fields[name].widget.attrs.get("data-rename")
            if path and name in self.cleaned_data:
                self._check_key(name, path, self.cleaned_data[name])
        return self.cleaned_data

    def _check_key(self, name: str, path: str, new: str) -> None:
        old = name.removeprefix(f"{path}.").split(".")[0]
        if not new:
            self.add_error(name, _("It needs a name."))
        elif "." in new:
            self.add_error(name, _("Leave out the dot."))
        elif new != old and new in self.keys_of(path) and not self._is_renamed(path, old, new):
            self.add_error(name, _("There is one with this name already."))

    def _is_renamed(self, path: str, old: str, new: str) -> bool:
        """Whether the rename was done before, and whoever posts it has not heard of that."""
        old_item, new_item = (
            field_value(self.document, f"{path}.{key}", self.keyed_lists) for key in (old, new)
        )
        return old_item is MISSING and new_item is not MISSING

    def posted(self) -> list[str]:
        """The names that the patch is about."""
        if self.only is not None:
            return [name for name in self.fields if name in self.only]
        return [name for name in self.fields if self._differs(self[name])]

    def _differs(self, bound: BoundField) -> bool:
        return bound.field.has_changed(bound.initial, bound.data)

    def rejected(self) -> dict[str, str]:
        """The first thing wrong with each posted field that cannot be kept as typed."""
        return {name: str(errors[0]) for name, errors in self.errors.items() if name in self.fields}

    def renames(self) -> list[tuple[str, str, str]]:
        """``(list path, old key, new key)`` of items whose key was edited."""
        found = []
        for name in self.posted():
            path = self.fields[name].widget.attrs.get("data-rename")
            old = name.removeprefix(f"{path}.").split(".")[0]
            new = self.cleaned_data.get(name)
            if path and new and new != old:
                found.append((path, old, str(new)))
        return found

    def makes(self, without: Container[str] = ()) -> Iterable[str]:
        """The keys of the nodes that are posted for the first time, for steps with a canvas."""
        return ()

    def moves(self) -> Iterable[str]:
        """The names of posted fields that say where something is drawn."""
        return ()

    def kept_otherwise(self, document: Mapping[str, Any]) -> Iterable[str]:
        """The names of posted fields that ``document`` has otherwise, once they were saved."""
        return ()

    def patch(self, without: Container[str] = ()) -> dict[str, Any]:
        """The merge patch of the fields that were posted and can be kept."""
        patch: dict[str, Any] = {}
        for name in self.posted():
            if name in self.cleaned_data and name not in without:
                merged(patch, nested(self._place_of(name), self._plain(name)))
        return patch

    def _place_of(self, name: str) -> str:
        """Where the field ``name`` is kept: an item that was renamed before has a new name."""
        for path, old, new in self.renames():
            below = f"{path}.{old}."
            if name.startswith(below) and self._is_renamed(path, old, new):
                return f"{path}.{new}.{name.removeprefix(below)}"
        return name

    def _plain(self, name: str) -> Any:
        """The cleaned value as JSON data; None (remove, so the default applies) when left empty."""
        value, form_field = self.cleaned_data[name], self.fields[name]
        if value == "" and not keeps_empty_text(form_field):
            return None
        if isinstance(value, UUID):
            return str(value)
        return value.isoformat() if hasattr(value, "isoformat") else value

    def shown(self, name: str) -> Any:
        """What the field's control shows for the document, as JSON data."""
        return as_shown(self.fields[name].prepare_value(self.value_of(name)))

    def typed(self, name: str) -> Any:
        """What was posted for the field, in the same form."""
        return as_shown(self[name].value())

    # What people read who choose between what two of them typed.

    def called(self, name: str) -> str:
        """What the field is called."""
        return str(self.fields[name].label or name)

    def said(self, name: str, value: Any) -> str:
        """What its control shows as ``value``, in words."""
        if isinstance(value, bool):
            return str(_("On") if value else _("Off"))
        choices = getattr(self.fields[name], "choices", ())
        labels = {str(key): str(label) for key, label in choices}
        return labels.get(str(value), str(value))
