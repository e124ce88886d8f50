from django.apps import AppConfig


class ChannelsDeployConfig(AppConfig):
    name = "channels_deploy"
