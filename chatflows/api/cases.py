"""A draft's test cases and what came of them, over the API."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response
from rest_framework.views import APIView

from chatflows.api.bodies import RunTestsBody
from chatflows.cases import batch, told
from chatflows.kind import KIND
from common.timestamps import rfc3339
from conversations.bodies import parsed
from drafts.access import open_draft
from drafts.api.schema import CHANGE, DRAFT_ID, OF_DRAFT, WITH_BODY, answers
from drafts.types import draft_types
from workspaces.api_auth import actor_of
from workspaces.models import Role

if TYPE_CHECKING:
    from rest_framework.request import Request

    from chatflows.cases.told import Row, Told
    from drafts.draft import Draft


class Miss(serializers.Serializer[Any]):
    """An expectation that did not hold."""

    kind = serializers.CharField()
    value = serializers.CharField(allow_blank=True)
    message = serializers.CharField()


class CaseResult(serializers.Serializer[Any]):
    """`state` is what came of the case as it and the flow are now. While that is not known, the
    other members are of the last run, if there was one (`outdated`)."""

    id = serializers.CharField()
    name = serializers.CharField()
    state = serializers.ChoiceField(told.ORDER)
    version = serializers.IntegerField(allow_null=True, help_text="The draft's, when it was run.")
    at = serializers.DateTimeField(allow_null=True)
    answer = serializers.CharField(allow_blank=True, help_text="How the last answer begins.")
    nodes = serializers.ListField(child=serializers.CharField(), help_text="Those that ran.")
    nodes_by_message = serializers.ListField(
        child=serializers.ListField(child=serializers.CharField()),
        help_text="For each message those that ran, in the order in which they first did.",
    )
    misses = Miss(many=True)
    error = serializers.CharField(allow_null=True)
    node_id = serializers.CharField(allow_null=True, help_text="The node whose fault it was.")
    duration_ms = serializers.IntegerField()
    tokens = serializers.IntegerField()


class Cases(serializers.Serializer[Any]):
    status = serializers.ChoiceField(("none", "running", "done", "stopped", "failed"))
    done = serializers.IntegerField(help_text="Of those of the newest run.")
    total = serializers.IntegerField()
    error = serializers.CharField(allow_null=True)
    passed = serializers.IntegerField()
    failed = serializers.IntegerField()
    not_run = serializers.IntegerField(help_text="As the flow is now.")
    must_pass = serializers.BooleanField(help_text="Whether a deploy waits for them.")
    results = CaseResult(many=True)


class RunTests(APIView):
    @extend_schema(
        operation_id="chatflow_draft_tests_run",
        summary="Run the draft's test cases",
        description="In the background, all of them or those in `ids`; `GET …/tests` says how far "
        "it is. Each of their messages counts as one to the preview.",
        parameters=[DRAFT_ID],
        request=RunTestsBody,
        responses=answers({202: Cases}, *CHANGE, *WITH_BODY, 429),
        tags=["drafts"],
    )
    def post(self, request: Request, draft_id: str) -> Response:
        actor = actor_of(request)
        body = parsed(RunTestsBody, dict(request.data))
        draft = _draft(request, draft_id, Role.EDITOR)
        batch.begin(actor, draft, body.ids)
        return Response(_as_json(told.told(draft)), status.HTTP_202_ACCEPTED)


class Tests(APIView):
    @extend_schema(
        operation_id="chatflow_draft_tests",
        summary="What came of the draft's test cases",
        parameters=[DRAFT_ID],
        responses=answers({200: Cases}, *OF_DRAFT),
        tags=["drafts"],
    )
    def get(self, request: Request, draft_id: str) -> Response:
        return Response(_as_json(told.told(_draft(request, draft_id, Role.VIEWER))))


class StopTests(APIView):
    @extend_schema(
        operation_id="chatflow_draft_tests_stop",
        summary="Stop running the draft's test cases",
        parameters=[DRAFT_ID],
        request=None,
        responses=answers({200: Cases}, *CHANGE, 409),
        tags=["drafts"],
    )
    def post(self, request: Request, draft_id: str) -> Response:
        draft = _draft(request, draft_id, Role.EDITOR)
        batch.stop(draft.id)
        return Response(_as_json(told.told(draft)))


def _draft(request: Request, draft_id: str, at_least: Role) -> Draft:
    return open_draft(actor_of(request), draft_types.get(KIND), draft_id, at_least)


def _as_json(found: Told) -> dict[str, Any]:
    job = found.job
    return {
        "status": job.status if job else "none",
        "done": job.done if job else 0,
        "total": job.total if job else 0,
        "error": (job.error if job else "") or None,
        "passed": found.passed,
        "failed": len(found.failing),
        "not_run": found.unrun,
        "must_pass": found.must_pass,
        "results": [_row(row) for row in found.rows],
    }


def _row(row: Row) -> dict[str, Any]:
    result = row.result
    misses = zip(result.misses, row.misses, strict=True) if result else ()
    return {
        "id": row.case.id,
        "name": row.title,
        "state": row.state,
        "version": result.version if result else None,
        "at": _moment(result.at) if result else None,
        "answer": result.answer if result else "",
        "nodes": list(result.nodes) if result else [],
        "nodes_by_message": [list(nodes) for nodes in result.ran] if result else [],
        "misses": [
            {"kind": miss.kind, "value": miss.value, "message": shown.words}
            for miss, shown in misses
        ],
        "error": (result.error if result else "") or None,
        "node_id": (result.node_id if result else "") or None,
        "duration_ms": result.duration_ms if result else 0,
        "tokens": result.tokens if result else 0,
    }


def _moment(seconds: float) -> str:
    """A moment in seconds since 1970."""
    return rfc3339(datetime.fromtimestamp(seconds, UTC))
