"""Describes the asynchronous views in the API's schema.

They are plain functions, which the schema's generator passes over; ``documented`` hangs a class on
one that says what it takes and gives. Django never calls that class.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.views import APIView

from conversations.api_schema import Card, Citation, Link, TokenUsage
from conversations.bodies import ChatBody, PreviewBody
from conversations.openai_shapes import CompletionBody
from conversations.runtime import assistants
from drafts.types import draft_types
from workspaces.api_schema import problems

if TYPE_CHECKING:
    from collections.abc import Callable

    View = Callable[..., Any]

JSON, EVENTS = "application/json", "text/event-stream"
REFUSALS = (400, 401, 403, 404, 405, 413, 415, 422, 429, 502, 503, 504)


def documented(view: View, **methods: View) -> View:
    """``view`` with a description of each of its HTTP methods, made by ``extend_schema``."""
    described = {name: describe(_answered_elsewhere()) for name, describe in methods.items()}
    description = type("Description", (APIView,), described)
    view.cls, view.initkwargs = description, {}  # type: ignore[attr-defined]
    return view


def _answered_elsewhere() -> View:
    def described(self: APIView, request: Any, **kwargs: Any) -> None:
        raise MethodNotAllowed(request.method)

    return described


class ChatAnswer(serializers.Serializer[Any]):
    message = serializers.CharField()
    session_id = serializers.CharField(help_text="Send it again to carry the conversation on.")
    message_id = serializers.UUIDField()
    sources = serializers.ListField(child=serializers.CharField())
    citations = Citation(many=True)
    follow_ups = serializers.ListField(child=serializers.CharField())
    cards = Card(many=True)
    links = Link(many=True, help_text="Buttons that open an address.")
    handoff = serializers.BooleanField(
        help_text="A person has the conversation now. What is said meanwhile is passed on to them "
        "and answered with an empty `message`, under the id of what was said; what they say is at "
        "`chat/messages`."
    )
    usage = TokenUsage()
    latency_ms = serializers.IntegerField()


class PersonsMessage(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    role = serializers.ChoiceField(["person"])
    content = serializers.CharField()
    created_at = serializers.DateTimeField()


class SaidByPeople(serializers.Serializer[Any]):
    """What people said in a conversation that a flow handed to them."""

    session_id = serializers.CharField()
    handoff = serializers.BooleanField(help_text="Whether a person has the conversation now.")
    messages = PersonsMessage(many=True)


class Completion(serializers.Serializer[Any]):
    """As OpenAI's, with the citations and the session added."""

    id = serializers.CharField()
    object = serializers.CharField()
    created = serializers.IntegerField()
    model = serializers.CharField()
    choices = serializers.ListField(child=serializers.DictField())
    usage = TokenUsage()
    citations = Citation(many=True)
    metadata = serializers.DictField()


class Model(serializers.Serializer[Any]):
    id = serializers.CharField(help_text="The assistant's address.")
    object = serializers.CharField()
    created = serializers.IntegerField()
    owned_by = serializers.CharField()


class ModelList(serializers.Serializer[Any]):
    object = serializers.CharField()
    data = Model(many=True)  # type: ignore[assignment]


class OpenAIFault(serializers.Serializer[Any]):
    message = serializers.CharField()
    type = serializers.CharField()
    param = serializers.CharField(allow_null=True)
    code = serializers.CharField(allow_null=True)


class OpenAIError(serializers.Serializer[Any]):
    error = OpenAIFault()


# Any: OpenAPI 3.0 describes the whole text of a stream, and readers take that for one event's.
STREAM = OpenApiTypes.ANY
_ANSWER: dict[Any, Any] = {
    (200, JSON): OpenApiResponse(
        ChatAnswer,
        description=(
            "The answer. As a stream, server-sent events: `token` {text}, `citation` {number, "
            "title, url, text}, and at the end `done` (the JSON answer) or `error` {code, message, "
            "retry_after?}. A comment keeps the connection open every 15 seconds."
        ),
    ),
    (200, EVENTS): STREAM,
}
_COMPLETION: dict[Any, Any] = {
    (200, JSON): OpenApiResponse(
        Completion, description="The answer. As a stream, OpenAI's chunks, then `data: [DONE]`."
    ),
    (200, EVENTS): STREAM,
}


def _talking_kind() -> OpenApiParameter:
    talking = [t.url_name for t in draft_types if t.kind in assistants]
    return OpenApiParameter("kind", str, OpenApiParameter.PATH, enum=talking or None)


def _as_openai(success: dict[Any, Any], *refusals: int) -> dict[Any, Any]:
    return success | {(status, JSON): OpenAIError for status in refusals}


PREVIEW = extend_schema(
    operation_id="drafts_preview",
    summary="Talk to a draft; as a stream with `Accept: text/event-stream`",
    parameters=[_talking_kind(), OpenApiParameter("draft_id", str, OpenApiParameter.PATH)],
    request=PreviewBody,
    responses=_ANSWER | problems(*REFUSALS, 410),
)
CHAT = extend_schema(
    operation_id="entities_chat",
    summary="Talk to a deployed assistant; as a stream with `Accept: text/event-stream`",
    parameters=[
        _talking_kind(),
        OpenApiParameter("entity_id", OpenApiTypes.UUID, OpenApiParameter.PATH),
    ],
    request=ChatBody,
    responses=_ANSWER | problems(*REFUSALS),
)
SAID = extend_schema(
    operation_id="entities_chat_messages",
    summary="What people said in a conversation that was handed to them, the oldest first",
    parameters=[
        _talking_kind(),
        OpenApiParameter("entity_id", OpenApiTypes.UUID, OpenApiParameter.PATH),
        OpenApiParameter("session_id", str, required=True),
        OpenApiParameter("after", str, description="Only what was said after this message, by id."),
    ],
    responses={200: SaidByPeople} | problems(400, 401, 403, 404, 405, 422, 429, 503),
)
COMPLETIONS = extend_schema(
    operation_id="chat_completions",
    summary="OpenAI's chat completions; `model` is an assistant's address or id",
    request=CompletionBody,
    responses=_as_openai(
        _COMPLETION,
        *(400, 401, 403, 404, 405, 413, 415, 429, 502, 503, 504),
    ),
)
MODELS = extend_schema(
    operation_id="models_list",
    summary="The assistants that the key opens, as OpenAI's models",
    responses=_as_openai({(200, JSON): ModelList}, 401, 405, 503),
)
ONE_MODEL = extend_schema(
    operation_id="models_retrieve",
    summary="One of them",
    parameters=[OpenApiParameter("name", str, OpenApiParameter.PATH)],
    responses=_as_openai({(200, JSON): Model}, 401, 404, 405, 503),
)
