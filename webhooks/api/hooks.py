"""REST hooks, as Zapier and its like use them: subscribe, unsubscribe, examples, and polling."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.response import Response
from rest_framework.views import APIView

from common.problems import FieldError, Problem, invalid
from webhooks import ending, subscribing
from webhooks.api import schema
from webhooks.events import BY_NAME
from webhooks.polling import newest
from webhooks.samples import sample
from webhooks.subscribing import Wanted
from workspaces.api_auth import AdminToChange, actor_of
from workspaces.api_schema import GONE, problems

if TYPE_CHECKING:
    from rest_framework.request import Request

# What an editor of Zaps reads, and what one poll may bring.
SAMPLES, MOST = 3, 100


class Hooks(APIView):
    """Subscriptions of Zapier's."""

    permission_classes = (AdminToChange,)

    @extend_schema(
        operation_id="hooks_create",
        summary="Subscribe a REST hook; nothing is sent to the address now",
        description="The same event and address again give the id that there is.",
        request=schema.NewHook,
        responses={201: schema.HookAnswer, **problems(400, 401, 403, 413, 415, 422, 503)},
    )
    def post(self, request: Request) -> Response:
        asked = schema.NewHook(data=request.data)
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        wanted = Wanted(
            events=[given["event"]],
            url=given["target_url"],
            entity_id=given.get("assistant_id") or given.get("chatbot_id"),
        )
        made = subscribing.hook(actor_of(request), wanted)
        return Response({"id": str(made.pk)}, status.HTTP_201_CREATED)


class OneHook(APIView):
    """One of them."""

    permission_classes = (AdminToChange,)

    @extend_schema(
        operation_id="hooks_delete",
        summary="Unsubscribe a REST hook; doing it again changes nothing",
        parameters=[schema.HOOK_ID],
        responses={204: GONE, **problems(401, 403, 404, 503)},
    )
    def delete(self, request: Request, hook_id: UUID) -> Response:
        ending.unhook(actor_of(request), hook_id)
        return Response(status=status.HTTP_204_NO_CONTENT)


class HookSamples(APIView):
    """Examples of an event."""

    @extend_schema(
        operation_id="hooks_samples",
        summary="The last events of a type, or one example where there are none",
        parameters=[schema.EVENT, schema.OF_BOT],
        responses={200: schema.EventAnswer(many=True), **problems(400, 401, 403, 422, 503)},
    )
    def get(self, request: Request) -> Response:
        name, found = _asked(request, SAMPLES)
        return Response(found or [sample(name)])


class HookEvents(APIView):
    """Events for those that ask instead of being told."""

    @extend_schema(
        operation_id="hooks_events",
        summary="The last 100 events of a type, the newest first, as they are sent",
        parameters=[schema.EVENT, schema.OF_BOT],
        responses={200: schema.EventAnswer(many=True), **problems(400, 401, 403, 422, 503)},
    )
    def get(self, request: Request) -> Response:
        return Response(_asked(request, MOST)[1])


def _asked(request: Request, most: int) -> tuple[str, list[dict[str, Any]]]:
    """The event's name and the newest of them; raises ``Problem`` 422."""
    given = request.query_params
    unknown = [name for name in given if name not in {"event", "assistant_id", "chatbot_id"}]
    if unknown:
        raise _refused(*(FieldError(name[:64], "There is no such parameter.") for name in unknown))
    name = given.get("event", "")
    if name not in BY_NAME:
        raise _refused(FieldError("event", f"Choose one of: {', '.join(BY_NAME)}."))
    bot = given.get("assistant_id") or given.get("chatbot_id")
    try:
        entity_id = UUID(bot) if bot else None
    except ValueError:
        raise _refused(FieldError("assistant_id", "This is not an id.")) from None
    return name, newest(actor_of(request).workspace_id, name, entity_id, most)


def _refused(*errors: FieldError) -> Problem:
    return invalid("The question is not valid.", *errors)
