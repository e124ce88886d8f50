"""What uses a credential, by name: told before it is deleted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from common.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
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
