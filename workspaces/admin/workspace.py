"""Workspaces, members and invitations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _

from workspaces import founding
from workspaces.admin_scope import TabularInline, WorkspaceScoped, staff_actor
from workspaces.models import Invitation, Membership, Role, Workspace

if TYPE_CHECKING:
    from django.http import HttpRequest


class MembersInline(TabularInline):
    model = Membership
    fields = ("user", "role", "created_at")
    readonly_fields = ("created_at",)
    autocomplete_fields = ("user",)
    extra = 0

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)


@admin.register(Workspace)
class WorkspaceAdmin(WorkspaceScoped):
    workspace_lookup = "pk"
    least_to_delete = Role.OWNER
    list_display = ("name", "slug", "people", "created_at")
    search_fields = ("name", "slug")
    readonly_fields = ("created_at",)
    inlines = (MembersInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        found: QuerySet[Any] = super().get_queryset(request).annotate(people=Count("memberships"))
        return found

    @admin.display(description=_("members"), ordering="people")
    def people(self, workspace: Any) -> int:
        return int(workspace.people)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Whoever may delete a workspace may delete what is in it."""
        listed, counts, _, protected = super().get_deleted_objects(objs, request)
        return listed, counts, set(), protected

    def delete_model(self, request: HttpRequest, obj: Workspace) -> None:
        founding.delete(staff_actor(request, obj))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Workspace]) -> None:
        for workspace in queryset:
            if self.has_delete_permission(request, workspace):
                self.delete_model(request, workspace)


@admin.register(Membership)
class MembershipAdmin(WorkspaceScoped):
    list_display = ("user", "workspace", "role", "created_at")
    list_filter = ("role",)
    search_fields = ("user__email", "workspace__name", "workspace__slug")
    list_select_related = ("user", "workspace")
    readonly_fields = ("user", "workspace", "role", "created_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Members come by invitation, or on the workspace's own page."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Invitation)
class InvitationAdmin(WorkspaceScoped):
    list_display = ("email", "workspace", "role", "invited_by", "expires_at", "accepted_at")
    list_filter = ("role",)
    search_fields = ("email", "workspace__name")
    list_select_related = ("workspace", "invited_by")
    fields = readonly_fields = (
        "email",
        "workspace",
        "role",
        "invited_by",
        "created_at",
        "expires_at",
        "accepted_at",
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        """An invitation without its mail is of no use."""
        return False
