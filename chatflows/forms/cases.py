"""The form of the Test cases step: what a visitor writes, and what must come of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from chatflows.cases.reading import cases_of
from chatflows.cases.schema import MOST_MESSAGES
from chatflows.cases.wording import EXPECTATIONS, title_of
from chatflows.drawn import drawing_of
from chatflows.forms.rows import RowsField, RowsInput
from chatflows.known import known_after
from chatflows.naming import names_of
from drafts.forms.list_input import ListField, ListInput
from drafts.forms.step import ItemList, StepForm

if TYPE_CHECKING:
    from collections.abc import Mapping

# Expectations by what their value is.
TEXTS = ("contains", "not_contains", "equals", "matches")
NODES = ("passes_node", "avoids_node")


def case_fields(form: StepForm, key: str) -> Mapping[str, forms.Field]:
    """The fields of one case."""
    assert isinstance(form, CasesForm)
    fields: dict[str, forms.Field] = {
        "name": forms.CharField(
            label=_("Name"),
            widget=forms.TextInput(attrs={"placeholder": _("What it is about")}),
        ),
        "messages": ListField(
            label=_("What the visitor writes"),
            help_text=_("One message after the other, each after the answer to the one before."),
            widget=ListInput(maximum=MOST_MESSAGES, begun=True),
        ),
    }
    if form.variables or form.sets_variables(key):
        fields["variables"] = form.variables_field()
    fields["expectations"] = form.expectations_field()
    return fields


class CasesForm(StepForm):
    """The test cases."""

    lists = (
        ItemList(
            "test_cases",
            case_fields,
            label=_("Test cases"),
            add_label=_("Add test case"),
            stem="case",
            new={
                "name": "",
                "messages": [],
                "expectations": [{"kind": "contains", "value": ""}],
            },
            title_of=lambda form, key: form.title_of(key),  # type: ignore[attr-defined]
            template="chatflows/steps/case.html",
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.drawing = drawing_of(kwargs["document"])
        self.cases = {case.id: case for case in cases_of(kwargs["document"])}
        super().__init__(*args, **kwargs)

    def title_of(self, key: str) -> str:
        """What a case is called in the list."""
        case = self.cases.get(key)
        return title_of(case) if case else key

    def sets_variables(self, key: str) -> bool:
        """Whether the case says anything of its visitor, whatever the flow declares by now."""
        case = self.cases.get(key)
        return bool(case and case.variables)

    @property
    def variables(self) -> list[str]:
        """The names of those that the flow declares."""
        return list(self.drawing.variables)

    def variables_field(self) -> RowsField:
        offered = [{"value": name, "label": name} for name in self.variables]
        return RowsField(
            label=_("What is known of the visitor"),
            widget=RowsInput(
                [
                    _column("name", _now("Variable"), "select", offered),
                    _column("value", _now("Value")),
                ],
                adds=_now("Add a value"),
            ),
        )

    def expectations_field(self) -> RowsField:
        kinds = [{"value": key, "label": str(label)} for key, label in EXPECTATIONS.items()]
        return RowsField(
            label=_("What must come of it"),
            help_text=_("Letter case and blanks make no difference, except to a pattern (RE2)."),
            widget=RowsInput(
                [
                    _column("kind", _now("Expectation"), "select", kinds),
                    _column("value", _now("Text"), when=TEXTS),
                    _column("value", _now("Node"), "select", self._nodes, when=NODES),
                    _column("value", _now("Condition"), "code", when=("condition",)),
                ],
                adds=_now("Add an expectation"),
            ),
        )

    @cached_property
    def _nodes(self) -> list[dict[str, str]]:
        names = names_of([each for each in self.drawing.nodes.values() if each.node.has_input])
        return [
            {"value": "", "label": _now("Choose a node")},
            *({"value": node_id, "label": name} for node_id, name in names.items()),
        ]

    def prompt_variables(self) -> list[dict[str, Any]]:
        """What the ``/`` menu offers in conditions."""
        return known_after(self.drawing, self.document)


def _column(
    name: str,
    label: str,
    kind: str = "text",
    options: list[dict[str, str]] | None = None,
    when: tuple[str, ...] = (),
) -> dict[str, Any]:
    """A column of rows; ``when``: only where the row's kind is one of these."""
    column = {"name": name, "label": label, "kind": kind, "options": options or []}
    return column | ({"when": {"kind": list(when)}} if when else {})
