"""Deployed chatbots in the admin: looked at here, changed through drafts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from chatbots.models import Chatbot
from workspaces.admin_scope import ReadOnly

if TYPE_CHECKING:
    from django.utils.safestring import SafeString


@admin.register(Chatbot)
class ChatbotAdmin(ReadOnly):
    """The live configuration holds no secret: credentials are in it by their ids."""

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

    @admin.display(description=_("version"), ordering="live_release__number")
    def version(self, chatbot: Chatbot) -> str:
        release = chatbot.live_release
        return f"v{release.number}" if release else "-"

    @admin.display(description=_("live configuration"))
    def configuration(self, chatbot: Chatbot) -> SafeString | str:
        release = chatbot.live_release
        if release is None:
            return "-"
        return format_html(
            '<pre tabindex="0">{}</pre>',
            json.dumps(release.configuration, indent=2, ensure_ascii=False),
        )
