"""All that is kept of a person as a JSON text, piece by piece: it may be more than a process
holds."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from common.timestamps import rfc3339
from conversations import api_answers
from conversations.models import Conversation, Message
from conversations.selection import OPEN_HANDOFFS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conversations.people import Person

# Messages that are read at once.
LOT = 100


def pieces(person: Person) -> Iterator[str]:
    """What is deleted before its turn comes is left out."""
    yield f'{{"exported_at": {_json(rfc3339(timezone.now()))}, "conversations": ['
    rows = Conversation.objects.select_related("entity", "lead").prefetch_related(OPEN_HANDOFFS)
    comma = "\n"
    for pk in [each.pk for each in person.conversations]:
        if (row := rows.filter(pk=pk).first()) is not None:
            yield comma
            yield from _whole(row)
            comma = ",\n"
    leads = ",\n".join(_json(api_answers.lead(each)) for each in person.leads)
    arrivals = ",\n".join(_json(api_answers.arrival(each)) for each in person.arrivals)
    yield f'\n], "leads": [\n{leads}\n], "arrivals": [\n{arrivals}\n]}}\n'


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
