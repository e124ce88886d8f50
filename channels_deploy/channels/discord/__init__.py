"""Discord: an application whose command people use in servers and direct messages."""

from channels_deploy.channels.discord.channel import Discord

__all__ = ["Discord"]
