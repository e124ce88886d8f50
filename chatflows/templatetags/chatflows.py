"""What templates of the chatflow builder look up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _

from chatflows import canvas, naming, starts
from chatflows.canvas_texts import canvas_texts
from chatflows.cases import told
from chatflows.executor.node import ReachingSettings, Settings
from chatflows.forms.workflow import WorkflowForm
from chatflows.listing import Listing
from chatflows.nodes.model import ModelSettings
from drafts.forms.parts import Group, ShownGroup

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatflows.cases.told import Row, Told
    from chatflows.drawn import DrawnNode
    from chatflows.listing import ListedNode
    from drafts.builder.frame import Frame
    from drafts.builder.opened import Opened
    from drafts.draft import Draft
    from drafts.forms.parts import Item

register = template.Library()
# Where the canvas's script puts the id of a node.
PLACE = "__node__"
MODEL = ModelSettings.model_fields.keys() - ReachingSettings.model_fields.keys()
FAILING = ReachingSettings.model_fields.keys() - Settings.model_fields.keys()


@register.simple_tag
def canvas_data(frame: Frame, sprite: str, focus: str) -> dict[str, Any]:
    """What the canvas has to know when it is shown; ``sprite`` is the address of the icons, and
    ``focus`` the path of what somebody came to mend."""
    opened = frame.opened
    place = (opened.actor.workspace.slug, opened.draft.id, PLACE)
    node_url = reverse("chatflows:node", args=place)
    told = canvas.canvas_data(opened, frame.issues)
    shown: dict[str, Any] = {"sprite": sprite}
    shown |= {"node_url": node_url, "focus": _node_of(focus), "path": focus}
    shown |= {"column": canvas.column_in(opened, frame.issues)} if focus else {}
    return told | shown | {"texts": canvas_texts()}


def _node_of(path: str) -> str:
    """The node that a path of the document leads into."""
    top, _dot, rest = path.partition(".")
    return rest.partition(".")[0] if top == "nodes" else ""


@register.filter
def node_groups(item: Item) -> list[ShownGroup]:
    """The settings of a node: its own, then its model, then what happens when it fails."""
    by_name = {bound.name.rpartition(".")[2]: bound for bound in item.fields.values()}
    shown_ones = {name: bound for name, bound in by_name.items() if not bound.is_hidden}
    # A credential is a model's only where there is a model.
    model = MODEL if "provider" in by_name else frozenset()
    own = shown_ones.keys() - model - FAILING
    groups = (
        (Group("", ()), own),
        (Group(_("Model settings"), (), advanced=True), model),
        (Group(_("Errors and time limits"), (), advanced=True), FAILING),
    )
    shown = [
        ShownGroup(group, [bound for name, bound in shown_ones.items() if name in names])
        for group, names in groups
    ]
    return [group for group in shown if group.fields]


@register.simple_tag
def flow_listing(form: WorkflowForm, frame: Frame) -> Listing:
    """The flow as the list view shows it."""
    return Listing(form, frame)


@register.simple_tag
def rows_near(frame: Frame) -> list[ListedNode]:
    """The rows that may tell something else after a save: of what is edited, and around it."""
    form = frame.opened.form(frame.current, below=())
    assert isinstance(form, WorkflowForm)
    listing = Listing(form, frame)
    return list(listing.rows(listing.near()))


@register.simple_tag
def starts_of(draft: Draft) -> str:
    """The kinds of a draft's starts."""
    return " ".join(starts.starts_in(draft.data))


@register.simple_tag
def next_runs(each: DrawnNode) -> str:
    """When a start begins its flow by itself next."""
    return starts.next_runs(starts.settings_of(each))


@register.filter
def kind_name(each: DrawnNode) -> str:
    """What a node's kind is called."""
    return naming.kind_of(each)


@register.simple_tag
def canvas_state(frame: Frame) -> dict[str, Any]:
    """What the canvas has to know after each save."""
    return canvas.canvas_state(frame.opened, frame.issues)


@register.simple_tag
def list_state(frame: Frame) -> dict[str, Any]:
    """The same for the list view, which has its rows from elsewhere."""
    return {"faults": canvas.faults_in(frame.opened, frame.issues)}


@register.simple_tag
def cases_told(opened: Opened) -> Told:
    """What came of the draft's test cases."""
    return told.told(opened.draft)


@register.filter
def at(rows: Mapping[str, Row] | str, key: str) -> Row | None:
    """The row of a case; None for one that is not known, or where none are."""
    return rows.get(key) if rows and not isinstance(rows, str) else None


@register.simple_tag
def node_url(opened: Opened, node_id: str) -> str:
    """The address that leads to a node on the canvas."""
    return opened.field_url(f"nodes.{node_id}")


@register.simple_tag
def case_url(opened: Opened, case_id: str) -> str:
    """The address that leads to a test case."""
    return opened.field_url(f"test_cases.{case_id}")
