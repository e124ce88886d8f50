"""Which conversations, leads or days are meant: the same for pages, the API and exports."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Prefetch, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.problems import FieldError, invalid
from conversations.models import Conversation, Handoff, Lead
from conversations.narrowing import ANSWERED, FAILED, TAKEN, UNANSWERED, WAITING, narrowed
from conversations.runtime import assistants
from conversations.search import holding, leads_holding
from conversations.wording import channel_choices
from drafts.models import Entity

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from django.db.models import QuerySet

    from workspaces.access import Actor

DATE = {"type": "date"}
EARLIEST, LATEST = date(2000, 1, 1), date(2999, 12, 31)


# With the conversations of a page, for ``Conversation.open_handoff``.
OPEN_HANDOFFS = Prefetch(
    "handoffs",
    Handoff.objects.open().select_related("taken_by"),
    to_attr="open_handoffs",
)


class DayField(forms.DateField):
    """A day that the arithmetic of periods can go around in."""

    widget = forms.DateInput(DATE, format="%Y-%m-%d")
    default_validators = [MinValueValidator(EARLIEST), MaxValueValidator(LATEST)]


class Selection(forms.Form):
    """Everything may be left open. ``since`` and ``until`` are days, both included."""

    q = forms.CharField(label=_("Search"), max_length=200, required=False)
    assistant = forms.ModelChoiceField(
        Entity.objects.none(), label=_("Bot"), required=False, empty_label=_("All bots")
    )
    channel = forms.ChoiceField(
        label=_("Channel"),
        choices=lambda: [("", _("All channels")), *channel_choices()],
        required=False,
    )
    feedback = forms.ChoiceField(
        label=_("Feedback"),
        choices=[("", _("Any")), ("up", _("Helpful")), ("down", _("Not helpful"))],
        required=False,
    )
    handoff = forms.ChoiceField(
        label=_("Handled by"),
        choices=[
            ("", _("Anybody")),
            (WAITING, _("Waiting for a person")),
            (TAKEN, _("With a person")),
        ],
        required=False,
    )
    answers = forms.ChoiceField(
        label=_("Answers"),
        choices=[
            ("", _("Any")),
            (ANSWERED, _("Answered")),
            (UNANSWERED, _("Unanswered")),
            (FAILED, _("Failed")),
        ],
        required=False,
    )
    lead = forms.ChoiceField(
        label=_("Lead"),
        choices=[("", _("Any")), ("yes", _("Yes")), ("no", _("No"))],
        required=False,
    )
    consent = forms.ChoiceField(
        label=_("Consent"),
        choices=[("", _("Any")), ("yes", _("Given")), ("no", _("Not asked for"))],
        required=False,
    )
    since = DayField(label=_("From"), required=False)
    until = DayField(label=_("To"), required=False)

    def __init__(self, data: Mapping[str, Any], actor: Actor) -> None:
        super().__init__(data)
        self.actor = actor
        own = Entity.objects.filter(workspace=actor.workspace_id, kind__in=assistants.names())
        self.fields["assistant"].queryset = own.order_by("name")  # type: ignore[attr-defined]

    def checked(self) -> Selection:
        """Itself; raises ``Problem`` 422 naming what cannot be understood."""
        if not self.is_valid():
            faults = [
                FieldError(name, str(words)) for name, each in self.errors.items() for words in each
            ]
            raise invalid(str(_("The filter is not valid.")), *faults)
        return self

    @property
    def words(self) -> str:
        """What is searched for; empty where nothing is."""
        return str(self._chosen().get("q") or "")

    def conversations(self) -> QuerySet[Conversation]:
        """Conversations in which something was said."""
        chosen = self._chosen()
        found = (
            Conversation.objects.filter(workspace=self.actor.workspace_id, message_count__gt=0)
            .select_related("entity", "lead")
            .defer("state_before")
            .prefetch_related(OPEN_HANDOFFS)
            .filter(self._of_assistant(), *self._period("last_message_at"))
        )
        fitting = narrowed(found, chosen)
        if not self.words:
            return fitting
        return holding(fitting, self.actor.workspace_id, self.words)

    def leads(self) -> QuerySet[Lead]:
        chosen = self._chosen()
        found = (
            Lead.objects.filter(workspace=self.actor.workspace_id)
            .select_related("entity", "conversation")
            .defer("conversation__state", "conversation__state_before")
            .filter(self._of_assistant(), *self._period("created_at"))
        )
        if chosen.get("channel"):
            found = found.filter(conversation__channel=chosen["channel"])
        if chosen.get("consent"):
            asked = Q(consent="")
            found = found.filter(asked if chosen["consent"] == "no" else ~asked)
        return leads_holding(found, self.words) if self.words else found

    def days(self, most: int, usual: int) -> tuple[date, date]:
        """The first and the last day; without a choice the ``usual`` number up to today."""
        chosen = self._chosen()
        last = chosen.get("until") or timezone.localdate()
        first = chosen.get("since") or last - timedelta(days=usual - 1)
        return max(first, last - timedelta(days=most - 1), EARLIEST), last

    def _chosen(self) -> dict[str, Any]:
        return self.cleaned_data if self.is_valid() else {}

    def _of_assistant(self) -> Q:
        assistant = self._chosen().get("assistant")
        return Q(entity=assistant.pk) if assistant else Q()

    def _period(self, moment: str) -> list[Q]:
        chosen = self._chosen()
        since, until = chosen.get("since"), chosen.get("until")
        bounds = []
        if since:
            bounds.append(Q(**{f"{moment}__gte": midnight(since)}))
        if until:
            bounds.append(Q(**{f"{moment}__lt": midnight(until + timedelta(days=1))}))
        return bounds


def one_of(actor: Actor, conversation_id: UUID) -> Conversation | None:
    """The conversation of the actor's workspace; None when it is unknown or another one's."""
    own = Conversation.objects.filter(workspace=actor.workspace_id).select_related("entity", "lead")
    return own.filter(pk=conversation_id).prefetch_related(OPEN_HANDOFFS).first()


def waiting(actor: Actor) -> int:
    """How many conversations wait for a person, and have none yet."""
    return Handoff.objects.waiting().filter(conversation__workspace=actor.workspace_id).count()


def midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
