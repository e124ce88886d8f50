from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChannelsDeployConfig(AppConfig):
    name = "channels_deploy"

    def ready(self) -> None:
        from channels_deploy.arrivals import Arrivals
        from channels_deploy.carrying import carry, obstacle
        from channels_deploy.channels import CHANNELS
        from channels_deploy.credential_changes import changed
        from channels_deploy.dialects import dialect_of
        from channels_deploy.messenger import Messenger
        from channels_deploy.receipts import receipts_of
        from channels_deploy.showing import InDialect
        from channels_deploy.trying import register
        from conversations.arrivals import arrival_stores
        from conversations.delivery import carriers, obstacles, receipts
        from conversations.elsewhere import elsewhere
        from conversations.wording import channel_labels
        from workspaces.audit_words import audit_words
        from workspaces.credential_use import credential_changes

        for channel in CHANNELS:
            channel_labels.register(channel.name, channel.short)
            if isinstance(channel, Messenger):
                carriers.register(channel.name, carry)
                obstacles.register(channel.name, obstacle)
                receipts.register(channel.name, receipts_of)
                if dialect_of(channel.name).formats:
                    elsewhere.register(channel.name, InDialect(channel.name))
        register(CHANNELS)
        arrival_stores.register("channels", Arrivals())
        audit_words.register("channel.failed", _("A channel stopped working"))
        credential_changes.register("channels", changed)
        audit_words.register("channel.retried", _("Tried a channel again"))
        audit_words.register("channel.switched_off", _("Switched a channel off"))
        audit_words.register("channel.switched_on", _("Switched a channel on"))
        audit_words.register("channel.removed", _("Removed a channel"))
        audit_words.register("identity_secret.made", _("Made a secret that identifies visitors"))
        audit_words.register(
            "identity_secret.replaced", _("Replaced the secret that identifies visitors")
        )
