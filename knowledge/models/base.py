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

    # The generation that answers, and the one that grows beside it to take its place.
    live_index = models.ForeignKey(
        "knowledge.Index", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    next_index = models.ForeignKey(
        "knowledge.Index", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # Of the run that fills them: since when, until when, whether somebody stopped it, and when it
    # last went on.
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)
    worked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("knowledge base")
        verbose_name_plural = _("knowledge bases")
