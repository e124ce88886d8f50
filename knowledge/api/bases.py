"""Live knowledge bases: how far they are, searching, their documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response
from rest_framework.views import APIView

from common.api import StrictJSONParser
from drafts.api.requests import members
from drafts.api.schema import ENTITY_ID, READ, WITH_BODY, answers
from knowledge.adding import Brought
from knowledge.api import schema
from knowledge.api.bodies import choice_in, text_in, truth_in, wrong
from knowledge.api.questions import (
    FILTERS,
    QUESTION,
    embedding,
    override_in,
    passage_as_json,
    question_in,
)
from knowledge.indexing.progress import progress_of
from knowledge.live import bases, changes, search_turns
from knowledge.searching import find
from workspaces.api_auth import actor_of
from workspaces.api_schema import GONE

if TYPE_CHECKING:
    from uuid import UUID

    from rest_framework.request import Request

    from knowledge.models import Document
    from knowledge.retrieval.query import Hit


class Progress(APIView):
    @extend_schema(
        operation_id="kb_progress",
        summary="How far a knowledge base is indexed",
        description="`…/progress/events` tells the same as server-sent events until the run ends.",
        parameters=[ENTITY_ID],
        responses=answers({200: schema.Progress}, *READ),
    )
    def get(self, request: Request, entity_id: UUID) -> Response:
        return Response(progress_of(bases.open_base(actor_of(request), entity_id)))


class Cancel(APIView):
    @extend_schema(
        operation_id="kb_cancel",
        summary="Stop indexing; what is indexed stays",
        parameters=[ENTITY_ID],
        request=None,
        responses=answers({200: schema.Progress}, *READ, 409),
    )
    def post(self, request: Request, entity_id: UUID) -> Response:
        return Response(progress_of(bases.stop(actor_of(request), entity_id)))


class Reindex(APIView):
    @extend_schema(
        operation_id="kb_reindex",
        summary="Make the index anew, beside the one that answers; after a stop, go on",
        parameters=[ENTITY_ID],
        request=None,
        responses=answers({202: schema.Progress}, *READ, 409),
    )
    def post(self, request: Request, entity_id: UUID) -> Response:
        base = bases.reindex(actor_of(request), entity_id)
        return Response(progress_of(base), status.HTTP_202_ACCEPTED)


class Search(APIView):
    @extend_schema(
        operation_id="kb_search",
        summary="The passages that bear most on a question",
        parameters=[ENTITY_ID],
        request=schema.Question,
        responses=answers({200: schema.Found}, *READ, 409, *WITH_BODY, 429, 503),
    )
    def post(self, request: Request, entity_id: UUID) -> Response:
        base = bases.open_base(actor_of(request), entity_id)
        body = members(request, *QUESTION)
        question, wanted = question_in(body), override_in(body, FILTERS)
        with search_turns.turn(base.workspace_id), embedding():
            hits = find(question, [(base, wanted)])
        return Response({"query": body["query"], "results": [_hit_as_json(hit) for hit in hits]})


def _hit_as_json(hit: Hit) -> dict[str, Any]:
    ids = {"document_id": str(hit.document_id), "chunk_id": str(hit.chunk_id)}
    return ids | passage_as_json(hit)


class Documents(APIView):
    parser_classes = [StrictJSONParser, MultiPartParser]

    @extend_schema(
        operation_id="kb_documents_list",
        summary="The documents of a knowledge base",
        parameters=[ENTITY_ID],
        responses=answers({200: schema.Documents}, *READ),
    )
    def get(self, request: Request, entity_id: UUID) -> Response:
        base = bases.open_base(actor_of(request), entity_id)
        rows = base.documents.filter(removed_at=None).defer("pages")
        return Response({"documents": [document_as_json(row) for row in rows]})

    @extend_schema(
        operation_id="kb_documents_create",
        summary="Add a document to a live base, as a new version of it",
        description="A text as JSON, or one `file` as a form.",
        parameters=[ENTITY_ID],
        request={"application/json": schema.NewText, "multipart/form-data": schema.OneFile},
        responses=answers({202: schema.Progress}, *READ, 409, *WITH_BODY),
    )
    def post(self, request: Request, entity_id: UUID) -> Response:
        actor, given = actor_of(request), request.FILES.getlist("file")
        if given:
            (file, *more) = given
            if more:
                raise wrong("file", _("must be one file"))
            base = changes.add_file(actor, entity_id, Brought.of(file))
        else:
            body = members(request, "name", "content", "format")
            name, content = text_in(body, "name", ""), text_in(body, "content")
            format_ = choice_in(body, "format", ("markdown", "text"))
            base = changes.add_text(actor, entity_id, name, content, format_)
        return Response(progress_of(base), status.HTTP_202_ACCEPTED)


class OneDocument(APIView):
    parser_classes = [StrictJSONParser, MultiPartParser]

    @extend_schema(
        operation_id="kb_documents_retrieve",
        summary="One document with its text",
        parameters=[ENTITY_ID, schema.DOCUMENT_ID],
        responses=answers({200: schema.WholeDocument}, *READ),
    )
    def get(self, request: Request, entity_id: UUID, document_id: UUID) -> Response:
        base = bases.open_base(actor_of(request), entity_id)
        found = bases.open_document(base, document_id)
        return Response(document_as_json(found) | {"pages": found.pages})

    @extend_schema(
        operation_id="kb_documents_patch",
        summary="Let a document be found, or not, as a new version of the base",
        parameters=[ENTITY_ID, schema.DOCUMENT_ID],
        request=schema.DocumentPatch,
        responses=answers({200: schema.DocumentRow}, *READ, *WITH_BODY),
    )
    def patch(self, request: Request, entity_id: UUID, document_id: UUID) -> Response:
        enabled = truth_in(members(request, "enabled"), "enabled")
        if enabled is None:
            raise wrong("enabled", _("must be true or false"))
        actor = actor_of(request)
        changed = changes.switch(actor, entity_id, document_id, enabled=enabled)
        return Response(document_as_json(changed))

    @extend_schema(
        operation_id="kb_documents_replace",
        summary="Put another file in the place of a document, as a new version of the base",
        parameters=[ENTITY_ID, schema.DOCUMENT_ID],
        request={"multipart/form-data": schema.OneFile},
        responses=answers({202: schema.Progress}, *READ, 409, *WITH_BODY),
    )
    def put(self, request: Request, entity_id: UUID, document_id: UUID) -> Response:
        given = request.FILES.getlist("file")
        if len(given) != 1:
            raise wrong("file", _("must be one file"))
        (file,) = given
        base = changes.replace_file(actor_of(request), entity_id, document_id, Brought.of(file))
        return Response(progress_of(base), status.HTTP_202_ACCEPTED)

    @extend_schema(
        operation_id="kb_documents_delete",
        summary="Delete a document, as a new version of the base",
        parameters=[ENTITY_ID, schema.DOCUMENT_ID],
        responses=answers({204: GONE}, *READ, 409),
    )
    def delete(self, request: Request, entity_id: UUID, document_id: UUID) -> Response:
        changes.delete(actor_of(request), entity_id, document_id)
        return Response(status=status.HTTP_204_NO_CONTENT)


class RetryDocument(APIView):
    @extend_schema(
        operation_id="kb_documents_retry",
        summary="Index a document again that failed",
        parameters=[ENTITY_ID, schema.DOCUMENT_ID],
        request=None,
        responses=answers({202: schema.Progress}, *READ, 409),
    )
    def post(self, request: Request, entity_id: UUID, document_id: UUID) -> Response:
        actor = actor_of(request)
        bases.retry_document(actor, entity_id, document_id)
        base = bases.open_base(actor, entity_id)
        return Response(progress_of(base), status.HTTP_202_ACCEPTED)


def document_as_json(document: Document) -> dict[str, Any]:
    """A document as API clients get it, without its text."""
    return {
        "id": str(document.pk),
        "name": document.name,
        "source_id": document.source_id,
        "type": document.type,
        "mime_type": document.mime_type,
        "url": document.url or None,
        "language": document.language or None,
        "enabled": document.enabled,
    }
