"""What the models of a workspace cost it: by its own prices, else by those of the list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from conversations.models import ModelPrice
from inference.prices import Price, list_price
from workspaces import audit

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from workspaces.access import Actor


@dataclass(frozen=True)
class Prices:
    """``own`` by the name of the model."""

    own: Mapping[str, Price]

    def of(self, model: str) -> Price | None:
        """None where nobody said what the model costs."""
        return self.own.get(model) or list_price(model)


def prices_of(workspace_id: UUID) -> Prices:
    rows = ModelPrice.objects.filter(workspace=workspace_id)
    return Prices({row.model: Price(row.read, row.written) for row in rows})


@transaction.atomic
def set_price(actor: Actor, model: str, price: Price | None) -> None:
    """Keep what the workspace pays for ``model``; with None, what the list says counts again."""
    own = ModelPrice.objects.filter(workspace=actor.workspace_id, model=model)
    if price is None:
        own.delete()
        audit.record(actor, "price.removed", model)
        return
    values = {"read": price.read, "written": price.written}
    ModelPrice.objects.update_or_create(
        workspace_id=actor.workspace_id, model=model, defaults=values
    )
    audit.record(actor, "price.set", model, now=" / ".join(price.as_text))
