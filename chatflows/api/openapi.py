"""Describes the runs of a flow in the API's schema."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers

from chatflows.api.bodies import ExecuteBody, RunNodeBody
from conversations.api_schema import Citation
from conversations.openapi import EVENTS, JSON, REFUSALS, STREAM
from workspaces.api_schema import problems


class Step(serializers.Serializer[Any]):
    """What one node did. ``place`` is where it stands in the log; times are in milliseconds."""

    node_id = serializers.CharField()
    type = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    place = serializers.ListField(child=serializers.IntegerField())
    status = serializers.ChoiceField(
        ("ok", "waiting", "failed", "handled", "reused", "pinned"),
        help_text=(
            "`handled`: it failed, and the run went on. `reused`: it was not asked, but gave what "
            "it had given in the run that is done again. `pinned`: it gave what it is pinned to."
        ),
    )
    started_at = serializers.FloatField()
    duration_ms = serializers.FloatField()
    input = serializers.DictField()
    output = serializers.DictField(allow_null=True)
    handle = serializers.CharField(help_text="Which way it was left.")
    way = serializers.CharField(help_text="What people call that way, where there are several.")
    error = serializers.CharField(allow_null=True)
    tokens = serializers.IntegerField()


class Execution(serializers.Serializer[Any]):
    output = serializers.CharField()
    session_id = serializers.CharField(allow_null=True, help_text="Carries the conversation on.")
    execution_log = Step(many=True)
    execution_time_ms = serializers.FloatField()
    error = serializers.CharField(allow_null=True)
    citations = Citation(many=True)
    choices = serializers.ListField(child=serializers.CharField())


EXECUTE = extend_schema(
    operation_id="chatflow_draft_execute",
    summary="Run a draft's flow on a message",
    request=ExecuteBody,
    responses={
        (200, JSON): OpenApiResponse(
            Execution,
            description=(
                "What it said, and what each node did. As a stream, server-sent events: "
                "`node_started`, `node_finished` (a step of the log), `token` {text}, and at the "
                "end `done` or `error`."
            ),
        ),
        (200, EVENTS): STREAM,
        **problems(*REFUSALS, 410),
    },
    tags=["drafts"],
)
RUN_NODE = extend_schema(
    operation_id="chatflow_draft_run_node",
    summary="Run one node of a draft's flow",
    request=RunNodeBody,
    responses={(200, JSON): Step, **problems(*REFUSALS, 410)},
    tags=["drafts"],
)
