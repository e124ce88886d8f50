"""Drafts over the API: the same calls that the builder makes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.response import Response
from rest_framework.views import APIView

from common.api import MergePatchParser, StrictJSONParser
from common.paging import PARAMETERS, cursor_of, cut, page_as_json, page_of, place_in, size_of
from drafts import creating, editing, validation
from drafts.access import open_draft, untitled
from drafts.api import answers as api_answers
from drafts.api import schema as api_schema
from drafts.api.answers import etag
from drafts.api.requests import (
    if_match,
    members,
    object_in,
    patch_id_in,
    paths_in_data,
    version_in,
)
from drafts.api.schema import CHANGE, DRAFT_ID, KIND, OF_DRAFT, READ, WITH_BODY, answers
from drafts.deploying import deploy
from workspaces.api_auth import actor_of
from workspaces.api_schema import GONE
from workspaces.models import Role

if TYPE_CHECKING:
    from rest_framework.request import Request

    from common.paging import Place
    from drafts.draft import Draft, Saved, Summary
    from drafts.types import DraftType

    Kind = DraftType[Any]


class Drafts(APIView):
    @extend_schema(
        operation_id="drafts_list",
        summary="List the workspace's drafts, the last changed first",
        parameters=[KIND, *PARAMETERS],
        responses=answers({200: page_of(api_schema.DraftRow)}, *READ),
    )
    def get(self, request: Request, kind: Kind) -> Response:
        size, after = size_of(request), place_in(cursor_of(request))
        rows = editing.list_drafts(actor_of(request), kind)
        rest = [row for row in rows if after is None or _place(row) < after]
        found, following = cut(rest, size, _place)
        results = [api_answers.row(row, untitled(kind)) for row in found]
        return Response(page_as_json(request, results, following))

    @extend_schema(
        operation_id="drafts_create",
        summary="Start a draft",
        parameters=[KIND],
        request=api_schema.NewDraft,
        responses=answers({201: api_schema.Created}, *READ, 409, *WITH_BODY, 429),
    )
    def post(self, request: Request, kind: Kind) -> Response:
        body = dict(request.data)
        data = object_in(body, "data") if set(body) == {"data"} else body
        return _created(kind, creating.create(actor_of(request), kind, data))


class Import(APIView):
    @extend_schema(
        operation_id="drafts_import",
        summary="Start a draft from an exported one",
        parameters=[KIND],
        request=api_schema.Exported,
        responses=answers({201: api_schema.Created}, *READ, 409, *WITH_BODY, 429),
    )
    def post(self, request: Request, kind: Kind) -> Response:
        return _created(kind, creating.import_(actor_of(request), kind, dict(request.data)))


class OneDraft(APIView):
    parser_classes = [StrictJSONParser, MergePatchParser]

    @extend_schema(
        operation_id="drafts_retrieve",
        summary="The whole draft",
        parameters=[KIND, DRAFT_ID],
        responses=answers({200: api_schema.WholeDraft}, *OF_DRAFT),
    )
    def get(self, request: Request, kind: Kind, draft_id: str) -> Response:
        draft = open_draft(actor_of(request), kind, draft_id, Role.VIEWER)
        return Response(api_answers.whole(draft), headers=etag(draft.version))

    @extend_schema(
        operation_id="drafts_patch",
        summary="Save a change",
        description=(
            "`data` is merged in (RFC 7396); lists with keys also take an object by key. With "
            "`base_version` a place that somebody else changed since then is a conflict (409); "
            "`If-Match` is the same for the whole draft (412). The same `patch_id` again gives "
            "the same answer and changes nothing."
        ),
        parameters=[KIND, DRAFT_ID, api_schema.IF_MATCH],
        request=api_schema.Patch,
        responses=answers(
            {200: api_schema.SavedAnswer}, *OF_DRAFT, 412, *WITH_BODY, 429, s409=api_schema.Conflict
        ),
    )
    def patch(self, request: Request, kind: Kind, draft_id: str) -> Response:
        body = members(request, "data", "base_version", "patch_id")
        with paths_in_data():
            saved = editing.patch(
                actor_of(request),
                kind,
                draft_id,
                object_in(body, "data"),
                base_version=version_in(body, "base_version"),
                if_match=if_match(request),
                patch_id=patch_id_in(body),
            )
        return _saved(saved)

    @extend_schema(
        operation_id="drafts_abandon",
        summary="Discard the draft, its history and all that was kept beside it",
        parameters=[KIND, DRAFT_ID],
        responses=answers({204: GONE}, *CHANGE),
    )
    def delete(self, request: Request, kind: Kind, draft_id: str) -> Response:
        editing.abandon(actor_of(request), kind, draft_id)
        return Response(status=status.HTTP_204_NO_CONTENT)


class Undo(APIView):
    @extend_schema(
        operation_id="drafts_undo",
        summary="Take the newest change back",
        parameters=[KIND, DRAFT_ID],
        request=None,
        responses=answers({200: api_schema.SavedAnswer}, *CHANGE, 413, 429),
    )
    def post(self, request: Request, kind: Kind, draft_id: str) -> Response:
        return _saved(editing.undo(actor_of(request), kind, draft_id))


class Redo(APIView):
    @extend_schema(
        operation_id="drafts_redo",
        summary="Make the change again that was undone last",
        parameters=[KIND, DRAFT_ID],
        request=None,
        responses=answers({200: api_schema.SavedAnswer}, *CHANGE, 413, 429),
    )
    def post(self, request: Request, kind: Kind, draft_id: str) -> Response:
        return _saved(editing.redo(actor_of(request), kind, draft_id))


class History(APIView):
    @extend_schema(
        operation_id="drafts_history",
        summary="The draft's changes, newest first",
        parameters=[KIND, DRAFT_ID, *PARAMETERS],
        responses=answers({200: page_of(api_schema.Change)}, *OF_DRAFT),
    )
    def get(self, request: Request, kind: Kind, draft_id: str) -> Response:
        size, after = size_of(request), place_in(cursor_of(request))
        entries = editing.history(actor_of(request), kind, draft_id)
        rest = [e for e in entries if after is None or e.version < after[0]]
        found, following = cut(rest, size, lambda entry: (entry.version, ""))
        return Response(page_as_json(request, map(api_answers.change, found), following))


class Restore(APIView):
    @extend_schema(
        operation_id="drafts_restore",
        summary="Make the data of an earlier version the newest",
        parameters=[KIND, DRAFT_ID],
        request=api_schema.Restore,
        responses=answers({200: api_schema.SavedAnswer}, *CHANGE, *WITH_BODY, 429),
    )
    def post(self, request: Request, kind: Kind, draft_id: str) -> Response:
        version = version_in(members(request, "version"), "version") or 0
        return _saved(editing.restore(actor_of(request), kind, draft_id, version))


class Validate(APIView):
    @extend_schema(
        operation_id="drafts_validate",
        summary="Whether the draft can be deployed, and what to mend or might be better",
        parameters=[KIND, DRAFT_ID],
        request=None,
        responses=answers({200: api_schema.ReportAnswer}, *OF_DRAFT),
    )
    def post(self, request: Request, kind: Kind, draft_id: str) -> Response:
        actor = actor_of(request)
        draft = open_draft(actor, kind, draft_id, Role.VIEWER)
        return Response(validation.report(draft, actor).as_dict(), headers=etag(draft.version))


class Plan(APIView):
    @extend_schema(
        operation_id="drafts_plan",
        summary="What deploying would do",
        parameters=[KIND, DRAFT_ID],
        responses=answers({200: api_schema.PlanAnswer}, *OF_DRAFT),
    )
    def get(self, request: Request, kind: Kind, draft_id: str) -> Response:
        actor = actor_of(request)
        draft = open_draft(actor, kind, draft_id, Role.VIEWER)
        found = deploy.plan(actor, draft).as_dict() | dict(kind.plan_besides(draft))
        return Response(found, headers=etag(draft.version))


class Deploy(APIView):
    @extend_schema(
        operation_id="drafts_deploy",
        summary="Make the draft live",
        description=(
            "Exactly once: the same draft or `Idempotency-Key` again gives the same answer, its "
            "`api_key` for an hour. `version` deploys only what was seen. When another version "
            "went live meanwhile, the answer is 409 with the plan against it; deploying again "
            "carries that plan out."
        ),
        parameters=[KIND, DRAFT_ID, api_schema.IDEMPOTENCY_KEY],
        request=api_schema.Deploy,
        responses=api_schema.DEPLOYING,
    )
    def post(self, request: Request, kind: Kind, draft_id: str) -> Response:
        version = version_in(members(request, "version"), "version")
        result = deploy.deploy(
            actor_of(request),
            kind,
            draft_id,
            version=version,
            idempotency_key=request.headers.get("Idempotency-Key", ""),
        )
        return Response(api_answers.deployed(kind, result))


class Export(APIView):
    @extend_schema(
        operation_id="drafts_export",
        summary="The draft as a portable file, without secrets",
        parameters=[KIND, DRAFT_ID],
        responses=answers({200: api_schema.Exported}, *OF_DRAFT),
    )
    def get(self, request: Request, kind: Kind, draft_id: str) -> Response:
        exported = editing.export(actor_of(request), kind, draft_id)
        name = f'attachment; filename="{draft_id}.json"'
        return Response(exported, headers={"Content-Disposition": name})


def _created(kind: Kind, draft: Draft) -> Response:
    place = {"Location": f"/api/v1/{kind.url_name}/draft/{draft.id}"}
    body = api_answers.created(draft)
    return Response(body, status.HTTP_201_CREATED, headers=place | etag(draft.version))


def _saved(answer: Saved) -> Response:
    return Response(api_answers.saved(answer), headers=etag(answer.version))


def _place(row: Summary) -> Place:
    """Where a draft stands in the list."""
    return round(row.updated_at.timestamp() * 1000), row.id
