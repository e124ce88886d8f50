"""Describes the runs of a flow in the API's schema."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers

from chatflows.api.bodies import ExecuteBody, RunNodeBody
from conversations.api_schema import Card, Citation, Link
from conversations.openapi import EVENTS, JSON, REFUSALS, STREAM
from workspaces.api_schema import problems


class Step(serializers.Serializer[Any]):
    """What one node did. ``place`` is where it stands in the log; times are in milliseconds."""

    node_id = serializers.CharField(
        help_text="Of a node of a flow that another node runs: `subflow1/llm1`."
    )
    type = serializers.CharField()
    label = serializers.CharField(  # type: ignore[assignment]
        help_text="What people call the node: for people, not for machines."
    )
    place = serializers.ListField(child=serializers.IntegerField())
    status = serializers.ChoiceField(
        ("ok", "waiting", "failed", "handled", "stopped", "reused", "pinned"),
        help_text=(
            "`failed`: the run, or what another node ran in it, ended with that. `handled`: it "
            "failed, and the run went on. `stopped`: it was called off before it was done, by a "
            "limit or by what failed elsewhere. `reused`: it was not asked, but gave what it had "
            "given in the run that is done again. `pinned`: it gave what it is pinned to."
        ),
    )
    started_at = serializers.FloatField()
    duration_ms = serializers.FloatField()
    input = serializers.DictField()
    output = serializers.DictField(allow_null=True)
    handle = serializers.CharField(help_text="Which way it was left.")
    way = serializers.CharField(help_text="What people call that way, where there are several.")
    error = serializers.CharField(
        allow_null=True, help_text="With its place in words: `Message, column 9: …`."
    )
    field = serializers.CharField(allow_null=True, help_text="The setting at fault: `message`.")
    column = serializers.IntegerField(allow_null=True, help_text="Where in it, from 1.")
    read = serializers.DictField(
        help_text="What its conditions read, by path, and so why it went the way it went."
    )
    tokens = serializers.IntegerField()


class Execution(serializers.Serializer[Any]):
    output = serializers.CharField()
    session_id = serializers.CharField(allow_null=True, help_text="Carries the conversation on.")
    execution_log = Step(many=True)
    execution_time_ms = serializers.FloatField()
    error = serializers.CharField(allow_null=True)
    citations = Citation(many=True)
    choices = serializers.ListField(child=serializers.CharField())
    cards = Card(many=True)
    links = Link(many=True)
    handoff = serializers.BooleanField(
        help_text="A person would have the conversation now; a draft goes on with the next message."
    )


class Called(serializers.Serializer[Any]):
    """What a run that a webhook started came to. ``data`` is what it said as JSON, where that is an
    object or a list."""

    status = serializers.ChoiceField(("done", "waiting"))
    output = serializers.CharField(help_text="What it said.")
    data = serializers.JSONField(allow_null=True)  # type: ignore[assignment]
    choices = serializers.ListField(child=serializers.CharField())
    citations = Citation(many=True)
    session_id = serializers.CharField(help_text="In the next body, carries the conversation on.")
    message_id = serializers.UUIDField()


class Accepted(serializers.Serializer[Any]):
    status = serializers.ChoiceField(("accepted",))
    id = serializers.UUIDField()
    session_id = serializers.CharField()


EXECUTE = extend_schema(
    operation_id="chatflow_draft_execute",
    summary="Run a draft's flow on a message, or as its webhook or schedule starts it",
    request=ExecuteBody,
    responses={
        (200, JSON): OpenApiResponse(
            Execution,
            description=(
                "What it said, and what each node did; where it failed, or came to one of its "
                "limits, `error` says why, with the log so far. As a stream, server-sent events: "
                "`node_started`, `node_finished` (a step of the log), `token` {text}, and at the "
                "end `done` or `error`."
            ),
        ),
        (200, EVENTS): STREAM,
        **problems(*REFUSALS, 410),
    },
    tags=["drafts"],
)
HOOK = extend_schema(
    operation_id="webhook_call",
    summary="Start a live flow by its webhook",
    description=(
        "The address is on the flow's page and in the answer of a deploy. The body is JSON or a "
        "form, at most 256 KB; nodes read it as `{{start.body}}`. Where the flow wants calls "
        "signed, sign them as Standard Webhooks say. A call with the same `webhook-id` or "
        "`Idempotency-Key` within a day is not run again and gets the same answer."
    ),
    auth=[],
    parameters=[
        OpenApiParameter("webhook-id", str, OpenApiParameter.HEADER),
        OpenApiParameter("webhook-timestamp", str, OpenApiParameter.HEADER),
        OpenApiParameter("webhook-signature", str, OpenApiParameter.HEADER),
        OpenApiParameter("Idempotency-Key", str, OpenApiParameter.HEADER),
    ],
    request=OpenApiTypes.ANY,
    responses={
        (200, JSON): OpenApiResponse(Called, description="The run has ended, or waits."),
        (202, JSON): OpenApiResponse(Accepted, description="The run goes on by itself."),
        **problems(400, 401, 404, 405, 409, 410, 413, 415, 422, 429, 502, 503, 504),
    },
    tags=["webhooks"],
)
RUN_NODE = extend_schema(
    operation_id="chatflow_draft_run_node",
    summary="Run one node of a draft's flow",
    request=RunNodeBody,
    responses={(200, JSON): Step, **problems(*REFUSALS, 410)},
    tags=["drafts"],
)
