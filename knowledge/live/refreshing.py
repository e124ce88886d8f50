"""Reads sources of live bases again, as often as they ask for it, and deploys what has changed.

By way of a draft like everybody: what fails changes nothing, and what was refreshed is a version to
which one can go back.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from celery import current_app
from django.utils import timezone
from django.utils.translation import gettext as _

from common import leases
from common.problems import Problem
from drafts.deploying import deploy
from drafts.releases import configuration_of
from drafts.types import draft_types
from knowledge import reading
from knowledge.beside.states import Place
from knowledge.kind import KIND
from knowledge.live.passing_drafts import passing_draft
from knowledge.models import KnowledgeBase, SourceRefresh
from knowledge.sources.base import UnreadError
from workspaces.access import Actor, Role

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import QuerySet

    from knowledge.schema import KnowledgeBase as Configuration

logger = logging.getLogger(__name__)
TASK = "knowledge.tasks.refresh"
EVERY: Mapping[str, timedelta] = {
    "daily": timedelta(days=1),
    "weekly": timedelta(days=7),
    "monthly": timedelta(days=30),
}
# After a failure it is tried again so soon, then later and later, up to the usual time.
FIRST_PAUSE = timedelta(hours=1)


def plan(base: KnowledgeBase, configuration: Configuration) -> None:
    """Note when the sources of a release are due. Inside its transaction. One that was waiting for
    its turn keeps it, or a base that changes often would never be read again; one that is switched
    off has none."""
    wanted = {
        source.id: every
        for source in configuration.sources
        if source.enabled and (every := getattr(source, "refresh", None))
    }
    kept = SourceRefresh.objects.filter(base=base, source_id__in=wanted)
    SourceRefresh.objects.filter(base=base).exclude(pk__in=kept.values("pk")).delete()
    now, turns = timezone.now(), dict(kept.values_list("source_id", "due_at"))
    latest = {source_id: now + EVERY[every] for source_id, every in wanted.items()}
    rows = [
        SourceRefresh(
            base=base,
            source_id=source_id,
            every=every,
            due_at=min(latest[source_id], turns.get(source_id, latest[source_id])),
        )
        for source_id, every in wanted.items()
    ]
    SourceRefresh.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=("base", "source_id"),
        update_fields=("every", "due_at"),
    )


def sweep() -> int:
    """Ask workers for what is due; gives how much that is."""
    keys = _due().values_list("pk", flat=True)
    for key in keys:
        current_app.send_task(TASK, (key,), retry=False)
    return len(keys)


def run(key: int) -> None:
    """Read one source again, if it is due and nobody is at it, however long that takes. In a
    worker."""
    with leases.lease(f"kb:refresh:{key}") as mine:
        row = _due().filter(pk=key).first() if mine else None
        if row:
            _run(row)


def _due() -> QuerySet[SourceRefresh]:
    return SourceRefresh.objects.filter(due_at__lte=timezone.now())


def _run(row: SourceRefresh) -> None:
    failed = ""
    try:
        _refresh(row)
    except UnreadError as error:
        failed = str(error)
    except Problem as problem:
        failed = problem.detail
    except Exception:
        # Whatever it was: it is told on the base's page, and tried again.
        logger.exception("refreshing %s failed", row)
        failed = _("Something went wrong on our side.")
    _note(row, failed)


def _note(row: SourceRefresh, failed: str) -> None:
    now, usual = timezone.now(), EVERY[row.every]
    failures = row.failures + 1 if failed else 0
    pause = min(FIRST_PAUSE * 2 ** (failures - 1), usual) if failed else usual
    told: dict[str, Any] = {} if failed else {"refreshed_at": now}
    SourceRefresh.objects.filter(pk=row.pk).update(
        due_at=now + pause, failures=failures, error=failed[:500], **told
    )


def _refresh(row: SourceRefresh) -> None:
    """Read and deploy; raises ``UnreadError`` and ``Problem``."""
    base = KnowledgeBase.objects.select_related("workspace", "live_release").get(pk=row.base_id)
    actor = Actor(base.workspace, Role.EDITOR, _("Read again by itself"))
    with passing_draft(actor, base) as draft:
        found = reading.read_now(Place(actor.workspace_id, draft.id, row.source_id))
        if found.content_hash != _hash_of(base, row.source_id):
            deploy.deploy(actor, draft_types.get(KIND), draft.id)


def _hash_of(base: KnowledgeBase, source_id: str) -> str | None:
    """Of the source's text as it is live."""
    assert base.live_release is not None
    sources = configuration_of(base.live_release)["sources"]
    return next((each["content_hash"] for each in sources if each["id"] == source_id), None)
