"""What stops working for those who use the live chatbot, in sentences for the deploy dialog."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chatbots.schema import Chatbot


def breaking(live: Chatbot, coming: Chatbot) -> Iterator[str]:
    """One sentence for each thing that worked and will not. The plan itself tells of channels."""
    if "website" in _channels(coming):
        for domain in sorted(_domains(live) - _domains(coming)):
            yield _("The widget stops working on %(domain)s.") % {"domain": domain}
    for name in sorted(_demanded(coming) - _demanded(live)):
        yield _("API clients must send the variable %(name)s.") % {"name": name}


def _channels(chatbot: Chatbot) -> set[str]:
    return {channel.type for channel in chatbot.deployment.channels if channel.enabled}


def _domains(chatbot: Chatbot) -> set[str]:
    websites = (c for c in chatbot.deployment.channels if c.type == "website" and c.enabled)
    return {domain for website in websites for domain in website.config.allowed_domains}


def _demanded(chatbot: Chatbot) -> set[str]:
    """Required variables without a default."""
    return {v.name for v in chatbot.variables if v.required and v.default in (None, "")}
