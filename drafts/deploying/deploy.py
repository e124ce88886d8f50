"""Deploys drafts, exactly once each.

The draft is locked by a check-and-set, everything is written in one transaction, whose record of
the draft's id makes a second deploy find the first one's work; then the draft goes. A failure
before the commit leaves the draft editable, a crash after it is finished by the sweep.
"""

from __future__ import annotations

import logging
import time
import uuid
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import DatabaseError
from django.utils.translation import gettext as _
from pydantic import ValidationError

from common import crash
from common.database import give_back
from common.http import DATABASE_ERRORS
from common.problems import Problem, conflict, invalid, malformed
from drafts.access import address_of, open_draft, require
from drafts.deploying import releasing
from drafts.deploying.handover import hand_over, quietly_thaw, sweep
from drafts.deploying.planning import Plan, configuration_of, plan
from drafts.deploying.releasing import KeyUsedError, LiveMovedOnError, Order
from drafts.deploying.result import DeployResult, answer_of
from drafts.deploying.rollback import rollback
from drafts.draft import Status
from drafts.models import Deployment
from drafts.storage import store
from drafts.types import draft_types
from drafts.validation import Report, report
from workspaces.models import Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from drafts.address import Address
    from drafts.draft import Draft
    from drafts.types import DraftType
    from workspaces.access import Actor

__all__ = ["DeployResult", "Plan", "deploy", "plan", "rollback", "sweep"]

logger = logging.getLogger(__name__)
PATIENCE = 15.0
PAUSE = 0.1
LONGEST_KEY = 255


def deploy(
    actor: Actor,
    draft_type: DraftType[Any],
    draft_id: str,
    *,
    version: int | None = None,
    live: int | None = None,
    idempotency_key: str = "",
) -> DeployResult:
    """Make the draft its entity's next release.

    ``version`` is that of the draft that the caller looked at, ``live`` the number of the release
    it was compared with, where that is not the one that the draft started from; 409 when the draft
    or what is live has moved on from there, the latter with a new plan. The same draft or
    ``idempotency_key`` again gives the same answer; a call beside another one waits for its answer.
    422 with the report of what is wrong, 503 when it failed and the draft is kept.
    """
    require(actor, Role.EDITOR)
    if len(idempotency_key) > LONGEST_KEY or "\0" in idempotency_key:
        raise malformed(_("The idempotency key is too long, or holds a NUL character."))
    attempt = _Attempt(actor, draft_type, draft_id, version, live, idempotency_key)
    deadline = time.monotonic() + PATIENCE
    while True:
        result = attempt.earlier_answer() or attempt.carry_out()
        if result is not None:
            return result
        if time.monotonic() > deadline:
            raise conflict(_("This draft is being deployed. Look again in a moment."))
        _wait()


def _wait() -> None:
    """Pause without holding a database connection that the one ahead of us may need."""
    give_back()
    time.sleep(PAUSE)


@dataclass
class _Attempt:
    actor: Actor
    draft_type: DraftType[Any]
    draft_id: str
    version: int | None
    live: int | None
    idempotency_key: str
    base_seen: int | None = None
    looked: bool = False

    @property
    def address(self) -> Address:
        return address_of(self.actor, self.draft_type, self.draft_id)

    def earlier_answer(self) -> DeployResult | None:
        """The answer of the deploy that already happened."""
        rows = Deployment.objects.filter(workspace_id=self.actor.workspace_id)
        rows = rows.select_related("entity__workspace", "release")
        row = rows.filter(draft_id=self.draft_id, entity__kind=self.draft_type.kind).first()
        if row is None and self.idempotency_key:
            row = rows.filter(idempotency_key=self.idempotency_key).first()
            if row is not None:
                raise key_used()
        if row is None:
            return None
        if row.handed_over_at is None:
            hand_over(row)
        return answer_of(row)

    def carry_out(self) -> DeployResult | None:
        """Deploy; None when somebody else is at it or has just changed the draft."""
        try:
            draft = open_draft(self.actor, self.draft_type, self.draft_id)
        except Problem:
            earlier = self.earlier_answer()  # somebody finished just after we looked
            if earlier is None:
                raise
            return earlier
        if self.version not in (None, draft.version):
            raise self.moved_on(draft.version)
        self.refuse_if_rebased(draft)
        if draft.status == Status.DEPLOYING:
            return None
        configuration = _ready(draft, self.actor)
        token = uuid.uuid4().hex
        if store.freeze(self.address, draft.version, token) != "OK":
            return None
        crash.point("deploy.frozen")
        order = Order(
            actor=self.actor,
            draft_type=self.draft_type,
            entity_id=draft.target_id,
            configuration=configuration,
            origin=draft,
            draft_id=self.draft_id,
            draft_version=draft.version,
            base=self._base_of(draft),
            idempotency_key=self.idempotency_key,
        )
        with _preserving(self.actor, draft, self.address, token):
            deployment = releasing.make(order, lambda: store.holds(self.address, token))
        hand_over(deployment)
        return answer_of(deployment)

    def _base_of(self, draft: Draft) -> int | None:
        """The release that must still be live; None for a draft of nothing live."""
        if draft.base_version is None:
            return None
        return self.live or draft.base_version

    def moved_on(self, version: int) -> Problem:
        detail = _("The draft has changed since you looked at it. Nothing was deployed.")
        return conflict(detail, version=version)

    def refuse_if_rebased(self, draft: Draft) -> None:
        """While this call waited, the one before it may have been told that live has moved on."""
        if self.looked and self.base_seen != draft.base_version:
            raise _live_moved_on(self.actor, draft)
        self.looked, self.base_seen = True, draft.base_version


def _ready(draft: Draft, actor: Actor) -> Any:
    """The draft's configuration, if it may be deployed."""
    found = report(draft, actor)
    if not found.valid:
        raise not_ready(found)
    try:
        return configuration_of(draft_types.get(draft.kind), draft.data)
    except ValidationError as error:  # a validator that depends on more than the data
        raise not_ready(found) from error


def not_ready(found: Report) -> Problem:
    """422 with the report's own members."""
    return invalid(_("The draft cannot be deployed yet. Nothing was changed."), **found.as_dict())


@contextmanager
def _preserving(actor: Actor, draft: Draft, address: Address, token: str) -> Iterator[None]:
    """Whatever goes wrong inside, the draft can be edited again and says what went wrong."""
    try:
        yield
    except LiveMovedOnError as error:
        quietly_thaw(address, draft.status, draft.failure, token, error.live_version)
        raise _live_moved_on(actor, draft) from error
    except KeyUsedError as error:
        quietly_thaw(address, draft.status, draft.failure, token, None)
        raise key_used() from error
    except Problem as problem:
        quietly_thaw(address, Status.FAILED, problem.detail, token, None)
        raise problem if problem.status < 500 else failed(problem.detail) from problem  # noqa: PLR2004
    except Exception as error:
        # Whatever it was, the draft must not stay frozen.
        logger.exception("deploying %s failed", draft.id)
        quietly_thaw(address, Status.FAILED, _reason(error), token, None)
        raise failed(_reason(error)) from error


def key_used() -> Problem:
    return conflict(_("This idempotency key was used to deploy another draft."))


def _live_moved_on(actor: Actor, draft: Draft) -> Problem:
    """The plan against what is live now. The draft now starts from there: deploying it again
    carries that plan out."""
    detail = _("Another version went live meanwhile. Nothing was deployed; look at the new plan.")
    now = plan(actor, draft)
    return conflict(detail, plan=now.as_dict(), live_version=now.live_version)


def failed(details: str) -> Problem:
    return Problem(
        503,
        "Deployment failed",
        details,
        "deployment-failed",
        extra={"error": "Deployment failed", "details": details, "draft_preserved": True},
        headers={"Retry-After": "2"},
    )


def _reason(error: Exception) -> str:
    """What may be told about ``error``: never its own words, which may hold anything."""
    if isinstance(error, DATABASE_ERRORS):
        return _("The database did not answer. The draft is kept; try again.")
    if isinstance(error, DatabaseError):
        return _("The database refused the new version. The draft is kept.")
    return _("Something went wrong on our side. The draft is kept; try again.")
