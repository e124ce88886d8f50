"""Django admin within one's own workspaces: the base of every admin class over a workspace's rows.

A superuser sees everything. Other staff see, search and choose only what belongs to workspaces
they are members of, and change it only where they are admins; Django's own permissions come on top.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import admin

from workspaces.access import Actor
from workspaces.models import Membership, Role, User, Workspace

if TYPE_CHECKING:
    from django.db.models import Field, ForeignKey, Model, QuerySet
    from django.http import HttpRequest

    ModelAdmin = admin.ModelAdmin[Any]
    TabularInline = admin.TabularInline[Any, Any]
else:
    ModelAdmin = admin.ModelAdmin
    TabularInline = admin.TabularInline


def member_id_of(request: HttpRequest) -> Any:
    """Whose workspaces are shown; None: everybody's."""
    return None if request.user.is_superuser else request.user.pk


def staff_actor(request: HttpRequest, workspace: Workspace) -> Actor:
    """Whoever works in the admin, for verbs and the audit log."""
    assert isinstance(request.user, User)
    return Actor(workspace, Role.OWNER, request.user.email, user=request.user)


class WorkspaceScoped(ModelAdmin):
    """``workspace_lookup`` leads from the model to its workspace, as in a filter."""

    workspace_lookup: ClassVar[str] = "workspace"
    least_to_delete: ClassVar[Role] = Role.ADMIN

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        found = super().get_queryset(request)
        member = member_id_of(request)
        if member is None:
            return found
        mine = Membership.objects.filter(user=member).values("workspace")
        return found.filter(**{f"{self.workspace_lookup}__in": mine})

    def workspace_of(self, obj: Any) -> Workspace:
        for name in self.workspace_lookup.split("__"):
            obj = obj if name == "pk" else getattr(obj, name)
        assert isinstance(obj, Workspace)
        return obj

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and self._manages(
            request, obj, Role.ADMIN
        )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and self._manages(
            request, obj, self.least_to_delete
        )

    def _manages(self, request: HttpRequest, obj: Any, least: Role) -> bool:
        member = member_id_of(request)
        if obj is None or member is None:
            return True
        return Membership.objects.filter(
            user=member, workspace=self.workspace_of(obj), role__gte=least
        ).exists()

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        member = member_id_of(request)
        if member is not None:
            kwargs["queryset"] = _choosable(db_field, member)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class ReadOnly(WorkspaceScoped):
    """Looked at, never touched."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def _choosable(db_field: Field[Any, Any], member: Any) -> QuerySet[Any]:
    """What a form may offer: members' workspaces and colleagues, of other models nothing."""
    mine = Membership.objects.filter(user=member).values("workspace")
    model: type[Model] | None = db_field.related_model
    if model is Workspace:
        return Workspace.objects.filter(pk__in=mine)
    if model is User:
        return User.objects.filter(memberships__workspace__in=mine).distinct()
    assert model is not None
    fields = {field.name for field in model._meta.get_fields()}  # noqa: SLF001
    rows = model._default_manager.all()  # noqa: SLF001
    return rows.filter(workspace__in=mine) if "workspace" in fields else rows.none()
