"""Telegram: a bot in private chats and groups."""

from channels_deploy.channels.telegram.channel import Telegram
from channels_deploy.channels.telegram.trying import telegram_tried

__all__ = ["Telegram", "telegram_tried"]
