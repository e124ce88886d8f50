"""Webhooks in the admin: to look at, never what is secret of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin

from webhooks.models import EventDelivery, Subscription
from workspaces.admin_scope import WorkspaceScoped

if TYPE_CHECKING:
    from django.http import HttpRequest


class ReadOnly(WorkspaceScoped):
    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Subscription)
class SubscriptionAdmin(ReadOnly):
    list_display = ("__str__", "workspace", "source", "status", "reason", "last_attempt_at")
    list_filter = ("source", "status")
    list_select_related = ("workspace",)
    search_fields = ("name", "shown_url", "workspace__slug")
    date_hierarchy = "created_at"
    fields = (
        *("workspace", "entity", "source", "name", "events", "shown_url", "status", "reason"),
        *("created_by", "api_key", "failures", "failing_since", "held_until", "last_attempt_at"),
        *("created_at", "updated_at"),
    )


@admin.register(EventDelivery)
class EventDeliveryAdmin(ReadOnly):
    workspace_lookup = "subscription__workspace"
    list_display = ("event_type", "subscription", "status", "attempts", "created_at")
    list_filter = ("status", "event_type")
    list_select_related = ("subscription",)
    search_fields = ("event_id", "subscription__name", "subscription__workspace__slug")
    date_hierarchy = "created_at"
    fields = (
        *("subscription", "event_id", "event_type", "is_test", "status", "attempts"),
        *("response_status", "error", "excerpt", "duration_ms", "next_attempt_at", "lease_until"),
        *("attempted_at", "created_at"),
    )
