"""One attached knowledge base in a form: which there are, and how it is searched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assistants.bases import choices
from common.widgets import Switch
from drafts.forms.step import StepForm, TextListField

if TYPE_CHECKING:
    from collections.abc import Iterable

SEARCH_METHODS = (
    ("", _("As the knowledge base is set")),
    ("hybrid", _("Hybrid: meaning and words together")),
    ("vector", _("Meaning: finds paraphrases")),
    ("keyword", _("Words: finds names and numbers")),
)
RERANKING = (
    ("", _("As the knowledge base is set")),
    ("on", _("Compare the best passages once more")),
    ("off", _("Do not compare them once more")),
)


class OwnOrSwitch(forms.TypedChoiceField):
    """On, off, or neither, which keeps another setting: True, False, None."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(coerce={"on": True, "off": False}.__getitem__, empty_value=None, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """What the control shows: a posted choice as it is, a document's by its name."""
        return {True: "on", False: "off"}.get(value, value)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


class AttachedForm(forms.Form):
    """One attached knowledge base: on or off, and what differs from its own settings."""

    enabled = forms.BooleanField(
        label=_("Search it"),
        widget=Switch,
        help_text=_("Switch it off to try answers without it and keep its settings."),
    )
    override_retrieval__search_method = forms.ChoiceField(
        label=_("Search method"), choices=SEARCH_METHODS
    )
    override_retrieval__top_k = forms.IntegerField(
        label=_("Passages"),
        help_text=_(
            "How many of this base go into the prompt. More cost more and distract. Bases without "
            "a number here share as many as one of them would give."
        ),
        widget=forms.NumberInput(attrs={"min": 1, "max": 50, "placeholder": _("Its own")}),
    )
    override_retrieval__score_threshold = forms.FloatField(
        label=_("Least relevance"),
        help_text=_("From 0 to 1; 0.3 is 30 % relevant. Leaves out what only looks related."),
        widget=forms.NumberInput(
            attrs={"min": 0, "max": 1, "step": 0.05, "placeholder": _("Its own")}
        ),
    )
    override_retrieval__rerank = OwnOrSwitch(
        label=_("Rerank"),
        choices=RERANKING,
        help_text=_("It takes half a second. Where one base wants it, all passages are reranked."),
    )
    override_retrieval__filters__tags = TextListField(
        label=_("Only what is tagged"),
        help_text=_(
            "One tag per line, as sources of the base have them; one of them is enough. Empty: all."
        ),
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false"}),
    )


def offered(form: StepForm) -> Iterable[tuple[str, str]]:
    """The workspace's knowledge bases as choices."""
    return choices(form.actor, form.draft_type.kind) if form.actor else ()
