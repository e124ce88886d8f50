"""Chatflows in the admin."""

from __future__ import annotations

from django.contrib import admin

from assistants.admin import AssistantAdmin
from chatflows.models import Chatflow


@admin.register(Chatflow)
class ChatflowAdmin(AssistantAdmin):
    """Shows of a chatflow what is shown of every assistant."""
