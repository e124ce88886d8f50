"""Long lists, page by page: each page begins after the last entry of the one before, so nothing is
shown twice or missed while new entries come."""

from __future__ import annotations

import base64
import binascii
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from django.conf import settings
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, inline_serializer
from rest_framework import serializers

from common.numbers import whole_number
from common.problems import malformed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from rest_framework.request import Request

T = TypeVar("T")
ModelT = TypeVar("ModelT", bound=Model)
# What a page ends with: a number, and an id where several entries may have the same.
Place = tuple[int, str]

MOST_PER_PAGE = 100
PER_PAGE = 50
LOT = 500
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
_PLACE = re.compile(r"(\d{1,17}) (\S*)", re.ASCII)


def page(
    rows: QuerySet[ModelT], by: str, size: int, cursor: str
) -> tuple[Sequence[ModelT], str | None]:
    """The ``size`` newest rows after ``cursor`` (empty: from the start), and the cursor of the next
    page, None at the end. ``by`` is the moment that they are ordered by."""
    after = place_in(cursor)
    wanted = rows if after is None else rows.filter(_older(by, after))

    return cut(wanted.order_by(f"-{by}", "-pk")[: size + 1], size, lambda row: _place(row, by))


def cursor_after(row: Model, by: str) -> str:
    """The cursor of a page that begins after ``row``."""
    return _cursor(_place(row, by))


def every(rows: QuerySet[ModelT], by: str) -> Iterator[ModelT]:
    """All of ``rows``, the newest first, page by page: between two pages nothing is open in the
    database, so any thread may go on. What goes on meanwhile counts as newer and is left out."""
    cursor: str | None = ""
    while cursor is not None:
        found, cursor = page(rows, by, LOT, cursor)
        yield from found


def _place(row: Any, by: str) -> Place:
    return (getattr(row, by) - EPOCH) // MICROSECOND, str(row.pk)


def _older(by: str, after: Place) -> Q:
    try:
        at = EPOCH + timedelta(microseconds=after[0])
        return Q(**{f"{by}__lt": at}) | Q(**{by: at, "pk__lt": UUID(after[1])})
    except (OverflowError, ValueError):
        raise _not_ours() from None


def cut(
    found: Iterable[T], size: int, place: Callable[[T], Place]
) -> tuple[Sequence[T], str | None]:
    """The first ``size`` of ``found``, and the cursor of the next page if there are more."""
    entries = list(found)
    shown = entries[:size]
    return shown, _cursor(place(shown[-1])) if len(entries) > size else None


def _cursor(place: Place) -> str:
    return base64.urlsafe_b64encode(f"{place[0]} {place[1]}".encode()).decode()


def place_in(cursor: str) -> Place | None:
    """What the last page ended with; None without a cursor. Raises ``Problem`` 400."""
    if not cursor:
        return None
    try:
        found = _PLACE.fullmatch(base64.urlsafe_b64decode(cursor.encode()).decode())
    except (binascii.Error, ValueError):
        found = None
    if found is None:
        raise _not_ours()
    return int(found[1]), found[2]


def _not_ours() -> Exception:
    return malformed(_("This cursor was not made here."))


# In the API.


def size_of(request: Request) -> int:
    """How many entries a page shall have; raises ``Problem`` 400."""
    size = whole_number(request.query_params.get("limit", str(PER_PAGE)))
    if size is None or not 1 <= size <= MOST_PER_PAGE:
        raise malformed(_("The limit is a number from 1 to %(most)d.") % {"most": MOST_PER_PAGE})
    return size


def cursor_of(request: Request) -> str:
    return request.query_params.get("cursor", "")


def page_as_json(request: Request, results: Iterable[Any], following: str | None) -> dict[str, Any]:
    """A page as clients get it, with the address of the next one: never by the request's ``Host``,
    which is anybody's to choose."""
    query = request.query_params.copy()
    query["cursor"] = following or ""
    address = f"{settings.PUBLIC_URL}{request.path}?{query.urlencode()}"
    return {"results": list(results), "next": address if following else None}


PARAMETERS = (
    OpenApiParameter("cursor", str, description="From the last page's `next`."),
    OpenApiParameter(
        "limit",
        {"type": "integer", "minimum": 1, "maximum": MOST_PER_PAGE, "default": PER_PAGE},
    ),
)


def page_of(entry: type[serializers.Serializer[Any]]) -> Any:
    """How a page of ``entry`` is described in the schema."""
    members = {"results": entry(many=True), "next": serializers.CharField(allow_null=True)}
    return inline_serializer(f"PageOf{entry.__name__}", members)
