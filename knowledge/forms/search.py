"""Step 4: how the base is searched."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from drafts.forms.step import Group, StepForm

METHODS = (
    ("hybrid", _("Hybrid: meaning and words together")),
    ("vector", _("Meaning: finds paraphrases")),
    ("keyword", _("Words: finds names and numbers")),
)


class SearchForm(StepForm):
    """Method, number of passages, least relevance."""

    retrieval_config__search_method = forms.ChoiceField(
        label=_("Search method"),
        choices=METHODS,
        help_text=_("Hybrid measured best on every kind of text."),
    )
    retrieval_config__top_k = forms.IntegerField(
        label=_("Passages"),
        help_text=_("How many an answer may rest on. More cost more and distract."),
        widget=forms.NumberInput(attrs={"min": 1, "max": 50}),
    )
    retrieval_config__score_threshold = forms.FloatField(
        label=_("Least relevance"),
        help_text=_(
            "From 0 to 1. Below it nothing is found, and the answer says so. Try questions to "
            "see yours."
        ),
        widget=forms.NumberInput(
            attrs={"min": 0, "max": 1, "step": 0.05, "placeholder": _("None")}
        ),
    )
    groups = (
        Group(
            _("How it is searched"),
            (
                "retrieval_config.search_method",
                "retrieval_config.top_k",
                "retrieval_config.score_threshold",
            ),
            _("Chatbots may override it for themselves."),
        ),
    )
