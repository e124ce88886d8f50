"""What every kind of source is and does: one class in one file, listed in ``knowledge.sources``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from django.utils.functional import _StrPromise

    from knowledge.texts import Page, Parsed


class UnreadError(Exception):
    """A source could not be read; the message tells a person why and what to do."""


class StoppedError(Exception):
    """Nobody wants the reading any more."""


def no_credentials(kind: str, credential_id: str) -> Mapping[str, str]:
    raise LookupError(f"There is no credential {credential_id} of the kind {kind}.")


@dataclass(frozen=True)
class Reading:
    """What a reader is given: the original file, if there is one; whom to tell how many pages are
    done, with words about what was left out; whether to stop; the values of a credential of the
    workspace by its kind and id, which raises ``LookupError``; and the pages that were read the
    time before."""

    original: Path | None
    progress: Callable[[int], None]
    note: Callable[[str], None]
    is_stopped: Callable[[], bool]
    values: Callable[[str, str], Mapping[str, str]] = no_credentials
    earlier: tuple[Page, ...] = ()


class SourceKind(Protocol):
    """One kind of source. ``read`` raises ``UnreadError`` and ``StoppedError``; it runs in a worker
    and may run twice. ``has_documents`` says whether each page is a document of its own, which then
    has the page's title and address; else the source is one."""

    type: ClassVar[str]
    label: ClassVar[str | _StrPromise]
    icon: ClassVar[str]
    has_documents: ClassVar[bool]

    def name_of(self, source: Mapping[str, Any]) -> str:
        """What to call the source as long as it has no name."""
        ...

    def read(self, source: Mapping[str, Any], reading: Reading) -> Parsed: ...


class AccountKind(SourceKind, Protocol):
    """A kind that is read from an account at a service, with a credential of ``credential_kind``.
    ``id_field`` names what is read there, ``help`` says what a person has to do there first;
    ``id_of`` finds the id in what people paste, and raises ``ValueError``."""

    credential_kind: ClassVar[str]
    id_field: ClassVar[str]
    id_label: ClassVar[str | _StrPromise]
    placeholder: ClassVar[str]
    help: ClassVar[str | _StrPromise]

    def id_of(self, pasted: str) -> str: ...
