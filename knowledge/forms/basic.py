"""Step 1: what the knowledge base is called and who may use it."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from drafts.forms.step import Group, StepForm
from knowledge.models import KnowledgeBase

CONTEXTS = (
    (KnowledgeBase.Context.BOTH, _("Chatbots and chatflows")),
    (KnowledgeBase.Context.CHATBOT, _("Chatbots only")),
    (KnowledgeBase.Context.CHATFLOW, _("Chatflows only")),
)


class BasicForm(StepForm):
    """Name, description, context."""

    name = forms.CharField(
        label=_("Name"),
        help_text=_("Your team sees it where the base is attached."),
        widget=forms.TextInput(attrs={"placeholder": _("Product manual")}),
    )
    description = forms.CharField(
        label=_("Description"),
        help_text=_("A sentence about what is in it, for whoever chooses between bases."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    context = forms.ChoiceField(
        label=_("Used by"),
        choices=CONTEXTS,
        widget=forms.RadioSelect,
    )
    groups = (
        Group(_("About this knowledge base"), ("name", "description")),
        Group(_("Who may use it"), ("context",)),
    )
