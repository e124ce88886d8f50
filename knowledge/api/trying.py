"""A draft's chunks and questions to them, over the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.response import Response
from rest_framework.views import APIView

from common.limits import count
from drafts.api.requests import members
from drafts.api.schema import DRAFT_ID, OF_DRAFT, WITH_BODY, answers
from knowledge import adding
from knowledge.api import schema
from knowledge.api.bodies import wrong
from knowledge.api.questions import (
    DRAFT_FILTERS,
    QUESTION,
    embedding,
    override_in,
    passage_as_json,
    question_in,
)
from knowledge.trying import limits
from knowledge.trying.asking import ask, chunks_of
from workspaces.api_auth import actor_of
from workspaces.models import Role

if TYPE_CHECKING:
    from rest_framework.request import Request

    from knowledge.trying.asking import DraftChunk, Try

MOST_CHUNKS = 500
LONGEST_NUMBER = 9
OFFSET = OpenApiParameter(
    "offset", int, description=f"How many chunks to skip: {MOST_CHUNKS} come at once."
)


class Preview(APIView):
    @extend_schema(
        operation_id="kb_preview",
        summary="The chunks that would be indexed",
        description="`status` is `preparing` while chunks are still being cut. Chunks that people "
        "left out have `enabled` false and are not indexed.",
        parameters=[DRAFT_ID, OFFSET],
        responses=answers({200: schema.Preview}, *OF_DRAFT, 409, 422, 503),
    )
    def get(self, request: Request, draft_id: str) -> Response:
        draft = adding.open_(actor_of(request), draft_id, Role.VIEWER)
        with embedding():
            prepared = chunks_of(draft)
        begins = _offset_of(request)
        shown = prepared.chunks[begins : begins + MOST_CHUNKS]
        return Response(
            {
                "draft_id": draft.id,
                "sources": draft.data.get("sources") or [],
                "chunks_preview": [chunk_as_json(c) for c in shown],
                "total_chunks_estimated": len(prepared.chunks),
                "more_chunks": prepared.more or begins + len(shown) < len(prepared.chunks),
                "unused_edits": [edit.id for edit in prepared.lost],
                "status": "preparing" if prepared.waiting else "preview",
            }
        )


class Search(APIView):
    @extend_schema(
        operation_id="kb_draft_search",
        summary="Try a question on the draft's own chunks",
        parameters=[DRAFT_ID],
        request=schema.DraftQuestion,
        responses=answers({200: schema.Tried}, *OF_DRAFT, 409, *WITH_BODY, 429, 503),
    )
    def post(self, request: Request, draft_id: str) -> Response:
        draft = adding.open_(actor_of(request), draft_id, Role.VIEWER)
        body = members(request, *QUESTION)
        count(limits.of_trying(actor_of(request)))
        with embedding():
            tried = ask(draft, question_in(body), override_in(body, DRAFT_FILTERS))
        return Response(
            {
                "query": body["query"],
                "results": [_try_as_json(hit) for hit in tried.hits],
                "embedded_chunks": tried.embedded,
                "total_chunks": tried.total,
            }
        )


def _offset_of(request: Request) -> int:
    given = request.query_params.get("offset", "0")
    if not (given.isascii() and given.isdigit() and len(given) <= LONGEST_NUMBER):
        raise wrong("offset", _("must be a number, 0 or more"))
    return int(given)


def _try_as_json(hit: Try) -> dict[str, Any]:
    return {"source_id": hit.source_id} | passage_as_json(hit)


def chunk_as_json(found: DraftChunk) -> dict[str, Any]:
    """A chunk of a draft as API clients get it."""
    chunk = found.chunk
    return {
        "source_id": found.part.source_id,
        "content": chunk.text,
        "position": found.position,
        "enabled": found.enabled,
        "edited": found.chunk.edited,
        "metadata": {
            "source": found.part.name,
            "page": chunk.page,
            "start": chunk.start,
            "end": chunk.end,
            "tokens": chunk.tokens,
            "overlap": chunk.overlap,
            "headings": list(chunk.headings),
        },
    }
