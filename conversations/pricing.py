"""What the models of a workspace cost it: by its own prices, else by those of the list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from common.problems import FieldError, invalid
from conversations.models import ModelPrice
from inference.prices import Price, list_price
from workspaces import audit

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from workspaces.access import Actor


# Own prices of a workspace.
MOST = 1000


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
    """Keep what the workspace pays for ``model``; with None, what the list says counts again.
    Raises ``Problem`` 422 for one more than ``MOST``."""
    own = ModelPrice.objects.filter(workspace=actor.workspace_id)
    if price is None:
        own.filter(model=model).delete()
        audit.record(actor, "price.removed", model)
        return
    if own.exclude(model=model).count() >= MOST:
        words = _("A workspace has at most %(count)d prices of its own.") % {"count": MOST}
        raise invalid(words, FieldError("model", _("This would be one more.")))
    values = {"read": price.read, "written": price.written}
    ModelPrice.objects.update_or_create(
        workspace_id=actor.workspace_id, model=model, defaults=values
    )
    audit.record(actor, "price.set", model, now=" / ".join(price.as_text))
