"""Knowledge bases and their documents in the admin: looked at here, changed through drafts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from drafts.admin import LiveConfiguration
from knowledge.indexing import progress
from knowledge.models import Document, KnowledgeBase
from workspaces.admin_scope import ReadOnly

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest
    from django.utils.safestring import SafeString


@admin.register(KnowledgeBase)
class KnowledgeBaseAdmin(LiveConfiguration):
    list_display = ("name", "workspace", "version", "context", "finished_at", "updated_at")
    list_filter = ("context",)
    list_select_related = ("workspace", "live_release")
    search_fields = ("name", "slug", "description", "workspace__name")
    search_help_text = _("Name, address, description or workspace")
    fields = (
        *("name", "slug", "workspace", "description", "context", "version"),
        *("status", "live_index", "next_index"),
        *("started_at", "finished_at", "stopped_at", "worked_at"),
        *("created_by", "created_at", "updated_at", "configuration"),
    )
    readonly_fields = fields

    @admin.display(description=_("status"))
    def status(self, base: KnowledgeBase) -> str:
        return progress.status_of(base)


@admin.register(Document)
class DocumentAdmin(ReadOnly):
    """A document with its text, as it was approved."""

    workspace_lookup = "base__workspace"
    list_display = ("name", "base", "type", "enabled", "language", "removed_at", "updated_at")
    list_filter = ("type", "enabled", "language")
    list_select_related = ("base",)
    search_fields = ("name", "url", "=id", "base__name", "base__workspace__slug")
    date_hierarchy = "updated_at"
    fields = (
        *("name", "base", "source_id", "key", "type", "mime_type", "url", "enabled"),
        *("language", "content_hash", "removed_at", "created_at", "updated_at"),
        *("chunking", "annotations", "text"),
    )
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        # A list of documents reads none of their texts.
        return super().get_queryset(request).defer("pages")

    @admin.display(description=_("text"))
    def text(self, document: Document) -> SafeString:
        texts = ((page["text"],) for page in document.pages)
        return format_html(
            '<div tabindex="0">{}</div>', format_html_join("\n", "<pre>{}</pre>", texts)
        )
