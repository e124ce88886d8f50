"""What a workspace pays for a model."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from workspaces.models import Workspace

LONGEST_MODEL = 200
# Of a price in US dollars.
DIGITS, PLACES = 12, 4


class ModelPrice(models.Model):
    """US dollars for a million tokens that the model reads and writes, where the workspace pays
    something else than the list says, or the list says nothing."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="model_prices")
    model = models.CharField(_("model"), max_length=LONGEST_MODEL)
    read = models.DecimalField(_("tokens in"), max_digits=DIGITS, decimal_places=PLACES)
    written = models.DecimalField(_("tokens out"), max_digits=DIGITS, decimal_places=PLACES)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("workspace", "model"), name="one_price_per_model"),
        )

    def __str__(self) -> str:
        return self.model
