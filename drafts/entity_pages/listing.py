"""What the list of a kind shows: drafts and live entities, narrowed by a search, page by page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.core.paginator import Paginator

from drafts.overview import draft_rows, drafts_named

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

    from drafts.types import DraftType
    from workspaces.access import Actor

PER_PAGE = 25
LONGEST_QUERY = 120


def query_of(request: HttpRequest) -> str:
    """What is searched for."""
    return request.GET.get("q", "").strip()[:LONGEST_QUERY]


def list_context(
    request: HttpRequest, actor: Actor, draft_type: DraftType[Any], live: QuerySet[Any]
) -> dict[str, Any]:
    """The context of ``drafts/list/page.html`` but for the rows of the page of ``live``."""
    query, numbers = query_of(request), request.GET
    found = Paginator(drafts_named(actor, draft_type, query), PER_PAGE)
    drafts = found.get_page(numbers.get("drafts"))
    return {
        "actor": actor,
        "draft_type": draft_type,
        "list_url": draft_type.list_url(actor.workspace),
        "query": query,
        "drafts": draft_rows(actor, draft_type, drafts.object_list),
        "draft_page": drafts,
        "keeps_live": _kept(q=query, page=numbers.get("page", "")),
        "live_page": Paginator(live, PER_PAGE).get_page(numbers.get("page")),
        "keeps_drafts": _kept(q=query, drafts=numbers.get("drafts", "")),
    }


def _kept(**parameters: str) -> str:
    """The parameters that a link to another page keeps."""
    given = {name: value for name, value in parameters.items() if value}
    return urlencode(given) + "&" if given else ""
