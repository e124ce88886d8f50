"""How a kind is named in addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drafts.types import by_url_name

if TYPE_CHECKING:
    from drafts.types import DraftType


class KindConverter:
    """A kind's name in the address; what is none leads on to the next address."""

    regex = "[-a-z0-9_]+"

    def to_python(self, value: str) -> DraftType[Any]:
        try:
            return by_url_name(value)
        except LookupError as error:
            raise ValueError(value) from error

    def to_url(self, value: DraftType[Any] | str) -> str:
        return value if isinstance(value, str) else value.url_name
