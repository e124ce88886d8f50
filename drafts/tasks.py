"""Celery's part in the draft machine."""

from celery import shared_task

from drafts import discarding
from drafts.deploying import handover


@shared_task(name="drafts.tasks.sweep")
def sweep() -> None:
    """Finish what a crash left half deployed, and discard what belonged to drafts that are gone."""
    handover.sweep()
    discarding.sweep()
