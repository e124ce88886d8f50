"""Describes the recorded runs of a draft in the API's schema."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers

from chatflows.api.openapi import Execution, Step
from chatflows.runs.bodies import PinBody, ReplayBody
from conversations.openapi import EVENTS, JSON, REFUSALS, STREAM
from workspaces.api_schema import problems


class ReplayOf(serializers.Serializer[Any]):
    run_id = serializers.CharField()
    node_id = serializers.CharField()
    label = serializers.CharField(help_text="What people call the node.")  # type: ignore[assignment]


class ListedRun(serializers.Serializer[Any]):
    """One of the draft's last runs. ``version`` is the draft's when it ran."""

    id = serializers.CharField()
    at = serializers.DateTimeField()
    version = serializers.IntegerField()
    message = serializers.CharField()
    status = serializers.ChoiceField(("whole", "stopped", "failed"))
    replay_of = ReplayOf(allow_null=True)


class Runs(serializers.Serializer[Any]):
    runs = ListedRun(many=True)


class RecordedStep(Step):
    shortened = serializers.BooleanField(help_text="Too large to be kept: it cannot be reused.")


class RecordedRun(ListedRun):
    session_id = serializers.CharField()
    variables = serializers.DictField()
    answer = serializers.CharField()
    answer_html = serializers.CharField(
        help_text="The answer as HTML that cannot do anything, cut where it is very long."
    )
    error = serializers.CharField(allow_null=True)
    steps = RecordedStep(many=True)


class Pin(serializers.Serializer[Any]):
    node_id = serializers.CharField()
    output = serializers.DictField()
    handle = serializers.CharField()


class Pins(serializers.Serializer[Any]):
    pins = Pin(many=True)


TAGS = ["drafts"]
_LOOKING = (400, 401, 403, 404, 405, 410, 429)

RUNS = extend_schema(
    operation_id="chatflow_draft_runs",
    summary="List a draft's last runs",
    description="The last twenty, the newest first. They are gone with the draft.",
    responses={(200, JSON): Runs, **problems(*_LOOKING)},
    tags=TAGS,
)
RUN = extend_schema(
    operation_id="chatflow_draft_recorded_run",
    summary="Look at a run of a draft",
    responses={(200, JSON): RecordedRun, **problems(*_LOOKING)},
    tags=TAGS,
)
REPLAY = extend_schema(
    operation_id="chatflow_draft_replay",
    summary="Do a run again from a node on",
    description=(
        "As the draft is now: the nodes before give what they gave, the others run. The result is "
        "a run of its own; the conversation of the first one stays as it is. A node in a loop is "
        "done again with its loop."
    ),
    request=ReplayBody,
    responses={
        (200, JSON): OpenApiResponse(Execution, description="As when a flow is run."),
        (200, EVENTS): STREAM,
        **problems(*REFUSALS, 409, 410),
    },
    tags=TAGS,
)
PINS = extend_schema(
    operation_id="chatflow_draft_pins",
    summary="List what nodes are pinned to give",
    responses={(200, JSON): Pins, **problems(*_LOOKING)},
    tags=TAGS,
)
PIN = extend_schema(
    operation_id="chatflow_draft_pin",
    summary="Pin what a node gives",
    description="In the preview and in runs of the draft only: what goes live has no pins.",
    request=PinBody,
    responses={(200, JSON): Pin, **problems(*REFUSALS, 410)},
    tags=TAGS,
)
UNPIN = extend_schema(
    operation_id="chatflow_draft_unpin",
    summary="Let a node run again",
    responses={204: None, **problems(*_LOOKING)},
    tags=TAGS,
)
