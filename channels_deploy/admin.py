"""Connections in the admin: to look at and to try again, not to write by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin, messages
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from channels_deploy import by_hand
from channels_deploy.models import Connection
from common.problems import Problem
from workspaces.admin_scope import WorkspaceScoped

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest


@admin.register(Connection)
class ConnectionAdmin(WorkspaceScoped):
    workspace_lookup = "entity__workspace"
    list_display = ("entity", "channel", "status", "enabled", "attempts", "updated_at")
    list_filter = ("channel", "status", "enabled")
    list_select_related = ("entity",)
    search_fields = ("entity__name", "entity__slug", "public_key", "entity__workspace__slug")
    date_hierarchy = "updated_at"
    actions = ("connect_again",)
    fields = (
        *("entity", "channel", "enabled", "paused", "leaving", "status", "error"),
        *("attempts", "next_attempt_at", "lease_until"),
        *("config", "facts", "public_key", "created_at", "updated_at"),
    )
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.action(description=_("Connect again"), permissions=["change"])
    def connect_again(self, request: HttpRequest, queryset: QuerySet[Connection]) -> None:
        done = 0
        for connection in queryset.select_related("entity__workspace").exclude(entity=None):
            assert connection.entity is not None
            if not self.has_change_permission(request, connection):
                continue
            try:
                by_hand.retry(connection.entity, connection.channel)
            except Problem as problem:
                messages.warning(request, f"{connection}: {problem.detail}")
            else:
                done += 1
        text = ngettext("%(n)d connection is tried.", "%(n)d connections are tried.", done)
        messages.info(request, text % {"n": done})
