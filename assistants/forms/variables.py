"""What the assistant may know about the person it talks to."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from common.names import WHOLE_NAME
from common.widgets import Switch
from drafts.forms.step import ItemList, StepForm, TextListField

TYPES = (
    ("text", _("Text")),
    ("email", _("E-mail address")),
    ("number", _("Number")),
    ("phone", _("Phone number")),
    ("url", _("Web address")),
    ("select", _("Choice from a list")),
    ("date", _("Date")),
)


class VariableForm(forms.Form):
    """One variable."""

    name = forms.RegexField(
        WHOLE_NAME,
        label=_("Name"),
        max_length=64,
        error_messages={
            "invalid": _("Use letters, digits and _ only, and start with a letter or _.")
        },
        help_text=_(
            "Letters, digits and _. In the prompt and the welcome message it is written {{name}}."
        ),
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocapitalize": "off"}),
    )
    type = forms.ChoiceField(
        label=_("Type"),
        choices=TYPES,
        help_text=_("Decides how it is asked for and checked."),
    )
    label = forms.CharField(
        label=_("Label"),
        help_text=_("What the visitor reads above the field."),
    )
    options = TextListField(
        label=_("Options"),
        help_text=_("One per line, for a choice from a list."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    default = forms.CharField(
        label=_("Default"),
        help_text=_("Used while nothing else is known. The prompt always gets a value."),
    )
    collect_before_chat = forms.BooleanField(
        label=_("Ask before the chat"),
        widget=Switch,
        help_text=_("The widget asks for it in a short form. Ask for little."),
    )
    required = forms.BooleanField(
        label=_("Required"),
        widget=Switch,
        help_text=_("If it is asked for, the chat does not start without it."),
    )


class VariablesForm(StepForm):
    """The variables."""

    lists = (
        ItemList(
            "variables",
            VariableForm,
            label=_("Variables"),
            add_label=_("Add a variable"),
            empty=_(
                "None yet. Add one for a name, an order number or a plan, for example. One with a "
                "default is also a handy place for words that the prompt repeats, such as your "
                "company's name."
            ),
            stem="variable",
            new={"type": "text"},
            template="assistants/steps/variable.html",
        ),
    )
