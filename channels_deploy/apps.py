from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChannelsDeployConfig(AppConfig):
    name = "channels_deploy"

    def ready(self) -> None:
        from channels_deploy.channels import CHANNELS
        from channels_deploy.channels.discord.application import tried as discord_tried
        from channels_deploy.channels.whatsapp import whatsapp_tried
        from channels_deploy.messenger import Messenger
        from channels_deploy.showing import InDialect
        from conversations.elsewhere import elsewhere
        from conversations.wording import channel_labels
        from workspaces.audit_words import audit_words
        from workspaces.credential_testing import credential_testers

        for channel in CHANNELS:
            channel_labels.register(channel.name, channel.short)
            if isinstance(channel, Messenger):
                elsewhere.register(channel.name, InDialect(channel.name))
        credential_testers.register("discord", discord_tried)
        credential_testers.register("whatsapp", whatsapp_tried)
        audit_words.register("channel.failed", _("A channel stopped working"))
        audit_words.register("identity_secret.made", _("Made a secret that identifies visitors"))
        audit_words.register(
            "identity_secret.replaced", _("Replaced the secret that identifies visitors")
        )
