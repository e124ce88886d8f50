"""What uses a credential: told by name before it is deleted, and followed when it changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from common.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from uuid import UUID

    from workspaces.actor import Actor
    from workspaces.models import Credential


@dataclass(frozen=True)
class Use:
    """Something of the actor's workspace; ``note`` says what it is, such as a draft."""

    name: str
    note: str
    url: str


# By kind of entity: all of it that names the credential with this id.
credential_uses: Registry[Callable[[Actor, UUID], Iterable[Use]]] = Registry("use of credentials")


def uses_of(actor: Actor, credential: Credential) -> list[Use]:
    """Whatever would miss the credential."""
    return [use for find in credential_uses for use in find(actor, credential.pk)]


# By name: hears inside the transaction that a credential got other values, or is about to be
# deleted, with the values that it had; empty where they could not be read. Calls nothing outside.
credential_changes: Registry[Callable[[Credential, Mapping[str, str]], None]] = Registry(
    "follower of credentials"
)


def tell_followers(credential: Credential, before: Mapping[str, str]) -> None:
    """Let whoever set something up with the credential follow."""
    for follow in credential_changes:
        follow(credential, before)
