"""A deployed chatbot."""

from django.utils.translation import gettext_lazy as _

from assistants.models import AssistantEntity


class Chatbot(AssistantEntity):
    """Has nothing of its own: what it is set to is in its release."""

    class Meta:
        verbose_name = _("chatbot")
        verbose_name_plural = _("chatbots")
