"""Which models there are to choose from. Asked by pages, so it answers within a moment with what is
known, and what takes longer is there the next time."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, Any, NamedTuple

from common.memory import Memory, opaque_key
from common.registry import Registry
from inference.client import InferenceError
from inference.providers import BY_NAME, PROVIDERS
from inference.resolve import NOTHING, chosen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from django.utils.functional import _StrPromise

A_MOMENT = 0.3
KEPT_FOR = 300.0
FAILURE_KEPT_FOR = 30.0

# How to read the ``llm`` credentials of a workspace; filled in by whoever knows workspaces.
credential_sources: Registry[Callable[[Any], Iterable[Mapping[str, str]]]] = Registry(
    "credential source"
)


class Available(NamedTuple):
    """A provider that can be chosen. ``models`` is empty when it has none or does not tell."""

    provider: str
    label: str | _StrPromise
    models: tuple[str, ...]


@dataclass
class Listing:
    """One provider's models by one set of values, looked up in a thread. The values, a key among
    them, are not kept."""

    provider: str
    models: tuple[str, ...] = ()
    fresh_until: float = 0.0
    looking: Future[None] | None = None
    lock: Lock = field(default_factory=Lock, repr=False)

    def refresh(self, values: Mapping[str, str]) -> Future[None] | None:
        """The newest look-up, begun if what is known is old; None when there was none yet."""
        with self.lock:
            under_way = self.looking is not None and not self.looking.done()
            if not under_way and monotonic() > self.fresh_until:
                self.looking = _lookers.submit(self._look, values)
            return self.looking

    def _look(self, values: Mapping[str, str]) -> None:
        try:
            self.models = asyncio.run(BY_NAME[self.provider].models(values))
            self.fresh_until = monotonic() + KEPT_FOR
        except InferenceError:
            self.fresh_until = monotonic() + FAILURE_KEPT_FOR


_lookers = ThreadPoolExecutor(4, thread_name_prefix="models")
_listings: Memory[bytes, Listing] = Memory(1000)


def available(workspace: Any = None) -> list[Available]:
    """Every provider, with the models that the server's settings and the workspace's credentials
    reach."""
    sources = [(p.name, NOTHING) for p in PROVIDERS if p.ready()]
    sources += [(chosen(None, values).name, values) for values in _credentials(workspace)]
    listings = [_listing(provider, values) for provider, values in sources]
    refreshing = [
        found
        for listing, (_provider, values) in zip(listings, sources, strict=True)
        if (found := listing.refresh(values))
    ]
    wait(refreshing, timeout=A_MOMENT)
    return [Available(p.name, p.label, _models(p.name, listings)) for p in PROVIDERS]


def _credentials(workspace: Any) -> list[Mapping[str, str]]:
    if workspace is None:
        return []
    return [values for source in credential_sources for values in source(workspace)]


def _listing(provider: str, values: Mapping[str, str]) -> Listing:
    parts = [text for item in sorted(values.items()) for text in item]
    return _listings.get_or(opaque_key(provider, *parts), lambda: Listing(provider))


def _models(provider: str, listings: Iterable[Listing]) -> tuple[str, ...]:
    of_provider = (listing for listing in listings if listing.provider == provider)
    return tuple(dict.fromkeys(name for listing in of_provider for name in listing.models))
