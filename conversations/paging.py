"""Pages of what keeps growing: each begins after the last row of the one before, so that nothing is
shown twice or missed while new rows come."""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from common.problems import malformed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ModelT = TypeVar("ModelT", bound=Model)
LOT = 500
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def page(
    rows: QuerySet[ModelT], by: str, size: int, cursor: str
) -> tuple[Sequence[ModelT], str | None]:
    """The ``size`` newest rows after ``cursor`` (empty: from the start), and the cursor of the next
    page, None at the end. ``by`` is the moment that they are ordered by."""
    found = list(rows.filter(_after(cursor, by)).order_by(f"-{by}", "-pk")[: size + 1])
    shown = found[:size]
    return shown, _cursor(shown[-1], by) if len(found) > size else None


def every(rows: QuerySet[ModelT], by: str) -> Iterator[ModelT]:
    """All of ``rows``, the newest first, page by page: between two pages nothing is open in the
    database, so any thread may go on. What goes on meanwhile counts as newer and is left out."""
    cursor: str | None = ""
    while cursor is not None:
        found, cursor = page(rows, by, LOT, cursor)
        yield from found


def _cursor(row: Any, by: str) -> str:
    moment = (getattr(row, by) - EPOCH) // MICROSECOND
    return base64.urlsafe_b64encode(f"{moment} {row.pk}".encode()).decode()


def _after(cursor: str, by: str) -> Q:
    if not cursor:
        return Q()
    try:
        moment, pk = base64.urlsafe_b64decode(cursor.encode()).decode().split(" ")
        at = EPOCH + timedelta(microseconds=int(moment))
        return Q(**{f"{by}__lt": at}) | Q(**{by: at, "pk__lt": UUID(pk)})
    except (binascii.Error, ValueError, OverflowError):
        raise malformed(_("This cursor was not made here.")) from None
