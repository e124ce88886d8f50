"""A kind that does not talk and has more to say: its own states, addresses and no channels."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from drafts.api.drafts import Deploy
from privexbot import urls
from tests.drafts.notes import NoteDraft

if TYPE_CHECKING:
    from collections.abc import Mapping

    from drafts.draft import Draft
    from drafts.models import Entity


class ArchiveDraft(NoteDraft):
    kind = "archive"
    url_name = "archives"
    label = "Archive"
    label_plural = "Archives"
    talks = False
    has_channels = False
    deployed_status = "processing"

    def presented(self, draft: Draft) -> Draft:
        """Tells how many words the text has, which nobody saves."""
        count = len(draft.data.get("text", "").split())
        return replace(draft, data={**draft.data, "count": count or 1})

    def normalised(self, patch: dict[str, Any], document: Mapping[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in patch.items() if name != "count"}

    def status_of(self, entity: Entity) -> str:
        return "indexing"

    def channels(self, configuration: Any) -> Mapping[str, Mapping[str, Any]]:
        return {}


ARCHIVE = ArchiveDraft()


@csrf_exempt
def own(request: HttpRequest, draft_id: str) -> HttpResponse:
    return JsonResponse({"draft_id": draft_id, "method": request.method})


DRAFT = "api/v1/archives/draft/<str:draft_id>"
urlpatterns = [
    *urls.urlpatterns,
    path(f"{DRAFT}/preview", own),
    path(f"{DRAFT}/sources/upload", own),
    path(f"{DRAFT}/finalize", Deploy.as_view(), {"kind": ARCHIVE}),
]
