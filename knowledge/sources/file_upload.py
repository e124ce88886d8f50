"""A file that somebody brought, read in a process of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from knowledge.parsing.errors import UnreadableError
from knowledge.parsing.files import parse
from knowledge.parsing.sandbox import CancelledError
from knowledge.sources.base import StoppedError, UnreadError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise

    from knowledge.sources.base import Reading
    from knowledge.texts import Parsed


class FileUpload:
    type: ClassVar[str] = "file_upload"
    label: ClassVar[str | _StrPromise] = gettext_lazy("File")
    icon: ClassVar[str] = "file-text"
    has_documents: ClassVar[bool] = False

    def name_of(self, source: Mapping[str, Any]) -> str:
        return str(source.get("name") or "")

    def read(self, source: Mapping[str, Any], reading: Reading) -> Parsed:
        if reading.original is None or not reading.original.exists():
            raise UnreadError(_("The file itself is not here any more. Upload it again."))
        try:
            return parse(reading.original, self.name_of(source), cancelled=reading.is_stopped)
        except CancelledError as error:
            raise StoppedError from error
        except UnreadableError as error:
            raise UnreadError(str(error)) from error
