"""Telegram: a bot in private chats and groups."""

from channels_deploy.channels.telegram.channel import Telegram

__all__ = ["Telegram"]
