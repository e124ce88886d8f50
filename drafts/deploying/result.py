"""What a deploy answers, now and when it is asked again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from common.problems import Problem
from drafts.deploying import kept_answers
from drafts.types import draft_types

if TYPE_CHECKING:
    from drafts.models import Deployment, Entity, Release


@dataclass(frozen=True)
class DeployResult:
    """``api_key`` is the new entity's key, told only by its first deploy and retries of that."""

    entity: Entity
    release: Release
    api_key: str | None = None
    channels: dict[str, Any] = field(default_factory=dict)


def answer_of(deployment: Deployment) -> DeployResult:
    """The answer of a deploy: as it was given, while that is kept."""
    draft_type = draft_types.get(deployment.entity.kind)
    entity, release = deployment.entity, deployment.release
    try:
        kept = kept_answers.find(deployment.draft_id)
    except Problem:
        kept = None
    if kept is not None:
        return DeployResult(entity, release, kept.api_key, kept.channels)
    channels = draft_type.deployment_result(entity, release)
    return DeployResult(
        entity, release, None, {name: dict(told) for name, told in channels.items()}
    )
