"""What stands in a draft as a source and is of no kind: it is shown, and cannot be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from knowledge.sources.base import UnreadError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise

    from knowledge.sources.base import Reading, SourceKind
    from knowledge.texts import Parsed


class Unknown:
    type: ClassVar[str] = ""
    label: ClassVar[str | _StrPromise] = gettext_lazy("Source")
    icon: ClassVar[str] = "circle-help"
    has_documents: ClassVar[bool] = False

    def name_of(self, source: Mapping[str, Any]) -> str:
        del source
        return ""

    def read(self, source: Mapping[str, Any], reading: Reading) -> Parsed:
        del source, reading
        raise UnreadError(_("This source does not say what it is. Take it out."))


UNKNOWN: Final[SourceKind] = Unknown()
