"""From what a release asks for to what is live: once, in spite of failures and crashes."""

from __future__ import annotations

import threading
import time
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import IntegrityError, connections, transaction
from django.utils import timezone

from channels_deploy import by_hand, connecting, told
from channels_deploy.channels import CHANNELS, find
from channels_deploy.models import Connection
from common.problems import Problem
from tests.channels_deploy.bell import Bell, Service
from tests.conversations.conftest import deployed
from workspaces.models import User

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.test import Client

    from channels_deploy.channel import Channel
    from drafts.models import Entity
    from privexbot.embedded.children import Child
    from workspaces.models import Workspace

Status = Connection.Status
WEBSITE = {"website": {"widget_position": "bottom-right", "allowed_domains": ["shop.example"]}}


@pytest.fixture
def service() -> Iterator[Service]:
    with Service() as service:
        yield service


@pytest.fixture
def entity(acme: Workspace) -> Entity:
    return deployed(acme)


def waiting(entity: Entity) -> Connection:
    """A connection to the bell as a deploy leaves it."""
    return Connection.objects.create(entity=entity, channel="bell")


def attempt(row: Connection, service: Service) -> int | None:
    """One attempt to connect ``row``, which is then read anew."""

    def found(name: str) -> Channel | None:
        return Bell(service) if name == "bell" else find(name)

    again = connecting.attempt(row.pk, found)
    if Connection.objects.filter(pk=row.pk).exists():
        row.refresh_from_db()
    return again


@pytest.mark.django_db
def test_the_website_is_live_with_the_deploy_itself(entity: Entity) -> None:
    connecting.sync(entity, WEBSITE)
    row = entity.connections.get()
    assert (row.status, row.enabled, row.config) == (Status.SUCCESS, True, WEBSITE["website"])
    assert row.public_key.startswith("pk_")


@pytest.mark.django_db
def test_a_deploy_that_fails_leaves_nothing(entity: Entity) -> None:
    def fail() -> None:
        with transaction.atomic():
            connecting.sync(entity, WEBSITE)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert not entity.connections.exists()


@pytest.mark.django_db
def test_the_key_stays_the_same_over_releases(entity: Entity) -> None:
    connecting.sync(entity, WEBSITE)
    before = entity.connections.get()
    connecting.sync(entity, {"website": {"allowed_domains": ["other.example"]}})
    connecting.sync(entity, {})
    off = entity.connections.get()
    assert (off.status, off.enabled) == (Status.DISABLED, False)
    connecting.sync(entity, WEBSITE)
    after = entity.connections.get()
    assert (after.pk, after.public_key, after.status) == (
        before.pk,
        before.public_key,
        Status.SUCCESS,
    )


@pytest.mark.django_db
def test_what_did_not_change_is_not_connected_again(entity: Entity, service: Service) -> None:
    row = waiting(entity)
    attempt(row, service)
    connecting.sync(entity, {"bell": {}})
    row.refresh_from_db()
    assert row.status == Status.SUCCESS


@pytest.mark.django_db
def test_channels_that_this_version_cannot_connect_say_so(entity: Entity) -> None:
    connecting.sync(entity, {**WEBSITE, "fax": {}})
    results = told.results(entity)
    assert list(results) == ["website", "fax"]
    assert results["fax"]["status"] == "disabled"
    assert "This version cannot connect fax" in results["fax"]["error"]
    with pytest.raises(Problem) as refused:
        by_hand.retry(entity, "fax")
    assert refused.value.status == 409
    names = {channel.name for channel in CHANNELS}
    assert names == {"website", "telegram", "discord", "whatsapp", "zapier"}


@pytest.mark.django_db
def test_a_channel_that_only_another_version_knows_comes_last(entity: Entity) -> None:
    connecting.sync(entity, {"fax": {}, **WEBSITE, "telegram": {}})
    results = told.results(entity)
    assert list(results) == ["website", "telegram", "fax"]
    assert results["fax"]["status"] == "disabled"


@pytest.mark.django_db
def test_connecting_keeps_what_the_service_answered(entity: Entity, service: Service) -> None:
    row = waiting(entity)
    assert attempt(row, service) is None
    assert (row.status, row.facts, row.lease_until) == (Status.SUCCESS, {"tone": "high"}, None)
    assert service.asked == [f"POST /{row.path}"]
    assert attempt(row, service) is None
    assert len(service.asked) == 1


@pytest.mark.django_db
def test_a_passing_failure_is_tried_again_later(entity: Entity, service: Service) -> None:
    service.statuses = [502, 502]
    row = waiting(entity)
    assert attempt(row, service) == 2
    assert (row.status, row.error, row.attempts) == (Status.PENDING, "The bell said 502.", 1)
    assert row.next_attempt_at == row.lease_until
    # Nobody tries before the time.
    assert attempt(row, service) is None
    assert len(service.asked) == 1
    assert connecting.sweep() == 0
    for delay in (4, None):
        Connection.objects.update(lease_until=timezone.now())
        assert attempt(row, service) == delay
    assert (row.status, row.error, row.attempts) == (Status.SUCCESS, "", 0)


@pytest.mark.django_db
def test_a_refusal_is_final_until_somebody_tries_again(entity: Entity, service: Service) -> None:
    service.statuses = [401]
    row = waiting(entity)
    assert attempt(row, service) is None
    assert (row.status, row.error) == (Status.ERROR, "The bell said 401.")
    assert connecting.sweep() == 0


@pytest.mark.django_db
def test_it_is_tried_eight_times_each_wait_twice_the_one_before(
    entity: Entity, service: Service
) -> None:
    service.statuses = [502] * 8
    row, waits = waiting(entity), []
    while (wait := attempt(row, service)) is not None:
        waits.append(wait)
        Connection.objects.update(lease_until=None)
    usual = [2, 4, 8, 16, 32, 64, 128]
    assert [least <= wait <= least * 1.1 for least, wait in zip(usual, waits, strict=True)] == [
        True
    ] * 7
    assert (row.status, len(service.asked)) == (Status.ERROR, 8)


@pytest.mark.django_db
def test_dying_for_ever_ends_too(entity: Entity, service: Service) -> None:
    """A worker that is killed each time leaves nothing but the count of its attempts."""
    row = waiting(entity)
    Connection.objects.update(attempts=connecting.MOST_ATTEMPTS)
    attempt(row, service)
    assert (row.status, service.asked) == (Status.ERROR, [])


@pytest.mark.django_db
def test_a_dead_workers_lease_runs_out(entity: Entity, service: Service) -> None:
    row = waiting(entity)
    Connection.objects.update(lease_until=timezone.now() + timedelta(seconds=100))
    assert attempt(row, service) is None
    assert service.asked == []
    Connection.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    attempt(row, service)
    assert row.status == Status.SUCCESS


@pytest.mark.django_db
def test_a_release_in_the_meantime_is_carried_out_next(entity: Entity, service: Service) -> None:
    """By the same worker: another one waits, or the service might hear the last word first."""
    row, others = waiting(entity), []

    def another_release() -> None:
        service.meanwhile = None
        Connection.objects.filter(pk=row.pk).update(enabled=False, lease_until=None)
        others.append(connecting.attempt(row.pk, lambda _name: Bell(service)))

    service.meanwhile = another_release
    attempt(row, service)
    assert (row.status, row.facts, others) == (Status.DISABLED, {}, [None])
    assert service.asked == [f"POST /{row.path}", f"DELETE /{row.path}"]


@pytest.mark.django_db(transaction=True)
def test_several_workers_connect_once(entity: Entity, service: Service) -> None:
    row = waiting(entity)

    def work() -> None:
        connecting.attempt(row.pk, lambda _name: Bell(service))
        connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(service.asked) == 1


@pytest.mark.django_db
def test_switching_off_withdraws(entity: Entity, service: Service) -> None:
    row = waiting(entity)
    attempt(row, service)
    Connection.objects.update(enabled=False, status=Status.PENDING)
    attempt(row, service)
    assert (row.status, row.enabled) == (Status.DISABLED, False)
    assert service.asked[-1] == f"DELETE /{row.path}"


@pytest.mark.django_db
def test_what_an_entity_set_up_is_undone_after_it_is_gone(entity: Entity, service: Service) -> None:
    row = waiting(entity)
    attempt(row, service)
    connecting.sync(entity, {**WEBSITE, "bell": {}})
    Connection.objects.filter(pk=row.pk).update(entity=None, enabled=False, status=Status.PENDING)
    connecting.withdraw(entity.pk)
    entity.delete()
    assert list(Connection.objects.all()) == [row]
    attempt(row, service)
    assert service.asked[-1] == f"DELETE /{row.path}"
    assert not Connection.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("status", [Status.SUCCESS, Status.ERROR])
def test_what_cannot_be_undone_after_the_entity_is_gone_is_forgotten(
    entity: Entity, service: Service, status: str
) -> None:
    """Nobody could try it again, and a credential would be kept for ever."""
    row = waiting(entity)
    attempt(row, service)
    gone = Connection.objects.filter(pk=row.pk)
    gone.update(entity=None, status=status, attempts=connecting.MOST_ATTEMPTS)
    assert connecting.sweep() == 1
    gone.update(attempts=connecting.MOST_ATTEMPTS - 1)
    service.statuses = [503]
    attempt(row, service)
    assert not gone.exists()


@pytest.mark.django_db
def test_what_a_deleted_workspace_leaves_is_cleared_away(entity: Entity, service: Service) -> None:
    bell = waiting(entity)
    attempt(bell, service)
    connecting.sync(entity, {**WEBSITE, "bell": {}})
    entity.workspace.delete()
    assert Connection.objects.filter(entity=None).count() == 2
    assert connecting.sweep() == 2
    for row in Connection.objects.all():
        attempt(row, service)
    assert service.asked[-1] == f"DELETE /{bell.path}"
    assert not Connection.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_sweep_finishes_what_a_crash_left(entity: Entity, worker: Child) -> None:
    """As after a kill between the commit and the hand-over: the row waits, nobody was woken."""
    row = Connection.objects.create(entity=entity, channel="website", config=WEBSITE["website"])
    assert worker.alive
    assert connecting.sweep() == 1
    _until_live(row)


@pytest.mark.django_db(transaction=True)
def test_waking_hands_over_to_a_worker(entity: Entity, worker: Child) -> None:
    row = Connection.objects.create(entity=entity, channel="website")
    assert worker.alive
    connecting.wake(entity)
    _until_live(row)


def _until_live(row: Connection) -> None:
    deadline = time.monotonic() + 30
    while row.status != Status.SUCCESS and time.monotonic() < deadline:
        time.sleep(0.05)
        row.refresh_from_db()
    assert row.status == Status.SUCCESS


@pytest.mark.django_db
def test_retrying_asks_for_what_there_is(entity: Entity) -> None:
    with pytest.raises(LookupError):
        by_hand.retry(entity, "website")
    connecting.sync(entity, WEBSITE)
    by_hand.retry(entity, "website")
    assert told.results(entity)["website"]["status"] == "success"
    connecting.sync(entity, {})
    with pytest.raises(Problem) as off:
        by_hand.retry(entity, "website")
    assert off.value.status == 409


@pytest.mark.django_db
def test_a_live_connection_is_switched_on(entity: Entity) -> None:
    with pytest.raises(IntegrityError):
        Connection.objects.create(
            entity=entity, channel="website", status=Status.SUCCESS, enabled=False
        )


@pytest.mark.django_db
def test_the_admin_shows_connections_without_secrets(entity: Entity, client: Client) -> None:
    connecting.sync(entity, WEBSITE)
    row = entity.connections.get()
    row.identity_seed = "seed-of-a-secret"
    row.save()
    client.force_login(User.objects.create_superuser("root@example.com", "secret"))
    listed = client.get("/admin/channels_deploy/connection/?q=helper")
    assert listed.status_code == 200
    assert b"website" in listed.content
    shown = client.get(f"/admin/channels_deploy/connection/{row.pk}/change/")
    assert shown.status_code == 200
    assert row.identity_secret.encode() not in shown.content
    assert row.identity_seed.encode() not in shown.content
    assert row.path.encode() not in shown.content
    chosen = {"action": "connect_again", "_selected_action": [str(row.pk)]}
    done = client.post("/admin/channels_deploy/connection/", chosen, follow=True)
    assert b"1 connection is tried." in done.content
