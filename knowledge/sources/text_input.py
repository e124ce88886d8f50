"""A text that was typed or pasted. It is there from the start, so nothing is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from knowledge.sources.base import UnreadError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise

    from knowledge.sources.base import Reading
    from knowledge.texts import Parsed


class TextInput:
    type: ClassVar[str] = "text_input"
    label: ClassVar[str | _StrPromise] = gettext_lazy("Text")
    icon: ClassVar[str] = "text"
    has_documents: ClassVar[bool] = False

    def name_of(self, source: Mapping[str, Any]) -> str:
        return str(source.get("name") or "")

    def read(self, source: Mapping[str, Any], reading: Reading) -> Parsed:
        """Only of one whose text did not come along, as in a draft that was exported."""
        raise UnreadError(_("The text is not here any more. Add it again."))
