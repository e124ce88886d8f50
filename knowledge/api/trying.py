"""A draft's chunks and questions to them, over the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response
from rest_framework.views import APIView

from common.limits import count
from drafts.api.requests import members
from drafts.api.schema import DRAFT_ID, OF_DRAFT, WITH_BODY, answers
from knowledge import adding
from knowledge.api import schema
from knowledge.api.questions import (
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


class Preview(APIView):
    @extend_schema(
        operation_id="kb_preview",
        summary="The chunks that would be indexed",
        description="`status` is `preparing` while chunks are still being cut.",
        parameters=[DRAFT_ID],
        responses=answers({200: schema.Preview}, *OF_DRAFT, 409, 503),
    )
    def get(self, request: Request, draft_id: str) -> Response:
        draft = adding.open_(actor_of(request), draft_id, Role.VIEWER)
        with embedding():
            prepared = chunks_of(draft)
        return Response(
            {
                "draft_id": draft.id,
                "sources": draft.data.get("sources") or [],
                "chunks_preview": [chunk_as_json(c) for c in prepared.chunks[:MOST_CHUNKS]],
                "total_chunks_estimated": len(prepared.chunks),
                "more_chunks": prepared.more,
                "status": "preparing" if prepared.waiting else "preview",
            }
        )


class Search(APIView):
    @extend_schema(
        operation_id="kb_draft_search",
        summary="Try a question on the draft's own chunks",
        parameters=[DRAFT_ID],
        request=schema.Question,
        responses=answers({200: schema.Tried}, *OF_DRAFT, 409, *WITH_BODY, 429, 503),
    )
    def post(self, request: Request, draft_id: str) -> Response:
        draft = adding.open_(actor_of(request), draft_id, Role.VIEWER)
        body = members(request, *QUESTION)
        count(limits.of_trying(actor_of(request)))
        with embedding():
            tried = ask(draft, question_in(body), override_in(body))
        return Response(
            {
                "query": body["query"],
                "results": [_try_as_json(hit) for hit in tried.hits],
                "embedded_chunks": tried.embedded,
                "total_chunks": tried.total,
            }
        )


def _try_as_json(hit: Try) -> dict[str, Any]:
    return {"source_id": hit.source_id} | passage_as_json(hit)


def chunk_as_json(found: DraftChunk) -> dict[str, Any]:
    """A chunk of a draft as API clients get it."""
    chunk = found.chunk
    return {
        "source_id": found.part.source_id,
        "content": chunk.text,
        "position": found.position,
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
