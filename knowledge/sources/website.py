"""A page of the web and those that it leads to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.utils.translation import gettext_lazy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise

    from knowledge.sources.base import Reading
    from knowledge.texts import Parsed


class Website:
    type: ClassVar[str] = "website"
    label: ClassVar[str | _StrPromise] = gettext_lazy("Website")
    icon: ClassVar[str] = "globe"
    has_documents: ClassVar[bool] = True

    def name_of(self, source: Mapping[str, Any]) -> str:
        return str(source.get("url") or "")

    def read(self, source: Mapping[str, Any], reading: Reading) -> Parsed:
        raise NotImplementedError
