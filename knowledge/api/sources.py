"""The sources of a draft: adding, changing, reading again, and what was read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response
from rest_framework.views import APIView

from common.api import MergePatchParser, StrictJSONParser
from common.problems import Problem
from drafts.api import schema as api_schema
from drafts.api.drafts import Deploy
from drafts.api.requests import members
from drafts.api.schema import CHANGE, DRAFT_ID, IDEMPOTENCY_KEY, OF_DRAFT, WITH_BODY, answers
from knowledge import adding, page_edits
from knowledge.adding import Brought
from knowledge.api import schema
from knowledge.api.bodies import choice_in, object_in, text_in, truth_in, wrong
from knowledge.api.schema import NUMBER, SOURCE_ID
from workspaces.api_auth import actor_of
from workspaces.api_schema import GONE
from workspaces.models import Role

if TYPE_CHECKING:
    from rest_framework.request import Request

    from drafts.types import DraftType
    from knowledge.beside.pages import ShownPage

MOST_FILES = 50
ADDED = answers({201: schema.Source}, *CHANGE, *WITH_BODY, 429)


class Finalize(Deploy):
    """Deploying, by the name that it has for knowledge bases."""

    @extend_schema(
        operation_id="kb_finalize",
        summary="Make the draft live, and index it in the background",
        parameters=[DRAFT_ID, IDEMPOTENCY_KEY],
        request=api_schema.Deploy,
        responses=api_schema.DEPLOYING,
    )
    def post(self, request: Request, kind: DraftType[Any], draft_id: str) -> Response:
        return super().post(request, kind, draft_id)


class Sources(APIView):
    @extend_schema(
        operation_id="kb_sources_list",
        summary="The sources of a draft and how far each is read",
        parameters=[DRAFT_ID],
        responses=answers({200: schema.Sources}, *OF_DRAFT),
    )
    def get(self, request: Request, draft_id: str) -> Response:
        draft = adding.open_(actor_of(request), draft_id, Role.VIEWER)
        return Response({"sources": draft.data.get("sources") or []})


class Upload(APIView):
    parser_classes = [MultiPartParser]

    @extend_schema(
        operation_id="kb_sources_upload",
        summary="Add files; each is read in the background",
        parameters=[DRAFT_ID],
        request={"multipart/form-data": schema.Upload},
        responses=answers({201: schema.Sources}, *CHANGE, *WITH_BODY, 429),
    )
    def post(self, request: Request, draft_id: str) -> Response:
        given = request.FILES.getlist("file")
        if not given:
            raise wrong("file", _("must hold at least one file"))
        if len(given) > MOST_FILES:
            raise wrong("file", _("must hold at most %(count)d files") % {"count": MOST_FILES})
        actor = actor_of(request)
        files = [Brought.of(file) for file in given]
        for file in files:
            adding.check_size(file)
        added: list[dict[str, Any]] = []
        for file in files:
            try:
                added.append(adding.add_file(actor, draft_id, file))
            except Problem as problem:
                # A client that sent all of them again would have these twice.
                problem.extra["added"] = [each["id"] for each in added]
                raise
        return Response({"sources": added}, status.HTTP_201_CREATED)


class Text(APIView):
    @extend_schema(
        operation_id="kb_sources_text",
        summary="Add a text",
        parameters=[DRAFT_ID],
        request=schema.NewText,
        responses=ADDED,
    )
    def post(self, request: Request, draft_id: str) -> Response:
        body = members(request, "name", "content", "format")
        added = adding.add_text(
            actor_of(request),
            draft_id,
            text_in(body, "name", ""),
            text_in(body, "content"),
            choice_in(body, "format", ("markdown", "text")),
        )
        return Response(added, status.HTTP_201_CREATED)


class Website(APIView):
    @extend_schema(
        operation_id="kb_sources_website",
        summary="Add a website; it is read in the background",
        parameters=[DRAFT_ID],
        request=schema.NewWebsite,
        responses=ADDED,
    )
    def post(self, request: Request, draft_id: str) -> Response:
        body = members(request, "url", "crawl_config")
        url, crawl_config = text_in(body, "url"), object_in(body, "crawl_config")
        added = adding.add_website(actor_of(request), draft_id, url, crawl_config)
        return Response(added, status.HTTP_201_CREATED)


class Notion(APIView):
    @extend_schema(
        operation_id="kb_sources_notion",
        summary="Add a page of Notion with those below it; it is read in the background",
        parameters=[DRAFT_ID],
        request=schema.NewNotion,
        responses=ADDED,
    )
    def post(self, request: Request, draft_id: str) -> Response:
        return _added_from_account(request, draft_id, "notion", "page_id")


class GoogleDocs(APIView):
    @extend_schema(
        operation_id="kb_sources_google_docs",
        summary="Add a document of Google Docs; it is read in the background",
        parameters=[DRAFT_ID],
        request=schema.NewGoogleDocs,
        responses=ADDED,
    )
    def post(self, request: Request, draft_id: str) -> Response:
        return _added_from_account(request, draft_id, "google_docs", "file_id")


def _added_from_account(request: Request, draft_id: str, type_: str, id_field: str) -> Response:
    body = members(request, id_field, "credential_id")
    pasted, credential_id = text_in(body, id_field), text_in(body, "credential_id")
    added = adding.add_from_account(actor_of(request), draft_id, type_, pasted, credential_id)
    return Response(added, status.HTTP_201_CREATED)


class OneSource(APIView):
    parser_classes = [StrictJSONParser, MergePatchParser]

    @extend_schema(
        operation_id="kb_sources_retrieve",
        summary="One source and how far it is read",
        parameters=[DRAFT_ID, SOURCE_ID],
        responses=answers({200: schema.Source}, *OF_DRAFT),
    )
    def get(self, request: Request, draft_id: str, source_id: str) -> Response:
        return Response(adding.source(actor_of(request), draft_id, source_id))

    @extend_schema(
        operation_id="kb_sources_patch",
        summary="Change a source",
        parameters=[DRAFT_ID, SOURCE_ID],
        request=schema.SourcePatch,
        responses=answers({200: schema.Source}, *CHANGE, *WITH_BODY, 429),
    )
    def patch(self, request: Request, draft_id: str, source_id: str) -> Response:
        return Response(adding.change(actor_of(request), draft_id, source_id, dict(request.data)))

    @extend_schema(
        operation_id="kb_sources_delete",
        summary="Take a source out of the draft",
        parameters=[DRAFT_ID, SOURCE_ID],
        responses=answers({204: GONE}, *CHANGE, 429),
    )
    def delete(self, request: Request, draft_id: str, source_id: str) -> Response:
        adding.remove(actor_of(request), draft_id, source_id)
        return Response(status=status.HTTP_204_NO_CONTENT)


class Retry(APIView):
    @extend_schema(
        operation_id="kb_sources_retry",
        summary="Read a source again",
        parameters=[DRAFT_ID, SOURCE_ID],
        request=None,
        responses=answers({200: schema.Source}, *CHANGE),
    )
    def post(self, request: Request, draft_id: str, source_id: str) -> Response:
        return Response(adding.read_again(actor_of(request), draft_id, source_id))


class Cancel(APIView):
    @extend_schema(
        operation_id="kb_sources_cancel",
        summary="Stop reading a source",
        parameters=[DRAFT_ID, SOURCE_ID],
        request=None,
        responses=answers({200: schema.Source}, *CHANGE),
    )
    def post(self, request: Request, draft_id: str, source_id: str) -> Response:
        return Response(adding.stop(actor_of(request), draft_id, source_id))


class Pages(APIView):
    @extend_schema(
        operation_id="kb_pages_list",
        summary="What was read of a source, page by page",
        parameters=[DRAFT_ID, SOURCE_ID],
        responses=answers({200: schema.Pages}, *OF_DRAFT),
    )
    def get(self, request: Request, draft_id: str, source_id: str) -> Response:
        pages = page_edits.pages_of(actor_of(request), draft_id, source_id)
        return Response({"pages": [page_as_json(page) for page in pages]})


class OnePage(APIView):
    parser_classes = [StrictJSONParser, MergePatchParser]

    @extend_schema(
        operation_id="kb_pages_retrieve",
        summary="One page",
        parameters=[DRAFT_ID, SOURCE_ID, NUMBER],
        responses=answers({200: schema.PageRow}, *OF_DRAFT),
    )
    def get(self, request: Request, draft_id: str, source_id: str, number: int) -> Response:
        return Response(
            page_as_json(page_edits.page_of(actor_of(request), draft_id, source_id, number))
        )

    @extend_schema(
        operation_id="kb_pages_patch",
        summary="Edit a page's text, or leave the page out",
        description="With the page's `digest` as `seen`, a text that somebody else has changed is "
        "not overwritten: 409.",
        parameters=[DRAFT_ID, SOURCE_ID, NUMBER],
        request=schema.PagePatch,
        responses=answers({200: schema.PageRow}, *CHANGE, *WITH_BODY),
    )
    def patch(self, request: Request, draft_id: str, source_id: str, number: int) -> Response:
        body = members(request, "text", "approved", "seen")
        edited = page_edits.edit_page(
            actor_of(request),
            draft_id,
            source_id,
            number,
            text=text_in(body, "text") if "text" in body else None,
            approved=truth_in(body, "approved"),
            seen=text_in(body, "seen", ""),
        )
        return Response(page_as_json(edited))


def page_as_json(shown: ShownPage) -> dict[str, Any]:
    """A page as API clients get it."""
    page = shown.page
    return {
        "number": page.number,
        "title": page.title,
        "url": page.url,
        "text": shown.text,
        "original": page.text,
        "edited": shown.is_edited,
        "approved": shown.approved,
        "digest": shown.digest,
    }
