"""Deployed entities, their releases and the record of deploys. Drafts are in Redis, not here."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from drafts.models import Deployment, Entity, Release
from workspaces.admin_scope import ReadOnly, TabularInline

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.utils.safestring import SafeString


class ReleasesInline(TabularInline):
    model = Release
    fields = readonly_fields = ("number", "created_at", "created_by", "note")
    extra = 0
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class LiveConfiguration(ReadOnly):
    """The base of the admin of a kind's own model. The live configuration holds no secret:
    credentials are in it by their ids."""

    @admin.display(description=_("version"), ordering="live_release__number")
    def version(self, entity: Entity) -> str:
        release = entity.live_release
        return f"v{release.number}" if release else "-"

    @admin.display(description=_("live configuration"))
    def configuration(self, entity: Entity) -> SafeString | str:
        release = entity.live_release
        if release is None:
            return "-"
        return format_html(
            '<pre tabindex="0">{}</pre>',
            json.dumps(release.configuration, indent=2, ensure_ascii=False),
        )


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
