"""Step 2: which knowledge bases are searched before an answer, and how."""

from __future__ import annotations

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from assistants.forms.attached import AttachedForm, offered
from drafts.forms.step import Group, ItemList, StepForm
from knowledge.retrieval.fitting import LEAST_RELEVANCE

BEHAVIOURS = (
    ("say_so", _("The model says that it does not know")),
    ("answer", _("The model answers from what it knows itself")),
    ("message", _("The visitor gets a message of yours; the model is not asked")),
)


class KnowledgeForm(StepForm):
    """The attached knowledge bases, and what happens when nothing is found in them."""

    no_answer__behaviour = forms.ChoiceField(
        label=_("When nothing fits the question"),
        choices=BEHAVIOURS,
        widget=forms.RadioSelect,
        help_text=format_lazy(
            _(
                "Nothing fits when no passage reaches the least relevance: this chatbot's, else "
                "the base's, else {least}, which leaves out what is about something else."
            ),
            least=LEAST_RELEVANCE,
        ),
    )
    no_answer__message = forms.CharField(
        label=_("Message"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    groups = (
        Group(
            _("Questions without an answer"),
            ("no_answer.behaviour", "no_answer.message"),
            _("They are what visitors judge an assistant by."),
        ),
    )

    lists = (
        ItemList(
            "knowledge_bases",
            AttachedForm,
            label=_("Knowledge bases"),
            add_label=_("Attach a knowledge base"),
            new={"enabled": True},
            choices=offered,
            gone=_("Deleted knowledge base"),
            template="chatbots/steps/knowledge_base.html",
        ),
    )
