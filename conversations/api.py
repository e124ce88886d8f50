"""What was said, over the API: conversations, leads, analytics, as JSON or CSV."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.response import Response
from rest_framework.views import APIView

from common.paging import PARAMETERS, cursor_of, page, page_as_json, page_of, size_of
from common.problems import FieldError, invalid, not_found
from conversations import api_answers, api_schema, exporting
from conversations.analytics import analytics
from conversations.erasing import erase_conversation, erase_lead
from conversations.models import Message
from conversations.selection import Selection, one_of
from conversations.unanswered import unanswered
from workspaces.api_auth import AdminToChange, actor_of
from workspaces.api_schema import GONE, problems

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from django.db.models import QuerySet
    from django.http import HttpResponseBase
    from rest_framework.request import Request

PLACE = ("cursor", "limit")
FILTERS = ("q", "assistant", "channel", "since", "until")


class CsvRenderer(BaseRenderer):
    """Lets a client ask for CSV; the views write it themselves, row by row."""

    media_type = "text/csv"
    format = "csv"
    charset = "utf-8"

    def render(self, data: Any, *_context: Any) -> bytes:
        """A problem: the client gets it as JSON all the same."""
        return bytes(JSONRenderer().render(data))


class Listed(APIView):
    """A list that can be filtered, paged and exported."""

    renderer_classes = [JSONRenderer, CsvRenderer]

    def selected(self, request: Request, *names: str) -> Selection:
        """The filter of the query; raises ``Problem`` 422 for a parameter that is not ``names``."""
        given = request.query_params
        unknown = [name for name in given if name not in (*names, "format")]
        if unknown:
            faults = [FieldError(name[:64], "There is no such parameter.") for name in unknown]
            raise invalid("The filter is not valid.", *faults)
        return Selection(given.dict(), actor_of(request)).checked()

    def wants_csv(self, request: Request) -> bool:
        return getattr(request.accepted_renderer, "format", "") == "csv"

    def page(
        self, request: Request, rows: QuerySet[Any], by: str, answer: Callable[[Any], Any]
    ) -> Response:
        found, following = page(rows, by, size_of(request), cursor_of(request))
        return Response(page_as_json(request, map(answer, found), following))


class Conversations(Listed):
    @extend_schema(
        operation_id="conversations_list",
        summary="Conversations, the last active first; as CSV with `Accept: text/csv`",
        parameters=[
            *api_schema.OF_ASSISTANT,
            api_schema.WORDS,
            api_schema.FEEDBACK,
            api_schema.HANDOFF,
            api_schema.ANSWERS,
            api_schema.WITH_LEAD,
            *PARAMETERS,
        ],
        responses={200: page_of(api_schema.ConversationRow)} | problems(*api_schema.READ),
    )
    def get(self, request: Request) -> HttpResponseBase:
        chosen = self.selected(
            request, *PLACE, *FILTERS, "feedback", "handoff", "answers", "lead"
        ).conversations()
        if self.wants_csv(request):
            return exporting.as_csv("conversations", exporting.conversations(chosen))
        return self.page(request, chosen, "last_message_at", api_answers.conversation)


class OneConversation(APIView):
    permission_classes = (AdminToChange,)

    @extend_schema(
        operation_id="conversations_retrieve",
        summary="A conversation with its last messages; `next` leads to those before",
        parameters=[api_schema.CONVERSATION_ID, *PARAMETERS],
        responses={200: api_schema.Transcript} | problems(400, 401, 403, 404, 503),
    )
    def get(self, request: Request, conversation_id: UUID) -> Response:
        found = one_of(actor_of(request), conversation_id)
        if found is None:
            raise not_found("There is no such conversation.")
        messages = Message.objects.filter(conversation=found).select_related("feedback", "author")
        newest, more = page(messages, "created_at", size_of(request), cursor_of(request))
        answer = page_as_json(request, map(api_answers.message, reversed(newest)), more)
        return Response(
            api_answers.conversation(found)
            | {"messages": answer["results"], "next": answer["next"]}
        )

    @extend_schema(
        operation_id="conversations_delete",
        summary="Delete a conversation with its messages and its lead, for good",
        parameters=[api_schema.CONVERSATION_ID],
        responses={204: GONE, **problems(401, 403, 404, 503)},
    )
    def delete(self, request: Request, conversation_id: UUID) -> Response:
        erase_conversation(actor_of(request), conversation_id)
        return Response(status=status.HTTP_204_NO_CONTENT)


class Leads(Listed):
    @extend_schema(
        operation_id="leads_list",
        summary="Leads, the newest first; as CSV with `Accept: text/csv`",
        parameters=[
            *api_schema.OF_ASSISTANT,
            api_schema.WORDS,
            api_schema.CONSENT,
            *PARAMETERS,
        ],
        responses={200: page_of(api_schema.LeadRow)} | problems(*api_schema.READ),
    )
    def get(self, request: Request) -> HttpResponseBase:
        chosen = self.selected(request, *PLACE, *FILTERS, "consent").leads()
        if self.wants_csv(request):
            return exporting.as_csv("leads", exporting.leads(chosen))
        return self.page(request, chosen, "created_at", api_answers.lead)


class OneLead(APIView):
    permission_classes = (AdminToChange,)

    @extend_schema(
        operation_id="leads_delete",
        summary="Delete a lead for good; its conversation stays",
        parameters=[api_schema.LEAD_ID],
        responses={204: GONE, **problems(401, 403, 404, 503)},
    )
    def delete(self, request: Request, lead_id: UUID) -> Response:
        erase_lead(actor_of(request), lead_id)
        return Response(status=status.HTTP_204_NO_CONTENT)


class Unanswered(Listed):
    @extend_schema(
        operation_id="analytics_unanswered",
        summary="What was not answered, the newest first; as CSV with `Accept: text/csv`",
        parameters=[*api_schema.OF_ASSISTANT, *PARAMETERS],
        responses={200: page_of(api_schema.UnansweredRow)} | problems(*api_schema.READ),
    )
    def get(self, request: Request) -> HttpResponseBase:
        chosen = unanswered(
            self.selected(request, *PLACE, "assistant", "channel", "since", "until")
        )
        if self.wants_csv(request):
            return exporting.as_csv("unanswered", exporting.unanswered(chosen))
        return self.page(request, chosen, "created_at", api_answers.unanswered)


class AnalyticsView(Listed):
    @extend_schema(
        operation_id="analytics",
        summary="Counts by day, of at most a year; as CSV with `Accept: text/csv`",
        parameters=[*api_schema.OF_ASSISTANT],
        responses={200: api_schema.AnalyticsAnswer} | problems(*api_schema.READ),
    )
    def get(self, request: Request) -> HttpResponseBase:
        found = analytics(self.selected(request, "assistant", "channel", "since", "until"))
        if self.wants_csv(request):
            return exporting.as_csv("analytics", exporting.days(found))
        return Response(api_answers.analytics(found))
