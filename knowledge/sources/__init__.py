"""The kinds of sources. To add one: a file in this folder and its class here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from knowledge.sources.file_upload import FileUpload
from knowledge.sources.google_docs import GoogleDocs
from knowledge.sources.notion import Notion
from knowledge.sources.text_input import TextInput
from knowledge.sources.unknown import UNKNOWN
from knowledge.sources.website import Website

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from knowledge.sources.base import AccountKind, SourceKind

ACCOUNTS: tuple[AccountKind, ...] = (Notion(), GoogleDocs())
SOURCES: tuple[SourceKind, ...] = (FileUpload(), Website(), TextInput(), *ACCOUNTS)


def account(type_: str) -> AccountKind:
    """The kind called ``type_`` that is read from an account; raises ``LookupError``."""
    for kind in ACCOUNTS:
        if kind.type == type_:
            return kind
    raise LookupError(type_)


def described(type_: str) -> SourceKind:
    """The kind called ``type_``; raises ``LookupError``."""
    for kind in SOURCES:
        if kind.type == type_:
            return kind
    raise LookupError(type_)


def kind_of(source: Mapping[str, Any]) -> SourceKind:
    """The kind of a source as a draft has it: an older draft may not say, or say what is none."""
    type_ = source.get("type")
    return next((kind for kind in SOURCES if kind.type == type_), UNKNOWN)
