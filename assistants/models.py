"""What lists show of a deployed assistant without its release."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from drafts.models import Entity


class AssistantEntity(Entity):
    """Extends ``Entity`` by what a list shows and whether search engines may list its page. Each
    kind has a table of its own."""

    class Visibility(models.TextChoices):
        PRIVATE = "private", _("Private")
        PUBLIC = "public", _("Public")

    category = models.CharField(_("category"), max_length=60, blank=True)
    visibility = models.CharField(
        _("visibility"), max_length=10, choices=Visibility.choices, default=Visibility.PRIVATE
    )
    description = models.TextField(_("description"), max_length=2000, blank=True)

    class Meta:
        abstract = True
