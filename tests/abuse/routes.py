"""Every address of the product, read from the URL resolver, so that a new one is attacked too."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import URLResolver, get_resolver

from tests.abuse.scene import filling

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tests.abuse.scene import Scene

_CONVERTER = re.compile(r"<(?:\w+:)?(\w+)>")
_GROUP = re.compile(r"\(\?P<(\w+)>(?:\[[^\]]*\]|\\.|[^)])*\)")
# The admin's answer for every address that it does not know.
CATCH_ALL = "admin/(?P<url>.*)$"


@dataclass(frozen=True)
class Route:
    """One pattern of the resolver, with the prefixes that it is included under."""

    pattern: str
    view: Any

    @property
    def names(self) -> list[str]:
        return [*_CONVERTER.findall(self.pattern), *_GROUP.findall(self.pattern)]

    @property
    def is_api(self) -> bool:
        return self.pattern.startswith(("api/v1/", "v1/"))

    @property
    def is_admin(self) -> bool:
        return self.pattern.startswith("admin/")

    @property
    def is_of_a_workspace(self) -> bool:
        return self.pattern.startswith("w/")

    def path(self, scene: Scene, **other: str) -> str:
        """The address of the thing in ``scene``, with ``other`` parameters in place of its own."""
        values = filling(scene, self.pattern) | other
        named = _CONVERTER.sub(lambda found: values[found[1]], self.pattern)
        plain = _GROUP.sub(lambda found: values[found[1]], named)
        return "/" + re.sub(r"[\^$]|\\(?=\.)", "", plain)


def routes() -> list[Route]:
    return [route for route in _walk(get_resolver().url_patterns) if route.pattern != CATCH_ALL]


def of_workspaces() -> list[Route]:
    """Routes that name something which belongs to a workspace."""
    ours = {"workspace", "draft_id", "entity_id", "credential_id", "key_id"}
    ours |= {"conversation_id", "lead_id", "subscription_id", "hook_id"}
    return [r for r in routes() if (ours & {*r.names} or r.is_api) and not r.is_admin]


def _walk(patterns: Iterable[Any], prefix: str = "") -> Iterator[Route]:
    for one in patterns:
        pattern = prefix + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _walk(one.url_patterns, pattern)
        else:
            yield Route(pattern, one.callback)
