"""WhatsApp: what a draft says of it. It cannot be connected yet."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from channels_deploy.channel import Planned
from common.schema import Schema


class WhatsAppSettings(Schema):
    """``webhook_url`` is set on deploy."""

    credential_id: str | None = None
    phone_number: str = ""
    webhook_url: str | None = None


class WhatsApp(Planned):
    name = "whatsapp"
    label = _("WhatsApp Business")
    short = "WhatsApp"
    icon = "phone"
    settings = WhatsAppSettings
    credential_field = "credential_id"
