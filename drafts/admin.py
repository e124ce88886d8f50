"""Deployed entities, their releases and the record of deploys. Drafts are in Redis, not here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from drafts.models import Deployment, Entity, Release
from workspaces.admin_scope import ReadOnly, TabularInline

if TYPE_CHECKING:
    from django.http import HttpRequest


class ReleasesInline(TabularInline):
    model = Release
    fields = readonly_fields = ("number", "created_at", "created_by", "note")
    extra = 0
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Entity)
class EntityAdmin(ReadOnly):
    list_display = ("name", "kind", "workspace", "live_release", "updated_at")
    list_filter = ("kind",)
    list_select_related = ("workspace", "live_release")
    search_fields = ("name", "slug", "=id", "workspace__name", "workspace__slug")
    date_hierarchy = "created_at"
    inlines = (ReleasesInline,)


@admin.register(Release)
class ReleaseAdmin(ReadOnly):
    workspace_lookup = "entity__workspace"
    list_display = ("entity", "number", "created_at", "created_by", "note")
    list_select_related = ("entity",)
    search_fields = ("entity__name", "entity__slug", "created_by", "note")
    date_hierarchy = "created_at"


@admin.register(Deployment)
class DeploymentAdmin(ReadOnly):
    list_display = ("draft_id", "entity", "release", "workspace", "created_at", "is_handed_over")
    list_select_related = ("entity", "release__entity", "workspace")
    search_fields = ("=draft_id", "entity__name", "workspace__slug")
    date_hierarchy = "created_at"

    @admin.display(description=_("handed over"), boolean=True)
    def is_handed_over(self, deployment: Any) -> bool:
        return deployment.handed_over_at is not None
