"""Notion's API: pages, the blocks in them, and the rows of databases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext as _

from knowledge.remote.asking import BUSY, Manners, Service, bearer
from knowledge.remote.errors import RemoteError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Self

    from knowledge.remote.errors import RefusedError

VERSION = "2025-09-03"
AT_ONCE = 100
# More than this many answers of one list, and it is taken for one without an end.
LONGEST_LIST = 1000
CONFLICT = 409


class Notion:
    """What one integration may see. Raises as ``Service`` does."""

    def __init__(self, values: Mapping[str, str], is_stopped: Callable[[], bool]) -> None:
        token = values.get("token", "")
        if not token:
            raise RemoteError(_("The credential holds no integration secret. Store it again."))
        headers = {"Authorization": bearer(token), "Notion-Version": VERSION}
        self._service = Service(_manners(), is_stopped, headers)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._service.__exit__(*error)

    @property
    def asked(self) -> int:
        """How many requests there were."""
        return self._service.asked

    def me(self) -> dict[str, Any]:
        return self._service.json("GET", "/users/me")

    def page(self, page_id: str) -> dict[str, Any]:
        return self._service.json("GET", f"/pages/{page_id}")

    def blocks(self, block_id: str) -> Iterator[dict[str, Any]]:
        """What is directly in a page or block."""
        return self._all("GET", f"/blocks/{block_id}/children", "params")

    def rows(self, database_id: str) -> Iterator[dict[str, Any]]:
        """The pages of a database, which consists of data sources."""
        database = self._service.json("GET", f"/databases/{database_id}")
        for source in objects(database.get("data_sources")):
            yield from self._all("POST", f"/data_sources/{source.get('id')}/query", "json")

    def _all(self, method: str, path: str, where: str) -> Iterator[dict[str, Any]]:
        """All of a list that comes in parts."""
        given: dict[str, Any] = {"page_size": AT_ONCE}
        for _part in range(LONGEST_LIST):
            answer = self._service.json(method, path, **{where: given})
            yield from objects(answer.get("results"))
            cursor = answer.get("next_cursor") if answer.get("has_more") else None
            if not cursor:
                return
            given = {"page_size": AT_ONCE, "start_cursor": str(cursor)}
        raise RemoteError(_("Notion sends a list that has no end."))


def objects(value: Any) -> list[dict[str, Any]]:
    """The objects of what should be a list of them."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def words_for(error: RefusedError) -> str:
    """Why Notion refused, and what a person can do."""
    known = {
        400: _("Notion does not know such a page. Paste its address again."),
        401: _("Notion does not take the integration secret. Replace it in the credential."),
        403: _("The integration may not read content. Allow it that in Notion's settings."),
        404: _(
            "There is no such page, or it is not shared with the integration: in Notion, open it, "
            "choose ••• and “Connections”, and add the integration."
        ),
    }
    return known.get(error.status, str(error))


def _manners() -> Manners:
    return Manners("Notion", settings.NOTION_API_URL, _code_of, _waits)


def _code_of(body: Any) -> str:
    return str(body.get("code") or "") if isinstance(body, dict) else ""


def _waits(status: int, code: str) -> bool:
    del code
    return status in BUSY or status == CONFLICT
