"""Deployed assistants in the admin: looked at here, changed through drafts."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from drafts.admin import LiveConfiguration


class AssistantAdmin(LiveConfiguration):
    """The base of the admin of a kind that one talks to."""

    # A table below an abstract model does not inherit that of ``Entity``.
    ordering = ("-updated_at",)
    list_display = ("name", "workspace", "version", "category", "visibility", "updated_at")
    list_filter = ("visibility", "category")
    list_select_related = ("workspace", "live_release")
    search_fields = ("name", "slug", "description", "workspace__name")
    search_help_text = _("Name, address, description or workspace")
    fields = (
        "name",
        "slug",
        "workspace",
        "description",
        "category",
        "visibility",
        "version",
        "created_by",
        "created_at",
        "updated_at",
        "configuration",
    )
    readonly_fields = fields
