"""Chatbots in the admin."""

from __future__ import annotations

from django.contrib import admin

from assistants.admin import AssistantAdmin
from chatbots.models import Chatbot


@admin.register(Chatbot)
class ChatbotAdmin(AssistantAdmin):
    """Shows of a chatbot what is shown of every assistant."""
