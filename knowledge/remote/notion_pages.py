"""A page of Notion and those below it, page by page: pages within pages, and databases' rows."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from knowledge.remote.errors import RefusedError
from knowledge.remote.notion_markdown import Block, markdown_of, properties_of, title_of
from knowledge.texts import Page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from knowledge.remote.notion import Notion

PAGE, DATABASE = "child_page", "child_database"
# Where somebody else's pages begin, and where there is none any more.
UNSEEN = frozenset({400, 403, 404})


@dataclass(frozen=True)
class Limits:
    """How many pages, how far below the first, how many blocks of a page and how deep within each
    other, and how many requests in all."""

    pages: int = 500
    depth: int = 6
    blocks: int = 10_000
    nesting: int = 10
    requests: int = 3_000


@dataclass(frozen=True)
class _Found:
    """Something to be read; ``page`` is there where it is known already."""

    type: str
    id: str
    depth: int
    page: Mapping[str, Any] | None = None


class Walk:
    """Reads from one page on, nearest first; ``note`` is told what was left out."""

    def __init__(
        self, notion: Notion, note: Callable[[str], None], limits: Limits = Limits()
    ) -> None:
        self.notion, self.note, self.limits = notion, note, limits
        self.root_title = ""
        self._waiting: deque[_Found] = deque()
        self._seen: set[str] = set()
        self._unseen = self._blocks = 0
        self._cut = False

    def pages(self, root_id: str) -> Iterator[Page]:
        """The pages that have text, numbered."""
        self._begin(root_id)
        read = number = 0
        while self._waiting:
            if read >= self.limits.pages or self.notion.asked >= self.limits.requests:
                self.note(_("Notion has more pages: only the first %d were read.") % read)
                break
            found = self._waiting.popleft()
            page = self._page(found)
            if page is None:
                continue
            read += 1
            text = self._text(page, found)
            if text.strip():
                number += 1
                yield Page(number, text, title_of(page), _url_of(page, found.id))
        self._tell()

    def _begin(self, root_id: str) -> None:
        """Notion's ids do not say whether they are of a page or of a database."""
        try:
            page = self.notion.page(root_id)
        except RefusedError as error:
            if error.status not in UNSEEN:
                raise
            try:
                self._take_rows(root_id, 0)
            except RefusedError:
                raise error from None
            return
        self.root_title = title_of(page)
        self._seen.add(root_id)
        self._waiting.append(_Found(PAGE, root_id, 0, page))

    def _page(self, found: _Found) -> Mapping[str, Any] | None:
        """The page; None for what has been put away, what we may not see, and databases, whose
        rows wait then."""
        try:
            if found.type == DATABASE:
                self._take_rows(found.id, found.depth)
                return None
            page = found.page or self.notion.page(found.id)
        except RefusedError as error:
            if error.status not in UNSEEN:
                raise
            self._unseen += 1
            return None
        return None if page.get("in_trash") or page.get("archived") else page

    def _take_rows(self, database_id: str, depth: int) -> None:
        for row in self.notion.rows(database_id):
            if len(self._waiting) > self.limits.pages:
                return
            self._take(_Found(PAGE, str(row.get("id")), depth + 1, row))

    def _take(self, found: _Found) -> None:
        if found.id in self._seen:
            return
        self._seen.add(found.id)
        if found.depth > self.limits.depth:
            self._cut = True
        else:
            self._waiting.append(found)

    def _text(self, page: Mapping[str, Any], found: _Found) -> str:
        self._blocks = 0
        blocks = tuple(self._below(found.id, found, 0))
        return "\n\n".join(filter(None, (properties_of(page), markdown_of(blocks))))

    def _below(self, block_id: str, found: _Found, nesting: int) -> Iterator[Block]:
        """The blocks in a page or block; pages among them wait to be read."""
        for each in self.notion.blocks(block_id):
            self._blocks += 1
            if self._blocks > self.limits.blocks or self.notion.asked > self.limits.requests:
                self._cut = True
                return
            yield self._block(each, found, nesting)

    def _block(self, each: Mapping[str, Any], found: _Found, nesting: int) -> Block:
        type_, id_ = str(each.get("type")), str(each.get("id"))
        data = each.get(type_)
        if type_ in (PAGE, DATABASE):
            self._take(_Found(type_, id_, found.depth + 1))
            children: tuple[Block, ...] = ()
        elif each.get("has_children") and nesting >= self.limits.nesting:
            self._cut, children = True, ()
        elif each.get("has_children"):
            children = tuple(self._below(id_, found, nesting + 1))
        else:
            children = ()
        return Block(type_, data if isinstance(data, dict) else {}, children)

    def _tell(self) -> None:
        if self._cut:
            self.note(_("Very long or deep pages of Notion were read in part."))
        if self._unseen:
            words = ngettext(
                "%d page is not shared with the integration and was left out.",
                "%d pages are not shared with the integration and were left out.",
                self._unseen,
            )
            self.note(words % self._unseen)


def _url_of(page: Mapping[str, Any], page_id: str) -> str:
    return str(page.get("url") or f"https://www.notion.so/{page_id.replace('-', '')}")
