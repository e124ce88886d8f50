"""Rows as CSV for a spreadsheet, which must not take what a visitor typed for a formula."""

from __future__ import annotations

import csv
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.http import StreamingHttpResponse
from django.utils.timezone import localtime

from common.csv_cells import harmless
from common.paging import LOT, every
from conversations.lead_fields import LEAD_FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from django.db.models import QuerySet

    from conversations.analytics import Analytics
    from conversations.models import Conversation, Lead


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, line: str) -> str:
        return line


def as_csv(name: str, rows: Iterable[Sequence[Any]]) -> StreamingHttpResponse:
    """``rows``, the first of them the names of the columns, as a download that streams."""
    return StreamingHttpResponse(
        _pieces(rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )


def _pieces(rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Many lines at once: each piece is one more crossing between threads."""
    writer = csv.writer(_Echo())
    lines = (writer.writerow([harmless(cell) for cell in row]) for row in rows)
    while piece := "".join(islice(lines, LOT)):
        yield piece


def conversations(rows: QuerySet[Conversation]) -> Iterator[list[Any]]:
    yield [
        *("id", "assistant", "channel", "session_id", "started", "last_message", "messages"),
        *("first_message", "name", "email", "visitor", "variables"),
    ]
    for row in every(rows.defer("state", "state_before"), "last_message_at"):
        lead = getattr(row, "lead", None)
        yield [
            *(row.pk, row.entity.name, row.channel, row.session_id),
            *(_moment(row.created_at), _moment(row.last_message_at), row.message_count),
            *(row.opening, lead.name if lead else "", lead.email if lead else ""),
            *(_facts(row.visitor), _facts(row.variables)),
        ]


def leads(rows: QuerySet[Lead]) -> Iterator[list[Any]]:
    names = tuple(LEAD_FIELDS)
    yield ["id", "at", "assistant", "channel", *names, "consent", "conversation_id", "variables"]
    for row in every(rows, "created_at"):
        channel = row.conversation.channel if row.conversation else ""
        yield [
            *(row.pk, _moment(row.created_at), row.entity.name, channel),
            *(row.fields.get(name, "") for name in names),
            *(row.consent, row.conversation_id or "", _facts(row.variables)),
        ]


def days(found: Analytics) -> Iterator[list[Any]]:
    names = list(found.days[0].__dataclass_fields__) if found.days else ["date"]
    yield names
    for day in found.days:
        yield [getattr(day, name) for name in names]


def models(found: Analytics) -> Iterator[list[Any]]:
    yield [
        *("model", "answers", "prompt_tokens", "completion_tokens"),
        *("usd_per_million_in", "usd_per_million_out", "cost_usd"),
    ]
    for each in found.models:
        price = each.price
        yield [
            *(each.model, each.answers, each.prompt_tokens, each.completion_tokens),
            *((price.read, price.written, each.cost) if price else ("", "", "")),
        ]


def unanswered(rows: QuerySet[Any]) -> Iterator[list[Any]]:
    yield ["at", "assistant", "channel", "question", "reason", "answer", "conversation_id"]
    for row in every(rows, "created_at"):
        conversation = row.conversation
        yield [
            *(_moment(row.created_at), conversation.entity.name, conversation.channel),
            *(row.question or "", row.unanswered, row.content, conversation.pk),
        ]


def _facts(known: Mapping[str, Any]) -> str:
    return "; ".join(f"{name}: {value}" for name, value in known.items())


def _moment(at: Any) -> str:
    return localtime(at).isoformat(timespec="seconds")
