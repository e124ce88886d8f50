"""What the pages of webhooks ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from conversations.runtime import assistants
from drafts.models import Entity
from webhooks.events import EVENTS
from webhooks.models import LONGEST_URL
from webhooks.subscribing import Wanted
from workspaces.names import LONGEST_NAME, NameInput

if TYPE_CHECKING:
    from common.problems import Problem
    from webhooks.models import Subscription
    from workspaces.access import Actor


def _choices() -> list[tuple[str, Any]]:
    words = '{} <span class="muted">{}</span>'
    return [(each.name, format_html(words, each.label, each.help)) for each in EVENTS]


class WebhookForm(forms.Form):
    """A new webhook, or ``row`` with other settings: then an address that is left empty stays."""

    name = NameInput(
        label=_("Name"),
        max_length=LONGEST_NAME,
        required=False,
        help_text=_("What receives the events, such as Help desk."),
    )
    url = forms.CharField(
        label=_("Address"),
        max_length=LONGEST_URL,
        widget=forms.URLInput(
            {"placeholder": "https://example.com/webhooks", "autocomplete": "off"}
        ),
        help_text=_("Events are sent here as JSON, by POST. It is stored encrypted."),
    )
    events = forms.MultipleChoiceField(
        label=_("Events"), choices=_choices, widget=forms.CheckboxSelectMultiple
    )
    assistant_id = forms.ModelChoiceField(
        Entity.objects.none(), label=_("Bot"), required=False, empty_label=_("All bots")
    )

    def __init__(self, data: Any = None, *, actor: Actor, row: Subscription | None = None) -> None:
        super().__init__(data, initial=_initial(row) if row else None)
        own = Entity.objects.filter(workspace=actor.workspace_id, kind__in=assistants.names())
        self.fields["assistant_id"].queryset = own.order_by("name")  # type: ignore[attr-defined]
        if row:
            url = self.fields["url"]
            url.required = False
            url.widget.attrs["placeholder"] = row.shown_url
            url.help_text = _("Leave it empty to keep the address that is stored.")

    @property
    def wanted(self) -> Wanted:
        given = self.cleaned_data
        bot = given["assistant_id"]
        return Wanted(given["events"], given["url"], bot.pk if bot else None, given["name"])

    def add_problem(self, problem: Problem) -> None:
        """Show what was refused at the fields that it is about."""
        if not problem.errors:
            self.add_error(None, problem.detail)
        for error in problem.errors:
            self.add_error(error.path if error.path in self.fields else None, error.message)


def _initial(row: Subscription) -> dict[str, Any]:
    return {"name": row.name, "events": row.events, "assistant_id": row.entity_id}
