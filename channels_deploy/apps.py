from django.apps import AppConfig


class ChannelsDeployConfig(AppConfig):
    name = "channels_deploy"

    def ready(self) -> None:
        from channels_deploy.channels import CHANNELS
        from conversations.wording import channel_labels

        for channel in CHANNELS:
            channel_labels.register(channel.name, channel.short)
