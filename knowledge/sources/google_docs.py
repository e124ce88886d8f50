"""A document of Google Docs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from knowledge.remote.addresses import google_file_id
from knowledge.remote.errors import RefusedError
from knowledge.remote.google_drive import DOCUMENT, TOO_LARGE, Drive, words_for
from knowledge.remote.google_markdown import cleaned
from knowledge.sources.accounts import account
from knowledge.sources.base import UnreadError
from knowledge.texts import Page, Parsed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise

    from knowledge.sources.base import Reading

MARKDOWN, PLAIN = "text/markdown", "text/plain"
BAD_REQUEST = 400


class GoogleDocs:
    type: ClassVar[str] = "google_docs"
    label: ClassVar[str | _StrPromise] = gettext_lazy("Google Docs")
    icon: ClassVar[str] = "file-text"
    has_documents: ClassVar[bool] = False
    credential_kind: ClassVar[str] = "google"
    id_field: ClassVar[str] = "file_id"
    id_label: ClassVar[str | _StrPromise] = gettext_lazy("Address of a document")
    placeholder: ClassVar[str] = "https://docs.google.com/document/d/…"
    help: ClassVar[str | _StrPromise] = gettext_lazy(
        "Share the document with the service account's email address first."
    )

    def name_of(self, source: Mapping[str, Any]) -> str:
        return str(self.label) if source.get("file_id") else ""

    def id_of(self, pasted: str) -> str:
        return google_file_id(pasted)

    def read(self, source: Mapping[str, Any], reading: Reading) -> Parsed:
        with account(self, source, reading, Drive, words_for) as (drive, file_id):
            file = drive.file(file_id)
            if file.get("mimeType") != DOCUMENT:
                raise UnreadError(
                    _("This is no document of Google Docs. Download it and upload it as a file.")
                )
            text = _exported(drive, file_id, reading)
        if not text:
            raise UnreadError(_("The document holds no text."))
        title = str(file.get("name") or "")
        url = str(file.get("webViewLink") or f"https://docs.google.com/document/d/{file_id}/edit")
        return Parsed((Page(1, text, url=url),), title, MARKDOWN)


def _exported(drive: Drive, file_id: str, reading: Reading) -> str:
    """The text; plain where Google gives no Markdown, or too much of it: pictures are part of
    that."""
    try:
        return cleaned(drive.export(file_id, MARKDOWN))
    except RefusedError as error:
        if error.status != BAD_REQUEST and error.code != TOO_LARGE:
            raise
    text = cleaned(drive.export(file_id, PLAIN))
    reading.note(_("Google gave plain text alone, without headings."))
    return text
