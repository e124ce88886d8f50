"""A deployed chatflow."""

from django.utils.translation import gettext_lazy as _

from assistants.models import AssistantEntity


class Chatflow(AssistantEntity):
    """Has nothing of its own: its nodes and edges are in its release."""

    class Meta:
        verbose_name = _("chatflow")
        verbose_name_plural = _("chatflows")
