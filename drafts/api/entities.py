"""Deployed entities over the API, whatever their kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.response import Response
from rest_framework.views import APIView

from common.paging import PARAMETERS, cursor_of, cut, page, page_as_json, page_of, place_in, size_of
from common.problems import not_found
from drafts import creating
from drafts.api import answers as api_answers
from drafts.api import schema as api_schema
from drafts.api.answers import etag
from drafts.api.schema import ENTITY_ID, KIND, READ, answers
from drafts.deploying import channels, deploy
from drafts.entities import entities, open_entity, remove
from workspaces.api_auth import actor_of
from workspaces.api_schema import GONE

if TYPE_CHECKING:
    from uuid import UUID

    from rest_framework.request import Request

    from drafts.models import Entity
    from drafts.types import DraftType

    Kind = DraftType[Any]

HIGHEST_NUMBER = 2**31 - 1
NUMBER = OpenApiParameter(
    "number", {"type": "integer", "minimum": 0, "maximum": HIGHEST_NUMBER}, OpenApiParameter.PATH
)
CHANNEL = OpenApiParameter("channel", str, OpenApiParameter.PATH)


class Entities(APIView):
    @extend_schema(
        operation_id="entities_list",
        summary="List what is live, the last changed first",
        parameters=[KIND, *PARAMETERS],
        responses=answers({200: page_of(api_schema.EntityRow)}, *READ),
    )
    def get(self, request: Request, kind: Kind) -> Response:
        rows = entities(actor_of(request), kind)
        found, following = page(rows, "updated_at", size_of(request), cursor_of(request))
        results = [api_answers.entity(kind, entity) for entity in found]
        return Response(page_as_json(request, results, following))


class OneEntity(APIView):
    @extend_schema(
        operation_id="entities_retrieve",
        summary="One of them with its live configuration",
        parameters=[KIND, ENTITY_ID],
        responses=answers({200: api_schema.WholeEntity}, *READ),
    )
    def get(self, request: Request, kind: Kind, entity_id: UUID) -> Response:
        found = open_entity(actor_of(request), kind, entity_id)
        return Response(api_answers.entity_in_full(kind, found))

    @extend_schema(
        operation_id="entities_delete",
        summary="Delete it: its channels are withdrawn, its keys stop",
        parameters=[KIND, ENTITY_ID],
        responses=answers({204: GONE}, *READ),
    )
    def delete(self, request: Request, kind: Kind, entity_id: UUID) -> Response:
        actor = actor_of(request)
        remove(actor, open_entity(actor, kind, entity_id))
        return Response(status=status.HTTP_204_NO_CONTENT)


class EntityDraft(APIView):
    @extend_schema(
        operation_id="entities_draft",
        summary="A new draft of the live configuration; deploying it makes the next version",
        parameters=[KIND, ENTITY_ID],
        request=None,
        responses=answers({201: api_schema.Created}, *READ, 409, 413, 422, 429),
    )
    def post(self, request: Request, kind: Kind, entity_id: UUID) -> Response:
        actor = actor_of(request)
        draft = creating.create_from_entity(actor, open_entity(actor, kind, entity_id))
        body = api_answers.created(draft)
        return Response(body, status.HTTP_201_CREATED, headers=etag(draft.version))


class Versions(APIView):
    @extend_schema(
        operation_id="entities_versions",
        summary="Every deployed version, newest first",
        parameters=[KIND, ENTITY_ID, *PARAMETERS],
        responses=answers({200: page_of(api_schema.ReleaseRow)}, *READ),
    )
    def get(self, request: Request, kind: Kind, entity_id: UUID) -> Response:
        size, after = size_of(request), place_in(cursor_of(request))
        entity = open_entity(actor_of(request), kind, entity_id)
        releases = entity.releases.defer("configuration").order_by("-number")
        if after is not None:
            releases = releases.filter(number__lt=min(after[0], HIGHEST_NUMBER))
        found, following = cut(releases[: size + 1], size, lambda row: (row.number, ""))
        live = entity.live_release.number if entity.live_release else None
        results = [api_answers.version(release, live) for release in found]
        return Response(page_as_json(request, results, following))


class Rollback(APIView):
    @extend_schema(
        operation_id="entities_rollback",
        summary="Make an old version live again, as a new one",
        parameters=[KIND, ENTITY_ID, NUMBER],
        request=None,
        responses=answers({200: api_schema.Deployed}, *READ, 409, 422),
    )
    def post(self, request: Request, kind: Kind, entity_id: UUID, number: int) -> Response:
        actor = actor_of(request)
        entity = open_entity(actor, kind, entity_id)
        return Response(api_answers.deployed(kind, deploy.rollback(actor, entity, number)))


class DeploymentStatus(APIView):
    @extend_schema(
        operation_id="entities_deployment",
        summary="How far each channel is",
        parameters=[KIND, ENTITY_ID],
        responses=answers({200: api_schema.DeploymentAnswer}, *READ),
    )
    def get(self, request: Request, kind: Kind, entity_id: UUID) -> Response:
        return _deployment(kind, open_entity(actor_of(request), kind, entity_id))


class OneChannel(APIView):
    @extend_schema(
        operation_id="entities_remove_channel",
        summary="Remove a channel: what is live goes on without it, as a new version",
        description="It is withdrawn, and its settings, address and key are forgotten.",
        parameters=[KIND, ENTITY_ID, CHANNEL],
        responses=answers({200: api_schema.DeploymentAnswer}, *READ, 409, 422),
    )
    def delete(self, request: Request, kind: Kind, entity_id: UUID, channel: str) -> Response:
        actor = actor_of(request)
        channels.remove(actor, open_entity(actor, kind, entity_id), channel)
        return _deployment(kind, open_entity(actor, kind, entity_id))


class RetryChannel(APIView):
    @extend_schema(
        operation_id="entities_retry_channel",
        summary="Register a channel again",
        parameters=[KIND, ENTITY_ID, CHANNEL],
        request=None,
        responses=answers({200: api_schema.DeploymentAnswer}, *READ, 409),
    )
    def post(self, request: Request, kind: Kind, entity_id: UUID, channel: str) -> Response:
        actor = actor_of(request)
        entity = open_entity(actor, kind, entity_id)
        channels.retry(actor, entity, channel)
        return _deployment(kind, entity)


class CheckChannel(APIView):
    @extend_schema(
        operation_id="entities_check_channel",
        summary="Look at a channel now, from this server's address to its service; changes nothing",
        parameters=[KIND, ENTITY_ID, CHANNEL],
        request=None,
        responses=answers({200: api_schema.ChannelCheck}, *READ, 409, 429),
    )
    def post(self, request: Request, kind: Kind, entity_id: UUID, channel: str) -> Response:
        entity = open_entity(actor_of(request), kind, entity_id)
        try:
            return Response(kind.check_channel(entity, channel))
        except LookupError as error:
            raise not_found() from error


class DisableChannel(APIView):
    @extend_schema(
        operation_id="entities_disable_channel",
        summary="Withdraw a channel until it is enabled again, whatever is deployed meanwhile",
        parameters=[KIND, ENTITY_ID, CHANNEL],
        request=None,
        responses=answers({200: api_schema.DeploymentAnswer}, *READ),
    )
    def post(self, request: Request, kind: Kind, entity_id: UUID, channel: str) -> Response:
        return _switch(request, kind, entity_id, channel, on=False)


class EnableChannel(APIView):
    @extend_schema(
        operation_id="entities_enable_channel",
        summary="Connect a channel again that was disabled",
        parameters=[KIND, ENTITY_ID, CHANNEL],
        request=None,
        responses=answers({200: api_schema.DeploymentAnswer}, *READ, 409),
    )
    def post(self, request: Request, kind: Kind, entity_id: UUID, channel: str) -> Response:
        return _switch(request, kind, entity_id, channel, on=True)


def _switch(request: Request, kind: Kind, entity_id: UUID, channel: str, *, on: bool) -> Response:
    actor = actor_of(request)
    entity = open_entity(actor, kind, entity_id)
    channels.switch(actor, entity, channel, on=on)
    return _deployment(kind, entity)


def _deployment(kind: Kind, entity: Entity) -> Response:
    live = entity.live_release
    told = kind.deployment_result(entity, live) if live else {}
    return Response({"version": live.number if live else None, "channels": told})
