"""What a document names outside of itself, and where: knowledge bases, credentials and
others of its kind, by ids that people or programs may have written in any form."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


class NamedBase(NamedTuple):
    """A knowledge base that the item at ``path`` attaches; ``tags`` are those that its
    ``override_retrieval`` limits the search to."""

    path: str
    id: str
    tags: frozenset[str] = frozenset()


class NamedFlow(NamedTuple):
    """Another entity of the kind, which the item at ``path`` runs in the midst of this one;
    ``variables`` are those of it that are given a value."""

    path: str
    id: str
    variables: tuple[str, ...] = ()


class NamedStart(NamedTuple):
    """What begins one besides a message: its name for people, and its icon."""

    label: str
    icon: str


class Needs(NamedTuple):
    """What running a document takes of people: ``own`` are the kind's own words for it; of those
    with the ids ``through`` it takes what they take."""

    own: frozenset[str] = frozenset()
    through: tuple[str, ...] = ()


class BarredFlow(NamedTuple):
    """A ``NamedFlow`` that stands where nobody can give it the one thing ``need``, should it take
    that: ``told`` says so as an issue of ``severity``, of what it calls the flow."""

    path: str
    id: str
    need: str
    severity: str
    told: Callable[[str], str]


class NamedCredential(NamedTuple):
    """A credential that must be of ``kind``."""

    path: str
    kind: str
    id: str


def uuids(texts: Iterable[str]) -> set[UUID]:
    """The ids among ``texts``."""
    return {found for text in texts if (found := uuid(text))}


def uuid(text: str) -> UUID | None:
    """The id in ``text``, if it is one."""
    try:
        return UUID(text)
    except ValueError:
        return None
