"""The builder's menus over HTTP: making, undoing, history, moving a draft about, deploying."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import InterfaceError, OperationalError
from django.test import Client
from psycopg_pool import PoolTimeout

from drafts import creating, editing
from drafts.builder import shown_once
from drafts.deploying import deploy
from drafts.models import Deployment, Entity
from tests.builder.kinds import Machine
from tests.builder.screen import state
from tests.support.people import signed_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.builder.screen import Screen
    from workspaces.access import Actor

    Open = Callable[[Actor], Screen]

PAGES = ("", "basics/", "history/", "problems/", "variables/", "plan/", "export/")
# What ``int`` refuses although it is digits, and what is more than can be stored.
NUMBERS = pytest.mark.parametrize(
    "number", ["\u00b2", "9" * 30, "9" * 5000], ids=["superscript", "large", "long"]
)
ACTIONS = ("undo/", "redo/", "restore/", "touch/", "abandon/", "duplicate/", "deploy-now/")


def test_a_draft_starts_blank_or_from_a_template(alice: Actor, machine: Machine) -> None:
    client = signed_in(Client(), alice)
    assert "A quick one" in client.get("/w/acme/machines/draft/").content.decode()
    blank = client.post("/w/acme/machines/draft/", follow=True)
    assert blank.redirect_chain[-1][0].endswith("/basics/")
    client.post("/w/acme/machines/draft/", {"template": "quick"})
    assert {draft.name for draft in editing.list_drafts(alice, machine)} == {"", "Quick"}
    assert client.post("/w/acme/machines/draft/", {"template": "no"}).status_code == 404


def test_opening_leads_to_the_first_step_that_blocks(screen: Open, alice: Actor) -> None:
    mine = screen(alice)
    assert mine.get("")["Location"].endswith("/basics/")
    mine.patch(alice, {"prompt": ""})
    assert mine.get("")["Location"].endswith("/prompt/")


def test_undo_and_redo_say_what_changed(screen: Open, alice: Actor) -> None:
    mine = screen(alice)
    mine.save(name="Robbie")
    undone = state(mine.act("undo/", patch_id="u", _since=mine.version))
    assert undone["values"]["name"] == "Robot"
    assert (undone["undo"], undone["redo"]) == (False, True)
    redone = state(mine.act("redo/", patch_id="r", _since=mine.version))
    assert redone["values"]["name"] == "Robbie"
    assert mine.act("redo/", patch_id="s").status_code == 409


def test_an_undo_that_is_sent_again_names_no_other_change(screen: Open, alice: Actor) -> None:
    mine = screen(alice)
    mine.save(name="Robbie")
    mine.save(notes="new", patch_id="q")
    first = state(mine.act("undo/", patch_id="u", _since=mine.version))
    assert first["done"]["path"] == "notes"
    again = state(mine.act("undo/", patch_id="u", _since=mine.version))
    assert again["done"].get("path") is None
    assert mine.data["name"] == "Robbie"


def test_a_problem_leads_to_an_item_whatever_it_is_called(screen: Open, alice: Actor) -> None:
    mine = screen(alice)
    mine.patch(alice, {"places": {"a&b#1": {"label": "Up"}}})
    listed = mine.get("problems/", part=True).content.decode()
    assert "/places/?focus=places.a%26b%231.name" in listed


def test_an_item_with_a_dot_in_its_name_is_refused_in_the_words_of_the_form(
    screen: Open, alice: Actor
) -> None:
    refused = screen(alice).act("places/", _op="add:places:a.b", patch_id="d")
    assert refused.status_code == 422
    assert "Leave out the dot." in refused.content.decode()


def test_changes_are_told_with_who_made_them(screen: Open, alice: Actor, bob: Actor) -> None:
    mine = screen(alice)
    since = mine.version
    mine.patch(bob, {"name": "Bender", "places": {"attic": {"label": "Up"}}})
    mine.patch(alice, {"mode": "fast"})
    told = mine.get("changes/", since=str(since)).json()
    assert told["version"] == mine.version
    assert told["values"]["name"] == "Bender"
    assert told["by"]["name"] == bob.label
    assert told["by"]["mode"] == "you, elsewhere"
    assert told["lists"] == ["places"]
    assert mine.get("changes/", since=str(mine.version)).json()["values"] == {}
    assert mine.get("changes/", since="x").status_code == 404


def test_what_is_saved_meanwhile_is_not_told_with_the_value_before(
    screen: Open, alice: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page would show it over what it has just saved itself, and save it again."""
    mine, look = screen(alice), editing.changes_since
    since = mine.version

    def later(*asked: Any) -> Any:
        mine.patch(alice, {"notes": "newer"})
        return look(*asked)

    monkeypatch.setattr(editing, "changes_since", later)
    told = mine.get("changes/", since=str(since)).json()
    assert told["values"] == {"notes": "newer"}
    assert told["version"] == mine.version


def test_history_leads_back(screen: Open, alice: Actor) -> None:
    mine = screen(alice)
    mine.save(name="Robbie")
    mine.save(name="Bender", patch_id="q")
    assert "Changed Name" in mine.get("history/", part=True).content.decode()
    restored = state(mine.act("restore/", version="2", patch_id="h", _since=mine.version))
    assert restored["values"]["name"] == "Robbie"
    assert restored["done"] == {"words": "The draft is as it was in version 2."}
    assert mine.act("restore/", version="99", patch_id="i").status_code == 422


@NUMBERS
def test_what_is_no_version_is_none(screen: Open, alice: Actor, number: str) -> None:
    mine = screen(alice)
    saved = mine.client.post(
        mine.base + "basics/",
        {"_changed": "name", "name": "Robbie", "patch_id": "a", "_version": number},
        headers={"HX-Request": "true"},
    )
    assert saved.status_code == 200
    tagged = mine.client.post(
        mine.base + "basics/",
        {"_changed": "name", "name": "Bender", "patch_id": "b"},
        headers={"HX-Request": "true", "If-Match": f'"{number}"'},
    )
    assert tagged.status_code == 200
    assert mine.act("undo/", patch_id="c", _since=number).status_code == 200
    added = mine.act("places/", _op="add:places", patch_id="d", _since=number)
    assert added.status_code == 200
    assert mine.act("restore/", version=number, patch_id="e").status_code == 404
    assert mine.get("changes/", since=number).status_code == 404


@pytest.mark.django_db(transaction=True)
@NUMBERS
def test_what_is_no_version_is_not_deployed(screen: Open, alice: Actor, number: str) -> None:
    assert screen(alice).act("deploy-now/", version=number).status_code == 409
    assert not Entity.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("key", ["\0", "k" * 300])
def test_a_key_that_cannot_be_kept_deploys_nothing(screen: Open, alice: Actor, key: str) -> None:
    mine = screen(alice)
    refused = mine.act("deploy-now/", version=mine.version, idempotency_key=key)
    assert refused.status_code == 400
    assert "idempotency key" in refused.content.decode()
    assert not Entity.objects.exists()


def test_an_open_builder_keeps_its_draft_alive(screen: Open, alice: Actor, vera: Actor) -> None:
    mine = screen(alice)
    expires = mine.act("touch/").json()["expires_at"]
    assert expires > 0
    assert screen(vera).act("touch/").status_code == 403


def test_export_and_import_make_a_copy(screen: Open, alice: Actor, machine: Machine) -> None:
    mine = screen(alice)
    exported = mine.get("export/")
    assert exported["Content-Disposition"] == 'attachment; filename="robot.json"'
    file = SimpleUploadedFile("robot.json", exported.content, "application/json")
    mine.client.post("/w/acme/machines/draft/import/", {"file": file})
    assert [draft.name for draft in editing.list_drafts(alice, machine)] == ["Robot", "Robot"]

    answer = mine.client.post(
        "/w/acme/machines/draft/import/",
        {"document": exported.content.decode()},
        headers={"Accept": "application/json"},
    )
    assert answer.status_code == 201
    made = answer.json()
    assert made["url"].endswith(f"/{made['draft']}/basics/")
    assert made["version"] == 1
    words = mine.client.post(
        "/w/acme/machines/draft/import/",
        {"document": json.dumps({"format": "other"})},
        headers={"Accept": "application/json"},
    )
    assert words.status_code == 422
    assert "not an exported draft" in words.json()["detail"]


def test_a_file_that_is_no_export_is_told_so_in_plain_words(screen: Open, alice: Actor) -> None:
    mine = screen(alice)
    newer = {**json.loads(mine.get("export/").content), "schema_version": 99}
    typo = {**newer, "schema_version": 1, "data": {"nam": "Robot"}}
    for content, status, words in (
        (b"GIF89a", 400, "not an export of a machine"),
        (b"[]", 400, "not an export of a machine"),
        (json.dumps({"format": "other"}).encode(), 422, "not an export of a machine"),
        (json.dumps(newer).encode(), 422, "from a newer version of PrivexBot"),
        (json.dumps(typo).encode(), 422, "no field called nam"),
    ):
        file = SimpleUploadedFile("x.json", content)
        refused = mine.client.post("/w/acme/machines/draft/import/", {"file": file})
        assert refused.status_code == status
        page = refused.content.decode()
        assert words in page
        assert "Nothing was changed" in page
        assert "JSON" not in page
        assert 'name="file"' in page


def test_duplicate_and_abandon(screen: Open, alice: Actor, machine: Machine) -> None:
    mine = screen(alice)
    assert mine.client.post(mine.base + "duplicate/").status_code == 302
    assert mine.act("abandon/")["HX-Redirect"] == "/w/acme/machines/"
    assert [draft.name for draft in editing.list_drafts(alice, machine)] == ["Copy of Robot"]
    gone = mine.get()
    assert gone.status_code == 404
    assert "data-restore" in gone.content.decode()


def test_lists_can_be_changed_by_several_at_once(screen: Open, alice: Actor) -> None:
    mine = screen(alice)
    first = mine.client.post(
        mine.base + "places/",
        {"_op": "add:places", "patch_id": "a"},
        headers={"HX-Request": "true"},
    )
    assert 'hx-target="#list-places"' in first.content.decode()
    mine.act("places/", _op="add:places:attic", patch_id="b")
    mine.act("places/", _op="up:places:attic", patch_id="c")
    assert [place["name"] for place in mine.data["places"]] == ["attic", "place_1"]
    assert mine.act("places/", _op="add:places:attic", patch_id="d").status_code == 422
    assert mine.act("places/", _op="remove:places:attic", patch_id="e").status_code == 200
    assert mine.act("places/", _op="add:nothing", patch_id="f").status_code == 400


def test_a_rename_says_which_boxes_are_called_otherwise_now(screen: Open, alice: Actor) -> None:
    mine = screen(alice)
    mine.patch(alice, {"places": {"attic": {"label": "Up"}, "cellar": {}}})
    answer = mine.save("places", places__attic__name="roof", places__attic__label="Top")
    assert state(answer)["renamed"] == [["places.attic", "places.roof"]]
    assert mine.data["places"] == [{"name": "roof", "label": "Top"}, {"name": "cellar"}]
    taken = mine.save("places", patch_id="q", places__roof__name="cellar")
    assert taken.status_code == 422


def test_what_speaks_of_a_renamed_item_follows_and_is_no_conflict(
    screen: Open, alice: Actor, bob: Actor
) -> None:
    mine = screen(alice)
    mine.patch(alice, {"places": {"attic": {}}, "prompt": "Go to {{attic}}"})
    seen = mine.version
    mine.patch(bob, {"prompt": "Run to {{attic}}"})
    answer = mine.save("places", base=seen, places__attic__name="roof")
    assert answer.status_code == 200
    assert state(answer)["values"]["prompt"] == "Run to {{roof}}"
    assert mine.data["prompt"] == "Run to {{roof}}"
    mine.act("undo/")
    assert mine.data["prompt"] == "Run to {{attic}}"
    assert mine.data["places"] == [{"name": "attic"}]


def test_the_plan_shows_what_blocks(screen: Open, alice: Actor) -> None:
    mine = screen(alice)
    mine.patch(alice, {"prompt": ""})
    plan = mine.get("plan/", part=True).content.decode()
    assert "Cannot deploy yet" in plan
    assert "?focus=prompt" in plan


@pytest.mark.django_db(transaction=True)
def test_deploying_twice_leads_to_the_same_place(screen: Open, alice: Actor) -> None:
    mine = screen(alice)
    assert "Ready to deploy?" in mine.get("plan/", part=True).content.decode()
    first = mine.act("deploy-now/", version=mine.version, idempotency_key="k")
    again = mine.act("deploy-now/", version=1, idempotency_key="k")
    deployed = Deployment.objects.get(draft_id=mine.draft_id)
    assert first["HX-Redirect"] == again["HX-Redirect"] == f"/w/acme/machines/{deployed.entity_id}/"
    gone = mine.get()
    assert gone.status_code == 410
    assert "This draft was deployed" in gone.content.decode()
    assert mine.save(name="Too late").status_code == 410


@pytest.mark.django_db(transaction=True)
def test_only_what_was_seen_is_deployed(screen: Open, alice: Actor, bob: Actor) -> None:
    mine = screen(alice)
    seen = mine.version
    mine.patch(bob, {"name": "Bender"})
    answer = mine.act("deploy-now/", version=seen, idempotency_key="k")
    assert answer.status_code == 409
    assert "Ready to deploy?" in answer.content.decode()
    assert not Entity.objects.exists()


class Broken(Machine):
    """A kind whose deploy meets a database that is away."""

    error: type[Exception] = OperationalError

    def apply(self, configuration: object, entity: Entity) -> None:
        del configuration, entity
        raise self.error("the password is hunter2")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("error", [OperationalError, InterfaceError, PoolTimeout])
def test_a_failed_deploy_keeps_the_draft_and_says_so(
    screen: Open,
    alice: Actor,
    machine: Machine,
    monkeypatch: pytest.MonkeyPatch,
    error: type[Exception],
) -> None:
    mine = screen(alice)
    monkeypatch.setattr(Broken, "error", error)
    monkeypatch.setattr(machine, "__class__", Broken)
    answer = mine.act("deploy-now/", version=mine.version, idempotency_key="k")
    page = answer.content.decode()
    assert answer.status_code == 503
    assert "Your draft has been kept" in page
    assert "Retry" in page
    assert page.count("The database did not answer") == 1
    assert "hunter2" not in page
    monkeypatch.undo()
    assert "HX-Redirect" in mine.act("deploy-now/", version=mine.version, idempotency_key="k")


def edit_live(mine: Screen, actor: Actor, machine: Machine) -> Entity:
    """Deploy the screen's draft and go on with one of what is live now; gives that."""
    entity = deploy.deploy(actor, machine, mine.draft_id).entity
    mine.draft_id = creating.create_from_entity(actor, entity).id
    return entity


@pytest.mark.django_db(transaction=True)
def test_a_deploy_that_cannot_succeed_is_not_offered_again(
    screen: Open, alice: Actor, machine: Machine
) -> None:
    mine = screen(alice)
    edit_live(mine, alice, machine)
    Entity.objects.all().delete()
    answer = mine.act("deploy-now/", version=mine.version, idempotency_key="k")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "was deleted. Duplicate the draft to keep it." in page
    assert "Your draft has been kept" in page
    assert "Ready to deploy?" not in page
    assert "Retry" not in page


@pytest.mark.django_db(transaction=True)
def test_a_plan_says_that_another_version_went_live_since(
    screen: Open, alice: Actor, bob: Actor, machine: Machine
) -> None:
    mine = screen(alice)
    entity = edit_live(mine, alice, machine)
    his = creating.create_from_entity(bob, entity).id
    assert "went live after" not in mine.get("plan/").content.decode()
    mine.patch(alice, {"notes": "hers"})
    editing.patch(bob, machine, his, {"mode": "fast"})
    deploy.deploy(bob, machine, his)

    plan = mine.get("plan/").content.decode()
    assert "Version 2 went live after this draft was begun." in plan
    # Whoever has read that is not told again, only of yet another version.
    stale = mine.act("deploy-now/", version=mine.version, idempotency_key="a", live="1")
    assert "Another version went live meanwhile" in stale.content.decode()
    now = Entity.objects.get()
    his, mine.draft_id = (creating.create_from_entity(who, now).id for who in (bob, alice))
    deploy.deploy(bob, machine, his)
    done = mine.act("deploy-now/", version=mine.version, idempotency_key="b", live="3")
    assert "HX-Redirect" in done
    assert Entity.objects.get(live_release__number=4)


@pytest.mark.django_db(transaction=True)
def test_a_draft_whose_entity_was_deleted_says_so_and_can_only_be_copied(
    screen: Open, alice: Actor, machine: Machine
) -> None:
    mine = screen(alice)
    edit_live(mine, alice, machine)
    assert 'id="deploy"' in mine.get().content.decode()
    Entity.objects.all().delete()
    for path in ("basics/", "places/"):
        page = mine.get(path).content.decode()
        assert "The machine that this draft edits was deleted." in page
        assert ">Machine deleted<" in page
        assert "plan/" not in page.split('id="builder-config"')[0]
    for part in (True, False):
        plan = mine.get("plan/", part=part).content.decode()
        assert "Cannot be deployed" in plan
        assert "Deploy now" not in plan
        assert "duplicate/" in plan
    copied = mine.client.post(f"{mine.base}duplicate/", follow=True).content.decode()
    assert ">Not live yet<" in copied
    assert 'id="deploy"' in copied


def test_a_secret_is_shown_once(alice: Actor, bob: Actor, redis_clean: None) -> None:
    shown_once.keep(alice, alice.workspace.pk, "pxb_secret")
    assert shown_once.take(bob, alice.workspace.pk) is None
    assert shown_once.take(alice, alice.workspace.pk) == "pxb_secret"
    assert shown_once.take(alice, alice.workspace.pk) is None


def test_strangers_and_viewers_get_nowhere(
    screen: Open, alice: Actor, vera: Actor, mallory: Actor
) -> None:
    mine, hers, theirs = screen(alice), screen(mallory), screen(vera)
    for path in PAGES:
        assert hers.client.get(mine.base + path).status_code == 404
        assert hers.get(path).status_code == 404
    for path in ACTIONS:
        assert hers.client.post(mine.base + path).status_code == 404
        assert hers.act(path).status_code == 404
        assert theirs.act(path).status_code == 403
    assert mine.data == {"name": "Robot", "prompt": "Hello"}


def test_pages_are_not_kept_by_caches(screen: Open, alice: Actor) -> None:
    answer = screen(alice).get()
    assert "no-store" in answer["Cache-Control"]
    assert "HX-Request" in answer["Vary"]


def test_a_page_takes_few_queries(
    screen: Open, alice: Actor, django_assert_max_num_queries: Callable[..., object]
) -> None:
    """(33 of the interface's checklist)"""
    mine = screen(alice)
    mine.get()
    with django_assert_max_num_queries(8):  # type: ignore[attr-defined]
        mine.get()
    with django_assert_max_num_queries(8):  # type: ignore[attr-defined]
        mine.save(name="Robbie")


def test_a_change_has_no_longer_name_than_a_page_gives_it(screen: Open, alice: Actor) -> None:
    mine = screen(alice)
    assert mine.save(name="Bender", patch_id="p" * 65).status_code == 400
    assert mine.act("undo/", patch_id="p" * 65).status_code == 400
