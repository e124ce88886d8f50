"""A deployed knowledge base: an entity whose documents are searched."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from drafts.models import Entity


class KnowledgeBase(Entity):
    """Extends ``Entity`` by what lists show and by who may use the base."""

    class Context(models.TextChoices):
        CHATBOT = "chatbot", _("Chatbots")
        CHATFLOW = "chatflow", _("Chatflows")
        BOTH = "both", _("Chatbots and chatflows")

    description = models.TextField(_("description"), max_length=2000, blank=True)
    context = models.CharField(
        _("used by"), max_length=10, choices=Context.choices, default=Context.BOTH
    )

    # The generation that answers; another may grow beside it.
    live_index = models.ForeignKey(
        "knowledge.Index", models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("knowledge base")
        verbose_name_plural = _("knowledge bases")
