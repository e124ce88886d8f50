"""Drafts that are made for one change of a live base, deployed and gone within it.

``kb:passing`` names those that there are. Where whoever made one is killed in between, the sweep
abandons it: nobody is to find it among the drafts and deploy it.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django_redis import get_redis_connection

from common import crash, leases
from drafts import creating
from drafts.address import Address
from drafts.discarding import remove
from knowledge.kind import KIND

if TYPE_CHECKING:
    from collections.abc import Iterator

    from drafts.draft import Draft
    from knowledge.models import KnowledgeBase
    from workspaces.access import Actor

PASSING = "kb:passing"


@contextmanager
def passing_draft(actor: Actor, base: KnowledgeBase) -> Iterator[Draft]:
    """A draft of what is live, which is there while the block runs: deployed in it, or abandoned at
    its end, whatever went wrong."""
    address = Address(KIND, creating.new_id(KIND), actor.workspace_id)
    with leases.lease(_lease(address)):
        # Before it is there: nothing may come between.
        _redis().sadd(PASSING, _name(address))
        try:
            draft = creating.create_from_entity(actor, base, address.draft_id)
            crash.point("draft.passing")
            yield draft
        finally:
            _abandon(address)


def sweep() -> int:
    """Abandon what nobody works with any more; gives how many there were."""
    named = (_address(name.decode()) for name in _redis().smembers(PASSING))
    left = [address for address in named if not leases.is_taken(_lease(address))]
    for address in left:
        _abandon(address)
    return len(left)


def _abandon(address: Address) -> None:
    """Remove the draft unless it is deployed or gone already. One whose deploy broke off is looked
    after again: that is called off first."""
    if remove(address) != "LOCKED":
        _redis().srem(PASSING, _name(address))


def _name(address: Address) -> str:
    return f"{address.workspace_id} {address.draft_id}"


def _address(name: str) -> Address:
    workspace_id, draft_id = name.split(" ")
    return Address(KIND, draft_id, UUID(workspace_id))


def _lease(address: Address) -> str:
    return f"kb:{address.draft_id}:passing"


def _redis() -> Any:
    return get_redis_connection("drafts")
