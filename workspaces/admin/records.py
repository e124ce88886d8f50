"""The audit log."""

from django.contrib import admin

from workspaces.admin_scope import ReadOnly
from workspaces.models import AuditEntry


@admin.register(AuditEntry)
class AuditAdmin(ReadOnly):
    list_display = ("at", "by", "action", "target", "workspace_id")
    list_display_links = ("at",)
    list_filter = ("action",)
    search_fields = ("by", "target", "action")
    date_hierarchy = "at"
    fields = ("at", "by", "action", "target", "details", "workspace_id", "user_id", "api_key_id")
    show_full_result_count = False
