"""WhatsApp: a number of a business, by Meta's Cloud API."""

from channels_deploy.channels.whatsapp.channel import WhatsApp
from channels_deploy.channels.whatsapp.trying import whatsapp_tried

__all__ = ["WhatsApp", "whatsapp_tried"]
