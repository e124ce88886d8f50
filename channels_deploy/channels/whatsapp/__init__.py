"""WhatsApp: a number of a business, by Meta's Cloud API."""

from channels_deploy.channels.whatsapp.channel import WhatsApp

__all__ = ["WhatsApp"]
