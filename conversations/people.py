"""One person, wherever they talked to the workspace's bots: what is kept of them, all of it as
JSON, and none of it any more."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from common.problems import FieldError, invalid
from conversations.arrivals import arrival_stores
from conversations.identifiers import is_value_in, values_in
from conversations.models import Conversation, Lead, Message
from conversations.person_export import pieces
from conversations.releases import told_in
from conversations.search import holding, said
from conversations.selection import OPEN_HANDOFFS
from conversations.words import LEAD, PERSON, query_of, words_in
from workspaces import audit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from uuid import UUID

    from django.db.models import QuerySet

    from conversations.arrivals import Arrival
    from workspaces.access import Actor

LONGEST = 254
# Of conversations, as of leads, in one go.
MOST = 1000


@dataclass(frozen=True)
class Person:
    """``conversations``, ``leads`` and ``arrivals``, of which there is no conversation yet, are the
    newest, ``MOST`` of each at most; ``mentions`` is in how many other conversations the words
    stand in a message."""

    identifier: str
    conversations: Sequence[Conversation]
    leads: Sequence[Lead]
    arrivals: Sequence[Arrival]
    mentions: int

    @property
    def is_unknown(self) -> bool:
        return not any(self.counts.values())

    @property
    def is_cut(self) -> bool:
        """Whether there is more than is told."""
        return MOST in self.counts.values()

    @property
    def counts(self) -> dict[str, Any]:
        return {
            "conversations": len(self.conversations),
            "leads": len(self.leads),
            "arrivals": len(self.arrivals),
        }


def find(actor: Actor, identifier: str) -> Person:
    """Whom ``identifier`` names: an e-mail address, a user ID, a name or a session, whole. Raises
    ``Problem`` 422 for one without a word."""
    wanted = identifier.strip()
    if not words_in(wanted) or len(wanted) > LONGEST or "\0" in wanted:
        words = _("Give an e-mail address, a user ID, a name or a session.")
        raise invalid(_("This names nobody."), FieldError("identifier", words))
    workspace_id = actor.workspace_id
    known = _known(workspace_id, wanted)
    leads = _leads(workspace_id, wanted)
    theirs = Conversation.objects.filter(workspace=workspace_id).filter(
        Q(pk__in=known.values("pk").order_by())
        | Q(pk__in=leads.exclude(conversation=None).values("conversation").order_by())
        | Q(pk__in=_answering(workspace_id, wanted))
    )
    # What flows keep may be large, and is only told where all is.
    light = theirs.select_related("entity", "lead").defer("state", "state_before")
    conversations = list(light.prefetch_related(OPEN_HANDOFFS)[:MOST])
    ids = [each.pk for each in conversations]
    own_leads = Lead.objects.filter(workspace=workspace_id).filter(
        Q(pk__in=leads.values("pk")) | Q(conversation__in=ids)
    )
    others = Conversation.objects.filter(workspace=workspace_id).exclude(pk__in=ids)
    told_leads = own_leads.select_related("entity", "conversation")
    return Person(
        wanted,
        conversations,
        list(told_leads.defer("conversation__state", "conversation__state_before")[:MOST]),
        _arrivals(workspace_id, wanted, conversations),
        holding(others, workspace_id, wanted).count(),
    )


def exported(actor: Actor, person: Person) -> Iterator[str]:
    """Everything that is kept of them, as pieces of a JSON text; audited without saying whom. What
    is deleted before its turn comes is left out."""
    audit.record(actor, "person.exported", **person.counts)
    return pieces(person)


@transaction.atomic
def erase(actor: Actor, identifier: str, confirmation: str) -> Person:
    """Delete all that is kept of whom ``identifier`` names, and give what it was. The audit log
    keeps how much that was, and nothing of the person. Raises ``Problem`` 422 where nobody is known
    by it, or ``confirmation`` is another; 409 while a first message of theirs is being answered."""
    person = find(actor, identifier)
    if confirmation.strip() != person.identifier:
        words = _("This is not what you searched for. Nothing was deleted.")
        raise invalid(_("Type it once more to delete it all."), FieldError("confirmation", words))
    if person.is_unknown:
        raise invalid(_("Nobody is known by this. Nothing was deleted."))
    # Before the conversations, as by those who answer.
    for store in arrival_stores:
        store.erase([each.id for each in person.arrivals])
    ids = [each.pk for each in person.conversations]
    locked = Conversation.objects.filter(pk__in=ids).order_by("pk").select_for_update(of=("self",))
    list(locked.values_list("pk", flat=True))
    Lead.objects.filter(pk__in=[each.pk for each in person.leads]).delete()
    Lead.objects.filter(conversation__in=ids).delete()
    Conversation.objects.filter(pk__in=ids).delete()
    audit.record(actor, "person.erased", **person.counts)
    return person


def _known(workspace_id: UUID, wanted: str) -> QuerySet[Conversation]:
    """Conversations with whoever is known by it there. The words' index narrows down first."""
    own = Conversation.objects.filter(workspace=workspace_id)
    aliases = values_in("visitor", "variables")
    found = own.alias(words=PERSON, **aliases).filter(words=query_of(words_in(wanted)))
    return found.filter(
        is_value_in("visitor", wanted)
        | is_value_in("variables", wanted)
        | Q(session_id__iexact=wanted)
    )


def _answering(workspace_id: UUID, wanted: str) -> list[UUID]:
    """Conversations in which a flow asked for it and was answered with just this. Who only wrote it
    may have meant somebody else."""
    answers = said(words_in(wanted)).filter(
        role=Message.Role.USER, content__iexact=wanted, conversation__workspace=workspace_id
    )
    rows = Conversation.objects.filter(pk__in=answers.values("conversation").order_by())
    return [row.pk for row in rows.select_related("entity")[:MOST] if _tells(row, wanted)]


def _tells(row: Conversation, wanted: str) -> bool:
    told = told_in(row.entity, row.state).values()
    return wanted.casefold() in {str(value).strip().casefold() for value in told}


def _leads(workspace_id: UUID, wanted: str) -> QuerySet[Lead]:
    own = Lead.objects.filter(workspace=workspace_id)
    found = own.alias(words=LEAD, **values_in("fields")).filter(words=query_of(words_in(wanted)))
    return found.filter(
        is_value_in("fields", wanted) | Q(name__iexact=wanted) | Q(email__iexact=wanted)
    )


def _arrivals(
    workspace_id: UUID, wanted: str, conversations: Sequence[Conversation]
) -> list[Arrival]:
    found = (store.find(workspace_id, wanted, conversations, MOST) for store in arrival_stores)
    return list(chain.from_iterable(found))[:MOST]
