"""Deploying: exactly once, all or nothing, and what was typed is never lost."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection, connections
from django.db.utils import InternalError, ProgrammingError
from django_redis import get_redis_connection

from common.problems import Problem, invalid
from drafts import creating, editing
from drafts.access import open_draft
from drafts.deploying import deploy
from drafts.entities import remove
from drafts.models import Deployment, Entity, Release
from workspaces.models import ApiKey, AuditEntry

if TYPE_CHECKING:
    from concurrent.futures import Future
    from uuid import UUID

    from drafts.draft import Draft
    from tests.drafts.notes import NoteDraft
    from workspaces.access import Actor

SECRET = "tops3cret-value"
WEB = {"deployment": {"channels": {"web": {"enabled": True}}}}


def refused(function: Any, *args: Any, **kwargs: Any) -> Problem:
    with pytest.raises(Problem) as problem:
        function(*args, **kwargs)
    return problem.value


def test_nothing_is_in_the_database_before_deploying(
    notes: NoteDraft, alice: Actor, draft: Draft
) -> None:
    editing.patch(alice, notes, draft.id, WEB)
    assert not Entity.objects.exists()
    assert not Release.objects.exists()
    assert not Deployment.objects.exists()


def test_a_draft_becomes_an_entity_with_a_release_and_a_key(
    notes: NoteDraft, alice: Actor, draft: Draft
) -> None:
    editing.patch(alice, notes, draft.id, WEB)
    result = deploy.deploy(alice, notes, draft.id)
    entity = Entity.objects.get()
    assert entity.pk == result.entity.pk == draft.target_id
    assert (entity.name, entity.slug, entity.kind) == ("First", "first", "note")
    assert entity.live_release == result.release
    assert result.release.number == 1
    assert result.release.configuration["temperature"] == 0.5
    assert result.channels == {"web": {"status": "success"}}
    assert result.api_key
    assert result.api_key.startswith("pxb_")
    key = ApiKey.objects.get()
    assert (key.scope, key.subject_id, key.workspace_id) == ("chat", entity.pk, alice.workspace_id)
    assert [name for name, _what in notes.calls] == ["released", "deployed", "discarded: deployed"]
    assert AuditEntry.objects.filter(action="note.deployed").exists()
    assert AuditEntry.objects.get(action="key.issued").details["scope"] == "chat"


def test_the_deployed_draft_is_gone_and_says_what_it_became(
    notes: NoteDraft, alice: Actor, mallory: Actor, draft: Draft
) -> None:
    deploy.deploy(alice, notes, draft.id)
    for attempt in (
        lambda: open_draft(alice, notes, draft.id),
        lambda: editing.patch(alice, notes, draft.id, {"name": "x"}),
    ):
        problem = refused(attempt)
        assert problem.status == 410
        assert problem.extra["entity_id"] == str(draft.target_id)
        assert problem.extra["url"] == f"/w/acme/notes/{draft.target_id}/"
    assert refused(open_draft, mallory, notes, draft.id).status == 404
    assert refused(deploy.deploy, mallory, notes, draft.id).status == 404
    assert editing.list_drafts(alice) == []


def test_deploying_again_gives_the_same_answer(
    notes: NoteDraft, alice: Actor, draft: Draft
) -> None:
    first = deploy.deploy(alice, notes, draft.id, idempotency_key="k")
    assert deploy.deploy(alice, notes, draft.id, idempotency_key="k") == first
    assert deploy.deploy(alice, notes, draft.id) == first
    assert (Entity.objects.count(), Release.objects.count(), ApiKey.objects.count()) == (1, 1, 1)


def test_the_key_is_told_for_an_hour_and_lies_encrypted(
    notes: NoteDraft, alice: Actor, draft: Draft
) -> None:
    redis = get_redis_connection("drafts")
    first = deploy.deploy(alice, notes, draft.id)
    name = f"deploy-answer:{draft.id}"
    assert first.api_key
    assert first.api_key.encode() not in redis.get(name)
    assert 3500 < redis.ttl(name) <= 3600
    redis.delete(name)
    later = deploy.deploy(alice, notes, draft.id)
    assert (later.entity, later.api_key) == (first.entity, None)


def test_a_key_for_another_draft_is_refused(notes: NoteDraft, alice: Actor, draft: Draft) -> None:
    deploy.deploy(alice, notes, draft.id, idempotency_key="k")
    second = creating.create(alice, notes, {"name": "S", "text": "s"})
    assert refused(deploy.deploy, alice, notes, second.id, idempotency_key="k").status == 409
    assert refused(deploy.deploy, alice, notes, second.id, idempotency_key="k" * 300).status == 400


def test_an_incomplete_draft_is_told_what_is_missing(notes: NoteDraft, alice: Actor) -> None:
    draft = creating.create(alice, notes, {"temperature": 3})
    problem = refused(deploy.deploy, alice, notes, draft.id)
    body = problem.body()
    assert problem.status == 422
    assert body["valid"] is False
    assert body["errors"] == [
        "Name is required",
        "Text is required",
        "Temperature must be between 0 and 2",
    ]
    assert body["warnings"] == ["No prompts configured"]
    assert open_draft(alice, notes, draft.id).status == "draft"


def test_only_what_was_seen_is_deployed(notes: NoteDraft, alice: Actor, draft: Draft) -> None:
    editing.patch(alice, notes, draft.id, {"count": 2})
    problem = refused(deploy.deploy, alice, notes, draft.id, version=1)
    assert (problem.status, problem.extra["version"]) == (409, 2)
    assert deploy.deploy(alice, notes, draft.id, version=2).release.number == 1


def test_a_viewer_does_not_deploy(notes: NoteDraft, vera: Actor, draft: Draft) -> None:
    assert refused(deploy.deploy, vera, notes, draft.id).status == 403


def test_a_failed_deploy_keeps_the_draft_and_says_why(
    notes: NoteDraft, alice: Actor, draft: Draft, caplog: pytest.LogCaptureFixture
) -> None:
    notes.fails = RuntimeError(f"https://api.example/bot{SECRET}/setWebhook")
    problem = refused(deploy.deploy, alice, notes, draft.id)
    body = problem.body()
    assert problem.status == 503
    assert (body["error"], body["draft_preserved"]) == ("Deployment failed", True)
    assert SECRET not in str(body)
    kept = open_draft(alice, notes, draft.id)
    assert (kept.status, kept.data) == ("failed", draft.data)
    assert kept.failure == body["details"]
    assert not Entity.objects.exists()
    assert not ApiKey.objects.exists()
    editing.patch(alice, notes, draft.id, {"count": 2})
    notes.fails = None
    assert deploy.deploy(alice, notes, draft.id).release.configuration["count"] == 2


def test_what_a_kind_refuses_in_the_deploy_is_told_as_it_is(
    notes: NoteDraft, alice: Actor, draft: Draft
) -> None:
    notes.fails = invalid("The credential is gone.")
    assert refused(deploy.deploy, alice, notes, draft.id).status == 422
    kept = open_draft(alice, notes, draft.id)
    assert (kept.status, kept.failure) == ("failed", "The credential is gone.")
    editing.patch(alice, notes, draft.id, {"name": "First"})
    assert open_draft(alice, notes, draft.id).status == "failed"  # nothing was changed
    editing.patch(alice, notes, draft.id, {"name": "Second"})
    changed = open_draft(alice, notes, draft.id)
    assert (changed.status, changed.failure) == ("draft", "")


def test_an_address_that_is_taken_gets_a_tail(notes: NoteDraft, alice: Actor) -> None:
    drafts = [creating.create(alice, notes, {"name": "Same", "text": "t"}) for _n in range(3)]
    slugs = [deploy.deploy(alice, notes, draft.id).entity.slug for draft in drafts]
    assert slugs[0] == "same"
    assert len(set(slugs)) == 3
    assert all(slug.startswith("same") for slug in slugs)
    nameless = creating.create(alice, notes, {"name": "名前", "text": "t"})
    assert deploy.deploy(alice, notes, nameless.id).entity.slug.startswith("assistant-")


def deployed(notes: NoteDraft, alice: Actor, draft: Draft) -> Entity:
    return deploy.deploy(alice, notes, draft.id).entity


def test_a_live_entity_is_edited_through_a_new_draft(
    notes: NoteDraft, alice: Actor, draft: Draft
) -> None:
    entity = deployed(notes, alice, draft)
    edit = creating.create_from_entity(alice, entity)
    assert (edit.entity_id, edit.base_version) == (entity.pk, 1)
    editing.patch(alice, notes, edit.id, {"name": "Second", "sections": {"a": None}})
    result = deploy.deploy(alice, notes, edit.id)
    assert (result.release.number, result.api_key) == (2, None)
    assert Entity.objects.get().name == "Second"
    assert Entity.objects.get().slug == "first"
    assert Release.objects.get(number=1).configuration["name"] == "First"


def test_a_draft_of_an_older_version_is_told_the_new_plan_and_then_deployed(
    notes: NoteDraft, alice: Actor, bob: Actor, draft: Draft
) -> None:
    entity = deployed(notes, alice, draft)
    mine, theirs = (creating.create_from_entity(who, entity) for who in (alice, bob))
    editing.patch(bob, notes, theirs.id, {"name": "Bob's"})
    deploy.deploy(bob, notes, theirs.id)
    editing.patch(alice, notes, mine.id, {"count": 7})
    problem = refused(deploy.deploy, alice, notes, mine.id)
    assert problem.status == 409
    assert problem.extra["live_version"] == 2
    changes = {change["path"]: change for change in problem.extra["plan"]["changes"]}
    assert changes == {
        "data.name": {"path": "data.name", "from": "Bob's", "to": "First"},
        "data.count": {"path": "data.count", "from": 1, "to": 7},
    }
    assert open_draft(alice, notes, mine.id).status == "draft"
    assert Release.objects.count() == 2
    assert deploy.deploy(alice, notes, mine.id).release.number == 3


def test_the_draft_of_a_deleted_entity_is_not_deployed(
    notes: NoteDraft, alice: Actor, draft: Draft
) -> None:
    entity = deployed(notes, alice, draft)
    edit = creating.create_from_entity(alice, entity)
    entity.delete()
    assert refused(deploy.deploy, alice, notes, edit.id).status == 409
    assert deploy.deploy(alice, notes, creating.duplicate(alice, notes, edit.id).id)


def test_mallory_gets_no_draft_of_a_foreign_entity(
    notes: NoteDraft, alice: Actor, mallory: Actor, draft: Draft
) -> None:
    entity = deployed(notes, alice, draft)
    assert refused(creating.create_from_entity, mallory, entity).status == 404
    assert refused(deploy.rollback, mallory, entity, 1).status == 404


def test_the_plan_of_a_new_draft_is_everything_in_it(
    notes: NoteDraft, alice: Actor, draft: Draft
) -> None:
    editing.patch(alice, notes, draft.id, WEB)
    planned = deploy.plan(alice, open_draft(alice, notes, draft.id))
    places = {change.path: change.after for change in planned.changes}
    assert places["name"] == "First"
    assert [section["id"] for section in places["sections"]] == ["a", "b"]
    assert [(channel.type, channel.action) for channel in planned.channels] == [("web", "register")]
    assert planned.breaking == ()


def test_the_plan_of_an_edit_is_the_difference(
    notes: NoteDraft, alice: Actor, draft: Draft
) -> None:
    both = {"web": {"enabled": True}, "bot": {"enabled": True}}
    editing.patch(alice, notes, draft.id, {"deployment": {"channels": both}})
    entity = deployed(notes, alice, draft)
    edit = creating.create_from_entity(alice, entity)
    assert deploy.plan(alice, edit).changes == ()
    editing.patch(
        alice,
        notes,
        edit.id,
        {
            "sections": {"a": {"text": "New"}, "b": None, "c": {}},
            "look": {"title": None},
            "deployment": {
                "channels": {"bot": {"enabled": False}, "web": {"config": {"domains": ["x.org"]}}}
            },
        },
    )
    planned = deploy.plan(alice, open_draft(alice, notes, edit.id))
    places = {change.path: (change.before, change.after) for change in planned.changes}
    assert places["sections.a.text"] == ("A", "New")
    assert places["sections.b"][1] is None
    assert places["sections.c"][0] is None
    assert places["look.title"] == ("T", "")
    actions = {channel.type: channel.action for channel in planned.channels}
    assert actions == {"web": "update", "bot": "remove"}
    assert len(planned.breaking) == 1


def test_an_incomplete_draft_has_a_plan_too(notes: NoteDraft, alice: Actor, draft: Draft) -> None:
    edit = creating.create_from_entity(alice, deployed(notes, alice, draft))
    editing.patch(alice, notes, edit.id, {"name": None, "count": 5})
    planned = deploy.plan(alice, open_draft(alice, notes, edit.id))
    places = {change.path: (change.before, change.after) for change in planned.changes}
    assert places == {"name": ("First", None), "count": (1, 5)}


def test_an_old_version_comes_back_as_a_new_one(
    notes: NoteDraft, alice: Actor, draft: Draft
) -> None:
    entity = deployed(notes, alice, draft)
    edit = creating.create_from_entity(alice, entity)
    editing.patch(alice, notes, edit.id, {"name": "Second"})
    deploy.deploy(alice, notes, edit.id)
    result = deploy.rollback(alice, entity, 1)
    assert AuditEntry.objects.filter(action="note.rolled_back").exists()
    assert (result.release.number, result.api_key) == (3, None)
    assert Entity.objects.get().name == "First"
    assert notes.calls[-1] == ("deployed", str(entity.pk))
    assert refused(deploy.rollback, alice, entity, 3).status == 409
    assert refused(deploy.rollback, alice, entity, 99).status == 404


def test_a_release_is_never_changed(notes: NoteDraft, alice: Actor, draft: Draft) -> None:
    release = deploy.deploy(alice, notes, draft.id).release
    with pytest.raises((InternalError, ProgrammingError)):
        Release.objects.filter(pk=release.pk).update(note="changed")


def in_thread(function: Any, *args: Any, **kwargs: Any) -> Any:
    try:
        return function(*args, **kwargs)
    except Problem as problem:
        return problem
    finally:
        connections.close_all()


@pytest.mark.django_db(transaction=True)
def test_two_deploys_at_once_give_one_answer(notes: NoteDraft, alice: Actor, draft: Draft) -> None:
    with ThreadPoolExecutor(2) as pool:
        calls = [
            pool.submit(in_thread, deploy.deploy, alice, notes, draft.id, idempotency_key=key)
            for key in ("a", "b")
        ]
        first, second = (call.result() for call in calls)
    assert first == second
    assert Release.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_hundred_deploys_at_once_make_one_of_everything(
    notes: NoteDraft, alice: Actor, draft: Draft
) -> None:
    with ThreadPoolExecutor(100) as pool:
        calls = [pool.submit(in_thread, deploy.deploy, alice, notes, draft.id) for _n in range(100)]
        answers = [call.result() for call in calls]
    assert [answer for answer in answers if isinstance(answer, Problem)] == []
    assert len({(a.entity.pk, a.release.pk, a.api_key) for a in answers}) == 1
    counts = (Entity.objects.count(), Release.objects.count(), ApiKey.objects.count())
    assert counts == (1, 1, 1)
    assert len([name for name, _what in notes.calls if name == "released"]) == 1


@pytest.mark.django_db(transaction=True)
def test_two_edits_of_one_entity_do_not_both_go_live(
    notes: NoteDraft, alice: Actor, draft: Draft
) -> None:
    entity = deployed(notes, alice, draft)
    edits = [creating.create_from_entity(alice, entity) for _n in range(2)]
    with ThreadPoolExecutor(2) as pool:
        calls = [pool.submit(in_thread, deploy.deploy, alice, notes, edit.id) for edit in edits]
        answers = [call.result() for call in calls]
    problems = [answer for answer in answers if isinstance(answer, Problem)]
    assert [problem.status for problem in problems] == [409]
    assert Release.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_one_key_for_two_drafts_at_once_is_told_as_in_sequence(
    notes: NoteDraft, alice: Actor, draft: Draft
) -> None:
    other = creating.create(alice, notes, {"name": "Other", "text": "t"})
    both_write = Barrier(2, timeout=10)

    def wait_for_the_other() -> None:
        both_write.wait()

    notes.interrupts = wait_for_the_other
    with ThreadPoolExecutor(2) as pool:
        calls = [
            pool.submit(in_thread, deploy.deploy, alice, notes, each.id, idempotency_key="k")
            for each in (draft, other)
        ]
        answers = [call.result() for call in calls]
    notes.interrupts = None
    (problem,) = [answer for answer in answers if isinstance(answer, Problem)]
    assert problem.status == 409
    left = open_draft(alice, notes, (draft, other)[answers.index(problem)].id)
    again = refused(deploy.deploy, alice, notes, left.id, idempotency_key="k")
    assert (again.status, again.detail) == (409, problem.detail)
    assert (left.status, left.failure) == ("draft", "")
    assert deploy.deploy(alice, notes, left.id).release.number == 1


@pytest.mark.django_db(transaction=True)
def test_deleting_waits_for_a_deploy_and_takes_its_release_along(
    notes: NoteDraft, alice: Actor, draft: Draft
) -> None:
    entity = deployed(notes, alice, draft)
    edit = creating.create_from_entity(alice, entity)
    with ThreadPoolExecutor(2) as pool:
        removing: list[Future[Any]] = []

        def remove_meanwhile() -> None:
            removing.append(pool.submit(in_thread, remove, alice, entity))
            time.sleep(0.5)

        notes.interrupts = remove_meanwhile
        assert in_thread(deploy.deploy, alice, notes, edit.id).release.number == 2
        assert removing[0].result() is None
    assert not Entity.objects.exists()
    assert not Release.objects.exists()
    assert refused(remove, alice, entity).status == 404


@pytest.mark.django_db(transaction=True)
def test_a_deploy_that_comes_after_the_deletion_says_so(
    notes: NoteDraft, alice: Actor, draft: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    entity = deployed(notes, alice, draft)
    edit = creating.create_from_entity(alice, entity)
    with ThreadPoolExecutor(2) as pool:
        deploying: list[Future[Any]] = []

        def deploy_meanwhile(_entity_id: UUID) -> None:
            deploying.append(pool.submit(in_thread, deploy.deploy, alice, notes, edit.id))
            time.sleep(0.5)

        monkeypatch.setattr(notes, "entity_removed", deploy_meanwhile)
        assert in_thread(remove, alice, entity) is None
        assert deploying[0].result().status == 409
    assert not Entity.objects.exists()
    assert open_draft(alice, notes, edit.id).data["name"] == "First"


@pytest.mark.django_db(transaction=True)
def test_a_database_that_goes_away_keeps_the_draft(
    notes: NoteDraft, alice: Actor, draft: Draft
) -> None:
    def pull_the_plug() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    notes.interrupts = pull_the_plug
    problem = refused(deploy.deploy, alice, notes, draft.id)
    connection.close()
    assert (problem.status, problem.body()["draft_preserved"]) == (503, True)
    assert "pg_terminate" not in str(problem.body())
    assert open_draft(alice, notes, draft.id).status == "failed"
    notes.interrupts = None
    assert deploy.deploy(alice, notes, draft.id).release.number == 1
