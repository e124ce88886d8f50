"""People and their addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.models import EmailAddress
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.utils.translation import gettext_lazy as _

from workspaces.admin_scope import ModelAdmin, member_id_of
from workspaces.membership import owned_alone
from workspaces.models import Membership, User

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

    PersonAdmin = UserAdmin[User]
else:
    PersonAdmin = UserAdmin

# allauth's own shows everybody's addresses to all staff.
admin.site.unregister(EmailAddress)


def _colleagues(request: HttpRequest, people: QuerySet[Any], lookup: str) -> QuerySet[Any]:
    member = member_id_of(request)
    if member is None:
        return people
    mine = Membership.objects.filter(user=member).values("workspace")
    users = Membership.objects.filter(workspace__in=mine).values("user")
    return people.filter(**{f"{lookup}__in": users})


class OnlySuperusersChange:
    """Whoever could change an account could take it over."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)


@admin.register(User)
class PeopleAdmin(OnlySuperusersChange, PersonAdmin):
    list_display = ("email", "name", "is_active", "is_staff", "last_login", "date_joined")
    list_filter = ("is_active", "is_staff", "is_superuser")
    search_fields = ("email", "name")
    ordering = ("email",)
    readonly_fields = ("last_login", "date_joined")
    filter_horizontal = ("groups", "user_permissions")
    fieldsets = (
        (None, {"fields": ("email", "name", "password")}),
        (_("Permissions"), {"fields": ("is_active", "is_staff", "is_superuser")}),
        (_("In the admin"), {"classes": ("collapse",), "fields": ("groups", "user_permissions")}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"fields": ("email", "name", "usable_password", "password1", "password2")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return _colleagues(request, super().get_queryset(request), "pk")

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Keys go with their maker; whoever alone owns a workspace stays until another does too."""
        listed, counts, _, protected = super().get_deleted_objects(objs, request)
        alone = [str(workspace) for person in objs for workspace in owned_alone(person)]
        return listed, counts, set(), [*protected, *alone]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is not None and not request.user.is_superuser:
            return ((None, {"fields": ("email", "name", "is_active")}),)
        return super().get_fieldsets(request, obj)


@admin.register(EmailAddress)
class AddressAdmin(OnlySuperusersChange, ModelAdmin):
    list_display = ("email", "user", "primary", "verified")
    list_filter = ("primary", "verified")
    search_fields = ("email",)
    autocomplete_fields = ("user",)
    list_select_related = ("user",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return _colleagues(request, super().get_queryset(request), "user")
