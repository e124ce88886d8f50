"""How the assistant looks, what it can do, and when it asks who somebody is."""

from __future__ import annotations

from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from assistants.forms.kind_words import KindForm
from assistants.forms.lead_fields import LeadFieldsField
from common.widgets import Amount, ColorInput, Switch
from drafts.forms.list_input import ListInput
from drafts.forms.step import Group, ListField

THEMES = (("light", _("Light")), ("dark", _("Dark")), ("auto", _("Like the device")))
TIMINGS = (
    ("before_chat", _("Before the chat")),
    ("after_messages", _("After some messages")),
    ("end_of_chat", _("At the end of the chat")),
)


class CustomizeForm(KindForm):
    """Appearance, features and lead capture."""

    appearance__primary_color = forms.CharField(
        label=_("Colour"),
        help_text=_("Of the button, the header and the visitor's messages. Text on it adapts."),
        widget=ColorInput({"data-profile": "primary_color"}),
    )
    appearance__theme = forms.ChoiceField(
        label=_("Theme"),
        choices=THEMES,
        widget=forms.RadioSelect(attrs={"data-profile": "theme"}),
    )
    appearance__title = forms.CharField(
        label=_("Title"),
        help_text=_("In the widget's header. The {kind}'s name when empty."),
        widget=forms.TextInput(attrs={"data-profile": "title"}),
    )
    appearance__avatar_url = forms.CharField(
        label=_("Picture"),
        help_text=_("Address of a square picture, starting with https://."),
        widget=forms.URLInput(
            attrs={"placeholder": "https://", "pattern": "https://.+", "data-profile": "avatar_url"}
        ),
        empty_value=None,
    )
    appearance__welcome_message = forms.CharField(
        label=_("Welcome message"),
        help_text=_(
            "The first thing a visitor reads. Say what the {kind} can do. "
            "Write {{name}} where the value of a variable belongs."
        ),
        widget=forms.Textarea(attrs={"rows": 3, "data-profile": "welcome_message"}),
    )
    appearance__suggested_prompts = ListField(
        label=_("Suggested prompts"),
        help_text=_("Up to eight questions to start with one press. They show what to ask."),
        widget=ListInput({"data-profile": "suggested_prompts"}, maximum=8),
    )
    appearance__placeholder = forms.CharField(
        label=_("Hint in the message box"),
        widget=forms.TextInput(
            attrs={
                "placeholder": _("Type a message"),
                "data-profile": "placeholder",
            }
        ),
    )

    features__enable_citations = forms.BooleanField(
        label=_("Show sources"),
        widget=Switch({"data-profile": "citations"}),
        help_text=_("Visitors can check where an answer comes from."),
    )
    features__enable_follow_up_suggestions = forms.BooleanField(
        label=_("Suggest follow-up questions"),
        widget=Switch({"data-profile": "follow_ups"}),
        help_text=_("Asks the model a second, short question after each answer."),
    )
    features__enable_feedback = forms.BooleanField(
        label=_("Ask for feedback"),
        widget=Switch({"data-profile": "feedback"}),
        help_text=_("Thumbs up and down show you which answers to improve."),
    )
    features__rate_limiting__enabled = forms.BooleanField(
        label=_("Limit messages"),
        widget=Switch,
        help_text=_("How much one conversation may ask for in an hour."),
    )
    features__rate_limiting__max_messages_per_hour = forms.IntegerField(
        label=_("Messages an hour"),
        help_text=_("For one conversation. Over it, the visitor is told when to come back."),
        widget=Amount(1, 10000, ngettext_lazy("%(shown)s an hour", "%(shown)s an hour", "count")),
    )

    lead_capture__enabled = forms.BooleanField(
        label=_("Ask visitors who they are"),
        widget=Switch,
        help_text=_("Their answers appear under Leads."),
    )
    lead_capture__timing = forms.ChoiceField(
        label=_("When"),
        choices=TIMINGS,
        help_text=_("Later gets fewer answers, but from people who are interested."),
    )
    lead_capture__after_messages = forms.IntegerField(
        label=_("After how many messages"),
        widget=forms.NumberInput(attrs={"min": 1, "max": 50}),
    )
    lead_capture__title = forms.CharField(
        label=_("Words above the form"),
        widget=forms.TextInput(attrs={"placeholder": _("About you")}),
    )
    lead_capture = LeadFieldsField(
        label=_("What is asked for"),
        help_text=_("The fewer fields, the more people fill them in."),
    )
    lead_capture__consent_text = forms.CharField(
        label=_("What the details are used for"),
        help_text=_(
            "Shown with a box to tick. Many laws ask for it. "
            "Link to your privacy policy with [its name](https://example.com)."
        ),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    groups: ClassVar[tuple[Group, ...]] = (
        Group(
            _("Look"),
            (
                "appearance.primary_color",
                "appearance.theme",
                "appearance.title",
                "appearance.avatar_url",
            ),
            _("It should look like a part of your site. The preview shows every change."),
        ),
        Group(
            _("First words"),
            (
                "appearance.welcome_message",
                "appearance.suggested_prompts",
                "appearance.placeholder",
            ),
            _("People decide in seconds whether to type; these words help them start."),
        ),
        Group(
            _("Features"),
            (
                "features.enable_citations",
                "features.enable_follow_up_suggestions",
                "features.enable_feedback",
            ),
            _("What the {kind} shows beside its answers."),
        ),
        Group(
            _("Rate limit"),
            (
                "features.rate_limiting.enabled",
                "features.rate_limiting.max_messages_per_hour",
            ),
            advanced=True,
        ),
        Group(
            _("Lead capture"),
            (
                "lead_capture.enabled",
                "lead_capture.timing",
                "lead_capture.after_messages",
                "lead_capture.title",
                "lead_capture",
                "lead_capture.consent_text",
            ),
            _("Lets your team follow up on a conversation."),
        ),
    )
