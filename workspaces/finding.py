"""What the palette finds by name in a workspace. Apps register what of theirs can be found."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from common.registry import Registry
from workspaces import settings_pages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from workspaces.access import Actor

# Of each list that is searched.
MOST_FOUND = 25


@dataclass(frozen=True)
class Found:
    """A page to go to; ``note`` says in a word what it is."""

    label: str
    url: str
    icon: str
    note: str

    def as_dict(self) -> dict[str, str]:
        """The entry as the palette's script reads it."""
        return asdict(self)


# By what is found: all of it that the actor may open and whose name holds the query.
finders: Registry[Callable[[Actor, str], Iterable[Found]]] = Registry("finder")


def found(actor: Actor, query: str) -> list[Found]:
    """Everything whose name holds ``query``, in the order in which apps registered."""
    return [entry for find in finders for entry in find(actor, query)]


def pages(actor: Actor, query: str) -> Iterator[Found]:
    """Pages of the settings."""
    for page in settings_pages.pages_named(actor, query):
        yield Found(page.label, page.url, page.icon, str(settings_pages.GROUP))
