"""Runs what has to be known of a draft's test cases before it is deployed."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from chatflows.cases import batch
from chatflows.cases.told import told
from common.problems import Problem

if TYPE_CHECKING:
    from drafts.draft import Draft
    from workspaces.access import Actor


def run_unrun(actor: Actor, draft: Draft) -> None:
    """Have those played of which it is not known what would come of them now. Nothing where there
    are none, or some are being played; 429 when the server's model has done as much for the
    workspace as it may."""
    found = told(draft)
    if found.is_running or not found.unrun_ids:
        return
    try:
        batch.begin(actor, draft, found.unrun_ids)
    except Problem as problem:
        if problem.status != HTTPStatus.CONFLICT:  # another window has just had them played
            raise
