"""The kinds that one can talk to, in addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import register_converter

from conversations.runtime import assistants
from drafts.kinds import KindConverter

if TYPE_CHECKING:
    from drafts.types import DraftType


class TalkingKindConverter(KindConverter):
    """As ``KindConverter``; other kinds may have pages of their own at the same addresses."""

    def to_python(self, value: str) -> DraftType[Any]:
        draft_type = super().to_python(value)
        if draft_type.kind not in assistants:
            raise ValueError(value)
        return draft_type


register_converter(TalkingKindConverter, "talking_kind")
