"""What answers from a knowledge base, by name: told before the base is deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from common.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from uuid import UUID

    from knowledge.models import KnowledgeBase
    from workspaces.access import Actor
    from workspaces.credential_use import Use

# By kind of entity: all of it that the base with this id is attached to.
base_uses: Registry[Callable[[Actor, UUID], Iterable[Use]]] = Registry("use of knowledge bases")


def uses_of(actor: Actor, base: KnowledgeBase) -> list[Use]:
    """Whatever would miss the base."""
    return [use for find in base_uses for use in find(actor, base.pk)]
