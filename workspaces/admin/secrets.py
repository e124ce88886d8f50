"""API keys and credentials: what they are called, never what they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from workspaces import credentials, keys
from workspaces.admin_scope import WorkspaceScoped, staff_actor
from workspaces.models import ApiKey, Credential

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest


@admin.register(ApiKey)
class ApiKeyAdmin(WorkspaceScoped):
    list_display = ("name", "shown", "workspace", "scope", "created_by", "last_used_at", "usable")
    list_filter = ("scope", ("revoked_at", admin.EmptyFieldListFilter))
    search_fields = ("name", "prefix", "workspace__name", "created_by__email")
    list_select_related = ("workspace", "created_by")
    date_hierarchy = "created_at"
    actions = ("revoke",)
    fields = readonly_fields = (
        "name",
        "shown",
        "workspace",
        "scope",
        "subject_id",
        "created_by",
        "created_at",
        "expires_at",
        "last_used_at",
        "revoked_at",
    )

    @admin.display(description=_("key"), ordering="prefix")
    def shown(self, key: ApiKey) -> str:
        return f"pxb_{key.prefix}_…"

    @admin.display(description=_("works"), boolean=True)
    def usable(self, key: ApiKey) -> bool:
        return key.is_usable

    @admin.action(description=_("Revoke the selected keys"), permissions=["change"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> None:
        allowed = [key for key in queryset if self.has_change_permission(request, key)]
        for key in allowed:
            keys.revoke_by(staff_actor(request, key.workspace), key)
        self.message_user(request, _("%d keys are revoked.") % len(allowed))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A key is shown once, on the workspace's own page."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Revoked keys stay, so that the audit log's words lead somewhere."""
        return False


@admin.register(Credential)
class CredentialAdmin(WorkspaceScoped):
    list_display = ("name", "kind", "hint", "host", "workspace", "updated_at")
    list_filter = ("kind",)
    search_fields = ("name", "host", "workspace__name")
    list_select_related = ("workspace",)
    fields = ("name", "kind", "hint", "host", "workspace", "created_by", "created_at", "updated_at")
    readonly_fields = fields[1:]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Values are entered on the workspace's own page."""
        return False

    def delete_model(self, request: HttpRequest, obj: Credential) -> None:
        credentials.delete(staff_actor(request, obj.workspace), obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Credential]) -> None:
        for credential in queryset:
            if self.has_delete_permission(request, credential):
                self.delete_model(request, credential)
