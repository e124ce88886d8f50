"""One person, wherever they talked to the workspace's bots: what is kept of them, all of it as
JSON, and none of it any more."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q, Value
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext as _

from common.problems import FieldError, invalid
from common.timestamps import rfc3339
from conversations import api_answers
from conversations.models import Conversation, Lead, Message
from conversations.search import holding, said
from conversations.selection import OPEN_HANDOFFS
from conversations.words import LEAD, PERSON, Values, query_of, words_in
from workspaces import audit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from uuid import UUID

    from django.db.models import QuerySet

    from workspaces.access import Actor

LONGEST = 254
# Of conversations, as of leads, in one go; and of messages that are read at once.
MOST, LOT = 1000, 100


@dataclass(frozen=True)
class Person:
    """``conversations`` and ``leads`` are the newest, ``MOST`` at most; ``mentions`` is in how many
    other conversations the words stand in a message."""

    identifier: str
    conversations: Sequence[Conversation]
    leads: Sequence[Lead]
    mentions: int

    @property
    def is_unknown(self) -> bool:
        return not (self.conversations or self.leads)

    @property
    def is_cut(self) -> bool:
        """Whether there is more than is told."""
        return MOST in (len(self.conversations), len(self.leads))


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
        Q(pk__in=known.values("pk"))
        | Q(pk__in=leads.exclude(conversation=None).values("conversation"))
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
        holding(others, workspace_id, wanted).count(),
    )


def exported(actor: Actor, person: Person) -> Iterator[str]:
    """Everything that is kept of them, as pieces of a JSON text; audited without saying whom. What
    is deleted before its turn comes is left out."""
    audit.record(actor, "person.exported", **_counts(person))
    return _pieces(person)


@transaction.atomic
def erase(actor: Actor, identifier: str, confirmation: str) -> Person:
    """Delete all that is kept of whom ``identifier`` names, and give what it was. The audit log
    keeps how much that was, and nothing of the person. Raises ``Problem`` 422 where nobody is known
    by it, or ``confirmation`` is another."""
    person = find(actor, identifier)
    if confirmation.strip() != person.identifier:
        words = _("This is not what you searched for. Nothing was deleted.")
        raise invalid(_("Type it once more to delete it all."), FieldError("confirmation", words))
    if person.is_unknown:
        raise invalid(_("Nobody is known by this. Nothing was deleted."))
    ids = [each.pk for each in person.conversations]
    locked = Conversation.objects.filter(pk__in=ids).order_by("pk").select_for_update(of=("self",))
    list(locked.values_list("pk", flat=True))
    Lead.objects.filter(pk__in=[each.pk for each in person.leads]).delete()
    Lead.objects.filter(conversation__in=ids).delete()
    Conversation.objects.filter(pk__in=ids).delete()
    audit.record(actor, "person.erased", **_counts(person))
    return person


def _known(workspace_id: UUID, wanted: str) -> QuerySet[Conversation]:
    """Conversations with whoever is known by it there, or wrote just this, as one answers a
    question. The words' indexes narrow down first."""
    own = Conversation.objects.filter(workspace=workspace_id)
    words = words_in(wanted)
    facts = own.alias(words=PERSON, **_texts("visitor", "variables")).filter(words=query_of(words))
    named = facts.filter(
        _is_a_value("visitor", wanted)
        | _is_a_value("variables", wanted)
        | Q(session_id__iexact=wanted)
    )
    answered = said(words).filter(role=Message.Role.USER, content__iexact=wanted)
    return own.filter(
        Q(pk__in=named.values("pk").order_by())
        | Q(pk__in=answered.values("conversation").order_by())
    )


def _leads(workspace_id: UUID, wanted: str) -> QuerySet[Lead]:
    own = Lead.objects.filter(workspace=workspace_id)
    found = own.alias(words=LEAD, **_texts("fields")).filter(words=query_of(words_in(wanted)))
    return found.filter(
        _is_a_value("fields", wanted) | Q(name__iexact=wanted) | Q(email__iexact=wanted)
    )


def _texts(*fields: str) -> dict[str, Any]:
    return {f"{name}_text": Lower(Values(name)) for name in fields}


def _is_a_value(field: str, wanted: str) -> Q:
    """Whether one of the values of a JSON object is the text ``wanted``, whatever the case. The
    database makes both small: Python makes two characters of some capitals, such as İ."""
    quoted = Lower(Value(json.dumps(wanted, ensure_ascii=False)))
    return Q(**{f"{field}_text__contains": quoted})


def _pieces(person: Person) -> Iterator[str]:
    yield f'{{"exported_at": {_json(rfc3339(timezone.now()))}, "conversations": ['
    rows = Conversation.objects.select_related("entity", "lead").prefetch_related(OPEN_HANDOFFS)
    comma = "\n"
    for pk in [each.pk for each in person.conversations]:
        if (row := rows.filter(pk=pk).first()) is not None:
            yield comma
            yield from _whole(row)
            comma = ",\n"
    leads = ",\n".join(_json(api_answers.lead(each)) for each in person.leads)
    yield f'\n], "leads": [\n{leads}\n]}}\n'


def _whole(conversation: Conversation) -> Iterator[str]:
    told = _json(api_answers.conversation(conversation) | {"state": conversation.state})
    comma = f'{told.removesuffix("}")}, "messages": [\n'
    said = Message.objects.filter(conversation=conversation).order_by("created_at", "pk")
    ids = list(said.values_list("pk", flat=True))
    for start in range(0, len(ids), LOT):
        lot = said.filter(pk__in=ids[start : start + LOT]).select_related("feedback", "author")
        # Who of the team answered is not the person's own data.
        lines = [_json(api_answers.message(each) | {"author": None}) for each in lot]
        yield comma + ",\n".join(lines)
        comma = ",\n"
    yield "]}" if ids else f"{comma}]}}"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _counts(person: Person) -> dict[str, Any]:
    return {"conversations": len(person.conversations), "leads": len(person.leads)}
