"""The form of the Workflow step: the settings of all nodes, and what a canvas posts of the graph.

Of a node a canvas posts ``nodes.<id>.type``, ``.position`` and ``.data`` as JSON, and nothing as
``nodes.<id>`` where it was removed; of a connection ``edges.<id>`` as JSON, or nothing. Of a copy
``.copied`` says what the nodes that were copied with it are called now, by their old names.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assistants import bases, running
from assistants.forms import model_choices, prompt_menu
from assistants.kinds import talking
from chatflows.drawn import drawing_of
from chatflows.forms.json_field import JsonField
from chatflows.forms.node_fields import fields_of
from chatflows.forms.rows import RowsInput
from chatflows.handles import handles_of
from chatflows.kinds import BY_NAME, KINDS, fresh_id, kind_of_id, new_node
from chatflows.naming import name_of, names_of, title_of
from chatflows.nodes import BY_KIND
from chatflows.nodes.model import ModelSettings
from chatflows.renaming import renamed_data
from chatflows.schema import FlowSettings
from chatflows.timetable import places
from drafts.forms.field_values import MISSING, field_value
from drafts.forms.step import ItemList, StepForm
from workspaces.credential_field import NOBODY_STORED, CredentialField, add_link, labelled
from workspaces.models import Credential

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping

    from chatflows.executor.graph import Edge
    from chatflows.executor.node import Node

HTTP = Credential.Kind.HTTP
NO_CREDENTIAL = gettext_lazy("None")
# Settings that are chosen from what a workspace has.
CREDENTIAL, BASE, FLOW = "credential_id", "kb_id", "chatflow_id"
PLACE = re.compile(r"nodes\.[^.]+\.position")
# And one that is chosen from what there is.
ZONE = "timezone"
# One that the flow's own setting bounds.
ROUNDS = "max_iterations"


def node_fields(form: StepForm, key: str) -> Mapping[str, forms.Field]:
    """The settings of the node ``key``, by the kind that it is or is about to be."""
    assert isinstance(form, WorkflowForm)
    node = form.kind_of(key)
    if node is None:
        return {}
    made = fields_of(node.settings)
    for field in made.values():
        # What an example reads of the node itself is called as this one is.
        field.help_text = field.help_text.replace(f"{{{{{node.kind}1.", f"{{{{{key}.")
        if isinstance(field.widget, RowsInput):
            form.offer_in_rows(field, field.widget)
    if CREDENTIAL in made:
        made[CREDENTIAL] = form.credential(made[CREDENTIAL], node)
    offered = {
        BASE: lambda: form.offered_bases,
        FLOW: lambda: form.offered_flows,
        ZONE: lambda: [(name, name) for name in places()],
    }
    for name in offered.keys() & made.keys():
        made[name] = form.choice(made[name], offered[name]())
    if BASE in made and len(form.offered_bases) == 1:
        made[BASE].help_text = form.way_to_a_base
    form.tell_rounds(made)
    return {f"data__{name}": field for name, field in made.items()}


def _asks_model(node: Node[Any]) -> bool:
    return issubclass(node.settings, ModelSettings)


def edge_fields(form: StepForm, key: str) -> Mapping[str, forms.Field]:
    """Where the connection ``key`` begins and leads to."""
    assert isinstance(form, WorkflowForm)
    source = next((e.edge.source for e in form.drawing.edges if e.id == key), "")
    each = form.drawing.nodes.get(source)
    ways = [(one["id"], one["label"] or _("Onwards")) for one in handles_of(each)] if each else []
    return {
        "source": forms.ChoiceField(label=_("From"), choices=form.node_choices),
        "sourceHandle": forms.ChoiceField(label=_("By"), choices=ways or [("", _("Onwards"))]),
        "target": forms.ChoiceField(label=_("To"), choices=form.node_choices),
    }


def addable(form: StepForm) -> Iterable[tuple[str, str]]:
    """A node of each kind that can still be added, by the id that it would have."""
    assert isinstance(form, WorkflowForm)
    taken = form.drawing.nodes.keys()
    return tuple(
        (fresh_id(kind.name, taken), str(kind.label))
        for kind in KINDS
        if not kind.most or len(form.drawing.of_kind(kind.name)) < kind.most
    )


def _node_it_leads_to(edge: Mapping[str, Any], document: Mapping[str, Any]) -> dict[str, Any]:
    """A connection may lead to a node that is only made with it."""
    target = edge["target"]
    there = {node.get("id") for node in document.get("nodes") or ()}
    node = BY_KIND.get(kind_of_id(target))
    is_made = target not in there and node is not None and node.has_input
    return {"nodes": {target: new_node(target)}} if is_made else {}


class WorkflowForm(StepForm):
    """Nodes and connections, item by item."""

    creates_variables_in = "variables"
    lists = (
        ItemList(
            "nodes",
            node_fields,
            label=gettext_lazy("Nodes"),
            add_label=gettext_lazy("Add a node"),
            choices=addable,
            new_of=new_node,
            title_of=lambda form, key: form.title_of(key),  # type: ignore[attr-defined]
            list_template="chatflows/steps/flow_list.html",
        ),
        ItemList(
            "edges",
            edge_fields,
            label=gettext_lazy("Connections"),
            add_label=gettext_lazy("Add a connection"),
            stem="e",
            new={"source": "", "sourceHandle": "", "target": ""},
            title_of=lambda form, key: form.connection(key),  # type: ignore[attr-defined]
            within="nodes",
            brings=_node_it_leads_to,
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.drawing = drawing_of(kwargs["document"])
        super().__init__(*args, **kwargs)

    def _add_item_fields(self) -> None:
        super()._add_item_fields()
        if self.is_bound and self.only is None:
            return  # a page without a script: what is not in it was not taken away
        for path in ("nodes", "edges"):
            for key in self.keys_made(path):
                self._add_drawn(path, key)

    def makes(self, without: Container[str] = ()) -> Iterable[str]:
        """A canvas tells of what kind a node is when it makes it."""
        for key in self.keys_made("nodes"):
            made, gone = f"nodes.{key}.type", f"nodes.{key}"
            if made in self.posted() and made not in without and gone not in self.posted():
                yield key

    def moves(self) -> Iterable[str]:
        """Two people may move one node at once; where it stands is nothing to decide about."""
        return (name for name in self.posted() if PLACE.fullmatch(name))

    def kept_otherwise(self, document: Mapping[str, Any]) -> Iterable[str]:
        """Connections that lead elsewhere, for what others drew at the same place."""
        for name in self.posted():
            edge = self.cleaned_data.get(name)
            kept = field_value(document, f"{name}.target", self.keyed_lists)
            if isinstance(edge, dict) and kept not in (MISSING, edge.get("target")):
                yield name

    def patch(self, without: Container[str] = ()) -> dict[str, Any]:
        """With the settings of copies reading the copies of what they read."""
        patch = super().patch(without)
        for node in (patch.get("nodes") or {}).values():
            names = node.pop("copied", None) if isinstance(node, dict) else None
            if isinstance(names, dict) and isinstance(node.get("data"), dict):
                node["data"] = renamed_data(str(node.get("type")), node["data"], names)
        return patch

    def _add_drawn(self, path: str, key: str) -> None:
        """What a canvas posts of an item, and hears of it."""
        whole = f"{path}.{key}"
        if path == "nodes":
            self.fields[f"{whole}.type"] = forms.CharField(widget=forms.HiddenInput)
            self.fields[f"{whole}.position"] = JsonField()
            if self.is_bound:
                self.fields[f"{whole}.data"] = JsonField()
                self.fields[f"{whole}.copied"] = JsonField()
        if self.is_bound or path == "edges":
            self.fields[whole] = JsonField()

    def kind_of(self, key: str) -> Node[Any] | None:
        """The kind of a node of the document, or of one that is posted for the first time."""
        if key in self.drawing.nodes:
            return self.drawing.nodes[key].node
        posted = str(self.data.get(f"nodes.{key}.type", "")) if self.is_bound else ""
        return BY_KIND.get(posted or kind_of_id(key))

    def title_of(self, key: str) -> str:
        """What a node is called in the list."""
        each = self.drawing.nodes.get(key)
        return title_of(each) if each else key

    def makeable(self) -> Iterable[tuple[str, str]]:
        """The nodes that can be added and that a connection can lead to."""
        return (each for each in addable(self) if BY_KIND[kind_of_id(each[0])].has_input)

    def connection(self, key: str) -> str:
        """A connection in words."""
        found = self._edges.get(key)
        if found is None:
            return _("New connection")
        source, target = self.drawing.nodes[found.source], self.drawing.nodes[found.target]
        return f"{name_of(source)} → {name_of(target)}"

    @cached_property
    def _edges(self) -> dict[str, Edge]:
        return {each.id: each.edge for each in self.drawing.edges}

    def called(self, name: str) -> str:
        """With the node that it belongs to, or from which it leads on."""
        path, key, *rest = name.split(".")
        if path == "edges":
            source = self._edges[key].source if key in self._edges else ""
            words = _("Connection from %(node)s") if source else _("A connection")
            return words % {"node": self._name_of(source)}
        field = self.fields[name].label if rest else ""
        return f"{self._name_of(key)}: {field}" if field else self._name_of(key)

    def said(self, name: str, value: Any) -> str:
        """What a canvas posts as JSON in words too."""
        if not isinstance(self.fields[name], JsonField):
            return super().said(name, value)
        given = self.fields[name].clean(value)
        if not isinstance(given, dict):
            return _("Removed")
        if not name.startswith("edges."):
            return _("Kept")
        ends = (self._name_of(str(given.get(end) or "")) for end in ("source", "target"))
        return " → ".join(ends)

    def _name_of(self, key: str) -> str:
        """What a node is called, also one that is posted for the first time."""
        if key in self.drawing.nodes:
            return name_of(self.drawing.nodes[key])
        node = self.kind_of(key)
        return f"{BY_NAME[node.kind].label} {key}" if node else key

    def node_choices(self) -> list[tuple[str, str]]:
        """Given to fields as a function: Django would go through a list once for each of them."""
        return [("", _("Choose a node")), *self._named_nodes]

    @cached_property
    def _named_nodes(self) -> list[tuple[str, str]]:
        return list(names_of(self.drawing.nodes.values()).items())

    @cached_property
    def offered_bases(self) -> list[tuple[str, str]]:
        offered = bases.choices(self.actor, self.draft_type.kind) if self.actor else ()
        return [("", _("Choose a knowledge base")), *offered]

    @property
    def way_to_a_base(self) -> str:
        """For whoever has none to choose; empty where nobody is known."""
        if self.actor is None:
            return ""
        url = reverse("drafts:new", args=(self.actor.workspace.slug, "kb"))
        words = _("There is no knowledge base yet.")
        return format_html('{} <a href="{}" target="_blank">{}</a>', words, url, _("Make one"))

    def offer_in_rows(self, field: forms.Field, rows: RowsInput) -> None:
        """Let a credential be chosen in each row that names one, and be stored beside them."""
        found = [(str(each.pk), labelled(each)) for each in self.credentials.of(HTTP)]
        if not rows.offer(CREDENTIAL, [("", str(NO_CREDENTIAL)), *found], credentials=HTTP):
            return
        if self.actor and self.actor.is_admin:
            field.help_text = format_html("{} {}", field.help_text, add_link(self.actor, HTTP))
        elif self.actor and not found:
            field.help_text = f"{field.help_text} {NOBODY_STORED}".strip()

    def credential(self, field: forms.Field, node: Node[Any]) -> CredentialField:
        """The choice of one that the node may use."""
        common: dict[str, Any] = {"label": field.label, "help_text": field.help_text}
        made = (
            model_choices.credential_field(**common)
            if _asks_model(node)
            else CredentialField(HTTP, nothing=NO_CREDENTIAL, **common)
        )
        made.widget.attrs |= field.widget.attrs
        return made

    @cached_property
    def offered_flows(self) -> list[tuple[str, str]]:
        kind = talking(self.draft_type)
        offered = running.choices(self.actor, kind, self.entity_id) if self.actor else ()
        return [("", _("Choose a chatflow")), *offered]

    def tell_rounds(self, made: Mapping[str, forms.Field]) -> None:
        """Of a node that may do with fewer than the flow allows, how many that are."""
        if ROUNDS in made:
            usual = FlowSettings.model_fields[ROUNDS].default
            most = (self.document.get("settings") or {}).get(ROUNDS) or usual
            words = _("Empty: as many as the flow allows, which is %(most)s (step Settings).")
            made[ROUNDS].help_text = words % {"most": most}

    def choice(self, field: forms.Field, choices: list[tuple[str, str]]) -> forms.Field:
        """The same as a choice; what a document holds already is added by ``_prepare``."""
        made = forms.ChoiceField(label=field.label, help_text=field.help_text, choices=choices)
        made.widget.attrs |= field.widget.attrs
        made.initial = field.initial
        return made

    def _prepare(self, name: str, form_field: forms.Field) -> None:
        super()._prepare(name, form_field)
        own = str(form_field.prepare_value(self.initial.get(name)) or "")
        if isinstance(form_field, forms.ChoiceField) and own:
            offered = [(str(value), str(label)) for value, label in form_field.choices]  # type: ignore[misc, union-attr]
            form_field.choices = model_choices.with_own(offered, own)

    def prompt_variables(self) -> list[dict[str, Any]]:
        """The declared variables; the menu in a node's settings asks for what is known there."""
        return [prompt_menu.declared(self.document)]
