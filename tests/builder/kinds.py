"""A kind of its own for the builder's tests: every shape of field, and nothing of any product."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from django import forms
from pydantic import Field

from common.schema import Schema
from common.widgets import Slider, Switch
from drafts.forms.step import Group, ItemList, ListField, StepForm, TextListField
from drafts.issue import Issue
from drafts.models import Entity
from drafts.step import Step
from drafts.template import Template
from drafts.types import DraftType

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from workspaces.access import Actor


class Place(Schema):
    name: str = Field(pattern=r"^\w+$")
    label: str = ""
    color: Literal["red", "green"] = "red"
    tags: tuple[str, ...] = ()


class Limits(Schema):
    enabled: bool = True
    most: int = Field(default=5, ge=1, le=10)


class MachineSchema(Schema):
    name: str = Field(min_length=1, max_length=120)
    speed: float = Field(default=0.7, ge=0, le=2)
    mode: Literal["slow", "fast"] = "slow"
    notes: str = ""
    colors: tuple[str, ...] = ()
    prompts: tuple[str, ...] = ()
    limits: Limits = Limits()
    prompt: str = Field(min_length=1)
    places: tuple[Place, ...] = ()


class BasicsForm(StepForm):
    name = forms.CharField(label="Name")
    mode = forms.ChoiceField(
        label="Mode", choices=(("slow", "Slow"), ("fast", "Fast")), widget=forms.RadioSelect
    )
    speed = forms.FloatField(label="Speed", widget=Slider(0, 2, 0.1))
    notes = forms.CharField(label="Notes", widget=forms.Textarea)
    colors = forms.MultipleChoiceField(
        label="Colors",
        choices=(("red", "Red"), ("green", "Green")),
        widget=forms.CheckboxSelectMultiple,
    )
    prompts = ListField(label="Prompts")
    limits__enabled = forms.BooleanField(label="Limited", widget=Switch)
    limits__most = forms.IntegerField(label="Most")
    groups = (Group("Limits", ("limits.enabled", "limits.most"), advanced=True),)


class PromptForm(StepForm):
    prompt = forms.CharField(label="Prompt", widget=forms.Textarea(attrs={"data-slash": ""}))
    creates_variables_in = "places"

    def prompt_variables(self) -> list[dict[str, Any]]:
        names = [{"name": key} for key in self.keys_of("places")]
        return [{"label": "Places", "variables": [*names, {"name": "user_email"}]}]


class PlaceForm(forms.Form):
    name = forms.CharField(label="Name")
    label = forms.CharField(label="Label")
    color = forms.ChoiceField(label="Color", choices=(("red", "Red"), ("green", "Green")))
    tags = TextListField(label="Tags")


class PlacesForm(StepForm):
    lists = (ItemList("places", PlaceForm, label="Places", add_label="Add a place", stem="place"),)


BASIC_FIELDS = ("name", "mode", "speed", "notes", "colors", "prompts", "limits")


class Machine(DraftType[MachineSchema]):
    kind = "machine"
    url_name = "machines"
    label = "Machine"
    label_plural = "Machines"
    schema = MachineSchema
    model = Entity
    steps = (
        Step("basics", "Basics", BASIC_FIELDS, BasicsForm),
        Step("prompt", "Prompt", ("prompt",), PromptForm),
        Step("places", "Places", ("places",), PlacesForm),
    )
    templates = (Template("quick", "Quick", "A quick one", {"name": "Quick", "mode": "fast"}),)
    keyed_lists = {"places": "name"}
    panel = "conversations/panel.html"

    def warnings(self, data: Mapping[str, Any], actor: Actor) -> Iterable[Issue]:
        del actor
        if not data.get("places"):
            yield Issue("warning", "There are no places", "places", "places")

    def renamed(
        self, document: Mapping[str, Any], path: str, names: Mapping[str, str]
    ) -> dict[str, Any]:
        assert path == "places"
        prompt = document.get("prompt", "")
        for old, new in names.items():
            prompt = prompt.replace(f"{{{{{old}}}}}", f"{{{{{new}}}}}")
        return {"prompt": prompt} if prompt else {}

    def apply(self, configuration: MachineSchema, entity: Entity) -> None:
        entity.name = configuration.name
        entity.slug = entity.slug or f"machine-{entity.pk}"
