"""Zapier: what a draft says of it. It cannot be connected yet."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from channels_deploy.channel import Planned
from common.schema import Schema


class ZapierSettings(Schema):
    """``webhook_url`` is set on deploy."""

    webhook_url: str | None = None


class Zapier(Planned):
    name = "zapier"
    label = _("Zapier webhook")
    short = "Zapier"
    icon = "zap"
    settings = ZapierSettings
