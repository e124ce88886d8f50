"""What the API's views answer, as JSON members."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from common.timestamps import rfc3339

if TYPE_CHECKING:
    from drafts.deploying.result import DeployResult
    from drafts.draft import Draft, HistoryEntry, Saved, Summary
    from drafts.models import Entity, Release
    from drafts.types import DraftType


def etag(version: int) -> dict[str, str]:
    return {"ETag": f'"{version}"'}


def created(draft: Draft) -> dict[str, Any]:
    return {
        "draft_id": draft.id,
        "status": draft.status.value,
        "version": draft.version,
        "expires_at": rfc3339(draft.expires_at),
    }


def whole(draft: Draft) -> dict[str, Any]:
    return {
        "id": draft.id,
        "type": draft.kind,
        "workspace_id": str(draft.workspace_id),
        "created_by": draft.created_by,
        "status": draft.status.value,
        "failure": draft.failure or None,
        "version": draft.version,
        "entity_id": str(draft.entity_id) if draft.entity_id else None,
        "base_version": draft.base_version,
        "created_at": rfc3339(draft.created_at),
        "updated_at": rfc3339(draft.updated_at),
        "expires_at": rfc3339(draft.expires_at),
        "auto_save_enabled": True,
        "last_auto_save": rfc3339(draft.updated_at),
        "can_undo": draft.can_undo,
        "can_redo": draft.can_redo,
        "data": draft.data,
    }


def row(summary: Summary, unnamed: str) -> dict[str, Any]:
    return {
        "draft_id": summary.id,
        "name": summary.name or unnamed,
        "status": summary.status.value,
        "version": summary.version,
        "updated_at": rfc3339(summary.updated_at),
        "expires_at": rfc3339(summary.expires_at),
        "created_at": rfc3339(summary.created_at),
        "created_by": summary.created_by,
        "entity_id": str(summary.entity_id) if summary.entity_id else None,
    }


def saved(answer: Saved) -> dict[str, Any]:
    changes = {f"data.{path}": value for path, value in answer.changes_by_others.items()}
    return {
        "status": "saved",
        "version": answer.version,
        "updated_at": rfc3339(answer.updated_at),
        "expires_at": rfc3339(answer.expires_at),
        "merged": answer.merged,
        "changes": changes,
    }


def change(entry: HistoryEntry) -> dict[str, Any]:
    return {
        "version": entry.version,
        "at": rfc3339(entry.at),
        "by": entry.by,
        "paths": list(entry.paths),
        "summary": entry.summary,
    }


def deployed(draft_type: DraftType[Any], result: DeployResult) -> dict[str, Any]:
    entity_id = str(result.entity.pk)
    return {
        f"{draft_type.kind}_id": entity_id,
        "entity_id": entity_id,
        "status": draft_type.deployed_status,
        "version": result.release.number,
        "api_key": result.api_key,
        "channels": result.channels,
    }


def entity(draft_type: DraftType[Any], found: Entity) -> dict[str, Any]:
    return {
        "id": str(found.pk),
        "type": found.kind,
        "name": found.name,
        "slug": found.slug,
        "status": draft_type.status_of(found),
        "version": found.live_release.number if found.live_release else None,
        "created_at": rfc3339(found.created_at),
        "updated_at": rfc3339(found.updated_at),
        "url": draft_type.detail_url(found),
    }


def entity_in_full(draft_type: DraftType[Any], found: Entity) -> dict[str, Any]:
    live = found.live_release
    data = draft_type.upgraded(live.configuration, live.schema_version) if live else {}
    return entity(draft_type, found) | {"data": data}


def version(release: Release, live: int | None) -> dict[str, Any]:
    return {
        "version": release.number,
        "live": release.number == live,
        "created_at": rfc3339(release.created_at),
        "created_by": release.created_by,
        "note": release.note,
    }
