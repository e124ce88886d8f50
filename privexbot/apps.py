from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PrivexBotConfig(AppConfig):
    name = "privexbot"
    verbose_name = _("PrivexBot")
