"""Connections of entities to channels, and what is said there."""

from channels_deploy.models.chat import Chat, Inbound, Outbound
from channels_deploy.models.connection import Connection, new_path, new_public_key

__all__ = ["Chat", "Connection", "Inbound", "Outbound", "new_path", "new_public_key"]
