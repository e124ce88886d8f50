"""A deploy that PostgreSQL ends so that others can go on is carried out again."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import TYPE_CHECKING

import pytest
from django.db import OperationalError, connection, connections, transaction

from common import deadlocks
from drafts import creating, editing, entities
from drafts.deploying import deploy
from drafts.models import Release
from tests.support.pausing import done_or_waiting
from workspaces.models import User

if TYPE_CHECKING:
    from concurrent.futures import Future
    from uuid import UUID

    from drafts.draft import Draft
    from tests.drafts.notes import NoteDraft
    from workspaces.access import Actor

pytestmark = pytest.mark.django_db(transaction=True)


def hold(actor: Actor) -> None:
    """Hold a row that a deploy has no need of."""
    assert actor.user is not None
    User.objects.select_for_update().get(pk=actor.user.pk)


def hold_and_take(actor: Actor, entity_id: UUID, holds: Event) -> None:
    """Hold that row, and then want the entity. PostgreSQL looks so late whether that may go on for
    ever that of two it is the other that is ended."""
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL deadlock_timeout = '10min'")
            hold(actor)
            holds.set()
            entities.lock(entity_id)
    finally:
        connections.close_all()


def test_a_deploy_that_a_deadlock_ended_is_made_once(
    notes: NoteDraft, alice: Actor, draft: Draft, caplog: pytest.LogCaptureFixture
) -> None:
    entity = deploy.deploy(alice, notes, draft.id).entity
    edit = creating.create_from_entity(alice, entity)
    editing.patch(alice, notes, edit.id, {"name": "Second"})
    holds = Event()
    with ThreadPoolExecutor(1) as pool:
        others: list[Future[None]] = []

        def wait_in_a_ring() -> None:
            if others:  # the second time nobody is in the way
                return
            others.append(pool.submit(hold_and_take, alice, entity.pk, holds))
            assert holds.wait(30)
            done_or_waiting(*others)
            hold(alice)

        notes.interrupts = wait_in_a_ring
        assert deploy.deploy(alice, notes, edit.id).release.number == 2
        assert others[0].result() is None
    assert "carried out again after a deadlock" in caplog.text
    assert Release.objects.count() == 2


def test_what_fails_otherwise_is_not_tried_again() -> None:
    tried = []

    def fail() -> None:
        tried.append(1)
        raise OperationalError

    with pytest.raises(OperationalError):
        deadlocks.outlasting(fail)
    assert len(tried) == 1
