"""A deploy that PostgreSQL ends so that others can go on is carried out again."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import TYPE_CHECKING

import pytest
from django.db import OperationalError, connection, connections, transaction

from common import deadlocks
from common.problems import Problem
from drafts import creating, editing, entities
from drafts.deploying import deploy
from drafts.models import Release
from tests.support.pausing import done_or_waiting
from workspaces import founding
from workspaces.models import User, Workspace

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


def take_like_a_deploy(actor: Actor, entity_id: UUID, holds: Event, goes_on: Event) -> None:
    """Hold the entity, and then want its workspace, as who writes a row that refers to it does."""
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL deadlock_timeout = '10min'")
            entities.lock(entity_id)
            holds.set()
            assert goes_on.wait(30)
            Workspace.objects.select_for_update(no_key=True).filter(pk=actor.workspace_id).first()
    finally:
        connections.close_all()


def test_a_workspace_goes_though_a_deploy_was_in_the_way(
    notes: NoteDraft, alice: Actor, draft: Draft, caplog: pytest.LogCaptureFixture
) -> None:
    entity = deploy.deploy(alice, notes, draft.id).entity
    holds, goes_on = Event(), Event()
    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(take_like_a_deploy, alice, entity.pk, holds, goes_on)

        def wait_in_a_ring(_workspace: Workspace) -> None:
            assert holds.wait(30)
            goes_on.set()
            done_or_waiting(other)

        with founding.workspace_cleaners.temporarily("test", wait_in_a_ring):
            founding.delete(alice)
        assert other.result() is None
    assert "carried out again after a deadlock" in caplog.text
    assert not Workspace.objects.filter(pk=alice.workspace_id).exists()


def test_what_is_deployed_into_a_workspace_that_goes_is_refused(
    notes: NoteDraft, alice: Actor, draft: Draft
) -> None:
    def delete() -> None:
        try:
            founding.delete(alice)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        notes.interrupts = lambda: done_or_waiting(pool.submit(delete))
        with pytest.raises(Problem) as refused:
            deploy.deploy(alice, notes, draft.id)
    assert refused.value.status == 409
    assert not Workspace.objects.filter(pk=alice.workspace_id).exists()
    assert not Release.objects.exists()


def test_what_fails_otherwise_is_not_tried_again() -> None:
    tried = []

    def fail() -> None:
        tried.append(1)
        raise OperationalError

    with pytest.raises(OperationalError):
        deadlocks.outlasting(fail)
    assert len(tried) == 1
