"""A page of Notion and the pages below it, or the pages of a database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from knowledge.remote.addresses import notion_page_id
from knowledge.remote.notion import Notion as NotionApi
from knowledge.remote.notion import words_for
from knowledge.remote.notion_pages import Walk
from knowledge.sources.accounts import account
from knowledge.sources.base import UnreadError
from knowledge.texts import Page, Parsed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise

    from knowledge.sources.base import Reading


class Notion:
    type: ClassVar[str] = "notion"
    label: ClassVar[str | _StrPromise] = gettext_lazy("Notion")
    icon: ClassVar[str] = "book-open-text"
    has_documents: ClassVar[bool] = True
    credential_kind: ClassVar[str] = "notion"
    id_field: ClassVar[str] = "page_id"
    id_label: ClassVar[str | _StrPromise] = gettext_lazy("Address of a page or database")
    placeholder: ClassVar[str] = "https://www.notion.so/…"
    help: ClassVar[str | _StrPromise] = gettext_lazy(
        "Share the page with your integration first: ••• and “Connections”. Pages below it are "
        "read too, and all rows of a database."
    )

    def name_of(self, source: Mapping[str, Any]) -> str:
        return str(self.label) if source.get("page_id") else ""

    def id_of(self, pasted: str) -> str:
        return notion_page_id(pasted)

    def read(self, source: Mapping[str, Any], reading: Reading) -> Parsed:
        pages: list[Page] = []
        with account(self, source, reading, NotionApi, words_for) as (api, page_id):
            walk = Walk(api, reading.note)
            for page in walk.pages(page_id):
                pages.append(page)
                reading.progress(len(pages))
        if not pages:
            raise UnreadError(_("There is no text in this page or below it."))
        return Parsed(tuple(pages), walk.root_title or pages[0].title, "text/markdown")
