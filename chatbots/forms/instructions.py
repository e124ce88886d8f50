"""Step 3: which model answers, what it is told, and how much it remembers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from assistants.forms import model_choices, prompt_menu
from common.widgets import Amount, Slider, Switch
from drafts.forms.step import Group, StepForm

if TYPE_CHECKING:
    from inference.catalogue import Available


class InstructionsForm(StepForm):
    """Model, prompt, memory."""

    system_prompt = forms.CharField(
        label=_("System prompt"),
        help_text=_(
            "Who the chatbot is, what it helps with, how it answers, and what it must not do. "
            'Type "/" for variables.'
        ),
        widget=forms.Textarea(
            attrs={
                "rows": 14,
                "data-slash": "",
                "placeholder": _("You are the support assistant of …"),
            }
        ),
    )
    provider = forms.ChoiceField(
        label=_("Provider"),
        help_text=_("Who runs the model. This server's own setting when nothing is chosen."),
    )
    credential_id = model_choices.credential_field(
        label=_("Credential"),
        help_text=_("Only its name is kept in the draft; the key stays encrypted."),
    )
    model = forms.CharField(
        label=_("Model"),
        help_text=_("Choose one or type its name. The provider's first one when empty."),
        widget=forms.TextInput(attrs={"spellcheck": "false", "list": "models"}),
    )
    temperature = forms.FloatField(
        label=_("Temperature"),
        help_text=_("Low is exact and repeats itself, high is varied and takes risks."),
        widget=Slider(0, 2, 0.1),
    )
    max_tokens = forms.IntegerField(
        label=_("Longest answer"),
        help_text=_("In tokens; 100 tokens are about 75 English words."),
        widget=forms.NumberInput(attrs={"min": 1, "max": 128000, "step": 1}),
    )
    memory__enabled = forms.BooleanField(
        label=_("Remember the conversation"),
        widget=Switch,
        help_text=_("Without it every message is answered as if it were the first."),
    )
    memory__max_messages = forms.IntegerField(
        label=_("Messages"),
        help_text=_("How many of the newest messages the model sees again."),
        widget=Amount(1, 100, ngettext_lazy("%(shown)s message", "%(shown)s messages", "count")),
    )
    memory__max_tokens = forms.IntegerField(
        label=_("Tokens"),
        help_text=_("The most that they may take up together."),
        widget=Amount(
            100, 200000, ngettext_lazy("%(shown)s token", "%(shown)s tokens", "count"), step=100
        ),
    )

    groups = (
        Group(
            _("What it is told"),
            ("system_prompt",),
            _("The one text that decides most about the answers."),
        ),
        Group(
            _("AI model settings"),
            ("provider", "credential_id", "model", "temperature", "max_tokens"),
            _("A larger model follows instructions better and costs more."),
        ),
        Group(
            _("Memory"),
            ("memory.enabled", "memory.max_messages", "memory.max_tokens"),
            _("What was said before goes into the prompt again, so it costs tokens."),
            advanced=True,
        ),
    )

    creates_variables_in = "variables"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields.get("provider")
        if isinstance(field, forms.ChoiceField):
            own = str(self.document.get("provider") or "")
            field.choices = model_choices.with_own(model_choices.providers(), own)

    def models(self) -> list[Available]:
        """The models that can be reached, for the suggestions below the box."""
        return model_choices.models(self.actor)

    def prompt_variables(self) -> list[dict[str, Any]]:
        """The declared variables, for the ``/`` menu."""
        return [prompt_menu.declared(self.document)]
