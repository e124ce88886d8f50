"""A draft's test questions and how they are answered, over the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response
from rest_framework.views import APIView

from common.timestamps import rfc3339
from conversations.exporting import as_csv
from drafts.api.requests import members
from drafts.api.schema import CHANGE, DRAFT_ID, OF_DRAFT, WITH_BODY, answers
from knowledge import adding
from knowledge.api import schema
from knowledge.api.bodies import number_in, wrong
from knowledge.questions import csv_file, evaluating, writing
from knowledge.questions.evaluated import told
from workspaces.api_auth import actor_of
from workspaces.models import Role

if TYPE_CHECKING:
    from django.http import StreamingHttpResponse
    from rest_framework.request import Request

    from drafts.jobs import Job
    from knowledge.evaluation.figures import Figures
    from knowledge.questions.evaluated import Told


class Evaluate(APIView):
    @extend_schema(
        operation_id="kb_evaluate",
        summary="Ask the draft its test questions",
        description="In the background; `GET …/evaluation` says how far it is.",
        parameters=[DRAFT_ID],
        request=None,
        responses=answers({202: schema.Evaluation}, *CHANGE, 409),
    )
    def post(self, request: Request, draft_id: str) -> Response:
        draft = adding.open_(actor_of(request), draft_id)
        evaluating.begin(draft)
        return Response(as_json(told(draft)), status.HTTP_202_ACCEPTED)


class Evaluation(APIView):
    @extend_schema(
        operation_id="kb_evaluation",
        summary="How the draft's test questions are answered",
        parameters=[DRAFT_ID],
        responses=answers({200: schema.Evaluation}, *OF_DRAFT),
    )
    def get(self, request: Request, draft_id: str) -> Response:
        return Response(as_json(told(adding.open_(actor_of(request), draft_id, Role.VIEWER))))


class ImportQuestions(APIView):
    parser_classes = [MultiPartParser]

    @extend_schema(
        operation_id="kb_questions_import",
        summary="Add test questions from a CSV file",
        description="Columns `question`, `expected` and, if wanted, `source`: a source's name, or "
        "its ID where several have the name. All rows or none.",
        parameters=[DRAFT_ID],
        request={"multipart/form-data": schema.OneFile},
        responses=answers({201: schema.ImportedQuestions}, *CHANGE, *WITH_BODY, 429),
    )
    def post(self, request: Request, draft_id: str) -> Response:
        file = request.FILES.get("file")
        if file is None:
            raise wrong("file", "must hold a CSV file")
        actor = actor_of(request)
        content = file.read(csv_file.LARGEST + 1)
        added = csv_file.bring(actor, adding.open_(actor, draft_id), content)
        there = adding.open_(actor, draft_id).data.get("test_questions") or ()
        return Response({"added": added, "questions": len(there)}, status.HTTP_201_CREATED)


class ExportQuestions(APIView):
    @extend_schema(
        operation_id="kb_questions_export",
        summary="The draft's test questions as a CSV file, in the form that is imported",
        parameters=[DRAFT_ID],
        responses={(200, "text/csv"): OpenApiTypes.STR, **answers({}, *OF_DRAFT)},
    )
    def get(self, request: Request, draft_id: str) -> StreamingHttpResponse:
        draft = adding.open_(actor_of(request), draft_id, Role.VIEWER)
        return as_csv("test-questions", csv_file.exported(draft))


class MakeQuestions(APIView):
    @extend_schema(
        operation_id="kb_questions_make",
        summary="Have a language model write test questions",
        description="In the background; `GET` says how far it is. The questions are added to the "
        "draft once all are written, or it is stopped.",
        parameters=[DRAFT_ID],
        request=schema.QuestionsWanted,
        responses=answers({202: schema.QuestionsMade}, *CHANGE, 409, *WITH_BODY, 429),
    )
    def post(self, request: Request, draft_id: str) -> Response:
        actor, most = actor_of(request), writing.COUNTS[-1]
        count = number_in(members(request, "count"), "count", writing.COUNTS[0], 1, most)
        begun = writing.begin(actor, adding.open_(actor, draft_id), count or writing.COUNTS[0])
        return Response(_job_as_json(begun), status.HTTP_202_ACCEPTED)

    @extend_schema(
        operation_id="kb_questions_making",
        summary="How far the writing of test questions is",
        parameters=[DRAFT_ID],
        responses=answers({200: schema.QuestionsMade}, *OF_DRAFT),
    )
    def get(self, request: Request, draft_id: str) -> Response:
        draft = adding.open_(actor_of(request), draft_id, Role.VIEWER)
        return Response(_job_as_json(writing.looked_after(draft)))


class CancelQuestions(APIView):
    @extend_schema(
        operation_id="kb_questions_cancel",
        summary="Stop the writing of test questions; those that are written are added",
        parameters=[DRAFT_ID],
        request=None,
        responses=answers({200: schema.ImportedQuestions}, *CHANGE, 409),
    )
    def post(self, request: Request, draft_id: str) -> Response:
        actor = actor_of(request)
        added = writing.stop(actor, adding.open_(actor, draft_id))
        there = adding.open_(actor, draft_id).data.get("test_questions") or ()
        return Response({"added": added, "questions": len(there)})


class CancelEvaluation(APIView):
    @extend_schema(
        operation_id="kb_evaluation_cancel",
        summary="Stop asking the draft its test questions",
        parameters=[DRAFT_ID],
        request=None,
        responses=answers({200: schema.Evaluation}, *CHANGE, 409),
    )
    def post(self, request: Request, draft_id: str) -> Response:
        draft = adding.open_(actor_of(request), draft_id)
        evaluating.stop(draft.id)
        return Response(as_json(told(draft)))


def _job_as_json(job: Job | None) -> dict[str, Any]:
    return {
        "status": job.status if job else "none",
        "done": job.done if job else 0,
        "total": job.total if job else 0,
        "error": (job.error if job else "") or None,
    }


def as_json(found: Told) -> dict[str, Any]:
    """An evaluation as API clients get it."""
    run, comparison = found.run, found.comparison
    return _job_as_json(found.job) | {
        "run": _figures(run.figures)
        | {
            "at": rfc3339(run.at),
            "current": found.fits,
            "unasked": found.unasked,
            "results": [
                {
                    "id": row.question.id,
                    "question": row.question.question,
                    "expected": row.question.expected,
                    "rank": row.outcome.rank,
                }
                for row in found.rows
            ],
        }
        if run
        else None,
        "comparison": {
            "version": found.version,
            "before": _figures(comparison.before),
            "after": _figures(comparison.after),
            "losses": list(comparison.losses),
        }
        if comparison
        else None,
    }


def _figures(found: Figures) -> dict[str, Any]:
    return {
        "questions": found.questions,
        "k": found.k,
        "recall_at_k": round(found.recall, 4),
        "mrr_at_10": round(found.mrr, 4),
        "ndcg_at_10": round(found.ndcg, 4),
    }
