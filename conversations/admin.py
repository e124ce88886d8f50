"""Conversations and leads in the admin: to look at and to delete, not to write by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from conversations.models import Conversation, Feedback, Lead, Message
from workspaces.admin_scope import TabularInline, WorkspaceScoped

if TYPE_CHECKING:
    from django.http import HttpRequest


# Without it a filter names every workspace there is.
BY_WORKSPACE = ("workspace", admin.RelatedOnlyFieldListFilter)


class ReadOnly:
    """Nobody says something for somebody else, and nobody changes what was said."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class MessageInline(ReadOnly, TabularInline):
    model = Message
    fields = ("created_at", "role", "content", "status", "error", "release", "model", "latency_ms")
    readonly_fields = fields
    ordering = ("created_at",)
    extra = 0
    can_delete = False
    show_change_link = False


@admin.register(Conversation)
class ConversationAdmin(ReadOnly, WorkspaceScoped):
    list_display = ("opening", "entity", "channel", "message_count", "last_message_at")
    list_filter = ("channel", BY_WORKSPACE)
    list_select_related = ("entity",)
    search_fields = ("opening", "session_id", "entity__name", "messages__content")
    date_hierarchy = "last_message_at"
    inlines = (MessageInline,)


@admin.register(Lead)
class LeadAdmin(ReadOnly, WorkspaceScoped):
    list_display = ("__str__", "email", "entity", "created_at")
    list_filter = (BY_WORKSPACE,)
    list_select_related = ("entity",)
    search_fields = ("name", "email", "fields", "entity__name")
    date_hierarchy = "created_at"


@admin.register(Feedback)
class FeedbackAdmin(ReadOnly, WorkspaceScoped):
    workspace_lookup = "message__conversation__workspace"
    list_display = ("value", "message", "assistant", "created_at")
    list_filter = ("value",)
    list_select_related = ("message__conversation__entity",)
    search_fields = ("message__content",)
    date_hierarchy = "created_at"

    @admin.display(description=_("bot"))
    def assistant(self, feedback: Feedback) -> str:
        return str(feedback.message.conversation.entity)
