"""Zapier: messages that Zaps bring in, with an API key. What happens goes out in ``webhooks``."""

from channels_deploy.channels.zapier.channel import Zapier

__all__ = ["Zapier"]
