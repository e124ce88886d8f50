"""Step 6: where the chatbot will be reachable."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from common.widgets import Switch
from drafts.forms import ListField, StepForm
from drafts.list_input import ListInput

POSITIONS = (("bottom-right", _("Bottom right")), ("bottom-left", _("Bottom left")))


class DeployForm(StepForm):
    """The website's settings. Channels that cannot be connected yet have a card and no field."""

    deployment__channels__website__enabled = forms.BooleanField(
        label=_("Website widget"), widget=Switch, help_text=_("Embed it on your website.")
    )
    deployment__channels__website__config__allowed_domains = ListField(
        label=_("Allowed domains"),
        help_text=_(
            "example.com is that site alone, *.example.com all its sub-domains. Other sites "
            "cannot use the widget."
        ),
        widget=ListInput(
            {
                "placeholder": "example.com",
                "spellcheck": "false",
                "autocapitalize": "off",
                "inputmode": "url",
            },
            maximum=30,
        ),
    )
    deployment__channels__website__config__widget_position = forms.ChoiceField(
        label=_("Position"),
        choices=POSITIONS,
        widget=forms.RadioSelect(attrs={"data-profile": "position"}),
    )
