"""How far a run may go, and how the chat looks: the Settings step."""

from __future__ import annotations

from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from assistants.forms.customize import CustomizeForm
from common.widgets import Switch
from drafts.forms.step import Group


class SettingsForm(CustomizeForm):
    """The limits of a run before all that every assistant has."""

    settings__timeout_seconds = forms.IntegerField(
        label=_("Longest run"),
        help_text=_("In seconds, from a message to where the flow ends or waits."),
        widget=forms.NumberInput(attrs={"min": 1, "max": 60}),
    )
    settings__max_iterations = forms.IntegerField(
        label=_("Most rounds of a loop"),
        help_text=_("A loop that goes on longer ends the run with an error."),
        widget=forms.NumberInput(attrs={"min": 1, "max": 100}),
    )
    settings__enable_logging = forms.BooleanField(
        label=_("Keep what each node did"),
        help_text=_("With every answer, for whoever looks into the conversation."),
        widget=Switch,
    )
    settings__tests_must_pass = forms.BooleanField(
        label=_("Deploy only when all test cases pass"),
        help_text=_("Else a case that fails, or was not run, is only a warning."),
        widget=Switch,
    )
    groups: ClassVar[tuple[Group, ...]] = (
        Group(
            _("Runs"),
            ("settings.timeout_seconds", "settings.max_iterations", "settings.enable_logging"),
            _("Nobody should wait for ever."),
        ),
        Group(
            _("Test cases"),
            ("settings.tests_must_pass",),
            _("A change that breaks what worked should not reach anybody."),
        ),
        *CustomizeForm.groups,
    )
