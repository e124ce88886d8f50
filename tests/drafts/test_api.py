"""The API of drafts and deployed entities, as a client meets it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django_redis import get_redis_connection

from drafts import editing
from tests.drafts.client import Api
from tests.support.timestamps import RFC3339

if TYPE_CHECKING:
    from drafts.draft import Draft
    from tests.drafts.notes import NoteDraft
    from workspaces.access import Actor

PROBLEM = "application/problem+json"


@pytest.fixture
def api(notes: NoteDraft, alice: Actor) -> Api:
    return Api(alice)


@pytest.fixture
def vera_api(notes: NoteDraft, vera: Actor) -> Api:
    return Api(vera)


@pytest.fixture
def mallory_api(notes: NoteDraft, mallory: Actor) -> Api:
    return Api(mallory)


def test_the_whole_life_of_a_draft(api: Api, notes: NoteDraft) -> None:
    made = api.post("/draft", {"name": "My note"})
    assert made.status_code == 201
    told = made.json()
    assert set(told) == {"draft_id", "status", "version", "expires_at"}
    place = f"/draft/{told['draft_id']}"

    saved = api.patch(place, {"data": {"text": "Hello", "look": {"title": "T"}}})
    assert saved.status_code == 200
    assert saved.json() | {"updated_at": "", "expires_at": ""} == {
        "status": "saved",
        "version": 2,
        "updated_at": "",
        "expires_at": "",
        "merged": False,
        "changes": {},
    }
    whole = api.get(place)
    assert whole["ETag"] == saved["ETag"] == '"2"'
    draft = whole.json()
    assert draft["data"] == {"name": "My note", "text": "Hello", "look": {"title": "T"}}
    assert (draft["id"], draft["type"], draft["status"]) == (told["draft_id"], "note", "draft")
    assert (draft["entity_id"], draft["base_version"]) == (None, None)
    end = get_redis_connection("drafts").pexpiretime(f"draft:note:{draft['id']}")
    assert datetime.fromisoformat(draft["expires_at"]).timestamp() * 1000 == end

    assert api.post(f"{place}/undo").json()["version"] == 3
    assert api.post(f"{place}/undo").status_code == 409
    assert api.post(f"{place}/redo").json()["version"] == 4
    history = api.get(f"{place}/history").json()
    assert [entry["version"] for entry in history["results"]] == [4, 3, 2, 1]
    assert api.post(f"{place}/restore", {"version": 2}).status_code == 200

    assert api.post(f"{place}/validate").json() == {
        "valid": True,
        "errors": [],
        "warnings": ["No prompts configured"],
        "issues": [
            {
                "severity": "warning",
                "message": "No prompts configured",
                "path": "prompts",
                "step": "look",
            }
        ],
    }
    plan = api.get(f"{place}/plan").json()
    assert {"path": "data.name", "from": None, "to": "My note"} in plan["changes"]

    deployed = api.post(f"{place}/deploy", {"version": 4}, **{"Idempotency-Key": "once"})
    assert deployed.status_code == 200
    answer = deployed.json()
    assert answer["note_id"] == answer["entity_id"]
    assert (answer["status"], answer["version"]) == ("deployed", 1)
    assert answer["api_key"].startswith("pxb_")
    assert api.post(f"{place}/deploy", {"version": 4}).json() == answer

    gone = api.get(place)
    assert (gone.status_code, gone["Content-Type"]) == (410, PROBLEM)
    assert gone.json()["entity_id"] == answer["entity_id"]
    assert gone.json()["url"]


def test_a_change_may_come_as_what_it_is_a_merge_patch(api: Api, draft: Draft) -> None:
    headers = {"Authorization": f"Bearer {api.key}"}
    answer = api.client.patch(
        f"/api/v1/notes/draft/{draft.id}",
        b'{"data": {"look": {"title": null}}}',
        content_type="application/merge-patch+json",
        headers=headers,
    )
    assert (answer.status_code, answer.json()["version"]) == (200, 2)
    assert api.get(f"/draft/{draft.id}").json()["data"]["look"] == {"color": "#ffffff"}


def test_a_deployed_entity_and_its_versions(api: Api, notes: NoteDraft) -> None:
    draft = api.post(
        "/draft",
        {
            "data": {
                "name": "N",
                "text": "t",
                "deployment": {"channels": [{"type": "web", "enabled": True}]},
            }
        },
    ).json()
    entity_id = api.post(f"/draft/{draft['draft_id']}/deploy").json()["entity_id"]
    place = f"/{entity_id}"

    listed = api.get("").json()
    assert [entity["id"] for entity in listed["results"]] == [entity_id]
    detail = api.get(place).json()
    assert (detail["name"], detail["version"], detail["data"]["temperature"]) == ("N", 1, 0.5)
    assert api.get(f"{place}/deployment").json() == {
        "version": 1,
        "channels": {"web": {"status": "success"}},
    }

    edit = api.post(f"{place}/draft")
    assert edit.status_code == 201
    draft_place = f"/draft/{edit.json()['draft_id']}"
    opened = api.get(draft_place).json()
    assert (opened["entity_id"], opened["base_version"]) == (entity_id, 1)
    api.patch(draft_place, {"data": {"name": "N2"}})
    assert api.post(f"{draft_place}/deploy").json()["version"] == 2

    assert api.post(f"{place}/versions/1/rollback").json()["version"] == 3
    versions = api.get(f"{place}/versions").json()["results"]
    assert [(v["version"], v["live"]) for v in versions] == [(3, True), (2, False), (1, False)]
    assert api.post(f"{place}/versions/3/rollback").status_code == 409
    assert api.post(f"{place}/versions/99999999999/rollback").status_code == 404

    assert api.post(f"{place}/deployment/web/retry").status_code == 200
    assert notes.calls[-1] == ("retried", "web")
    assert api.post(f"{place}/deployment/fax/retry").status_code == 404
    for word, done in (("disable", "switched off"), ("enable", "switched on")):
        assert api.post(f"{place}/deployment/web/{word}").status_code == 200
        assert notes.calls[-1] == (done, "web")
        assert api.post(f"{place}/deployment/fax/{word}").status_code == 404
    assert api.delete(f"{place}/deployment/fax").status_code == 404
    without = api.delete(f"{place}/deployment/web")
    assert without.json() == {"version": 4, "channels": {}}
    assert notes.calls[-1] == ("forgot", "web")
    newest = api.get(f"{place}/versions").json()["results"][0]
    assert (newest["version"], newest["note"]) == (4, "Web removed")

    assert api.delete(place).status_code == 204
    assert notes.calls[-1] == ("removed", entity_id)
    assert api.get(place).status_code == 404


def test_a_conflict_tells_both_values(api: Api, draft: Draft, bob: Actor, notes: NoteDraft) -> None:
    editing.patch(bob, notes, draft.id, {"look": {"title": "B"}})
    body = {"data": {"look": {"title": "A"}}, "base_version": 1}
    refused = api.patch(f"/draft/{draft.id}", body)
    assert (refused.status_code, refused["Content-Type"]) == (409, PROBLEM)
    assert RFC3339.fullmatch(refused.json()["conflicts"][0]["at"])
    (conflict,) = refused.json()["conflicts"]
    assert (conflict["path"], conflict["yours"], conflict["theirs"], conflict["by"]) == (
        "data.look.title",
        "A",
        "B",
        "Bob",
    )
    assert refused.json()["version"] == 2
    merged = api.patch(f"/draft/{draft.id}", {"data": {"name": "A"}, "base_version": 1}).json()
    assert (merged["merged"], merged["changes"]) == (True, {"data.look.title": "B"})


def test_the_same_patch_id_gives_the_same_answer(api: Api, draft: Draft) -> None:
    body = {"data": {"count": 5}, "patch_id": str(uuid4())}
    first = api.patch(f"/draft/{draft.id}", body).json()
    assert api.patch(f"/draft/{draft.id}", body).json() == first


@pytest.mark.parametrize(
    ("header", "status"),
    [('"1"', 200), ('W/"1"', 200), ("*", 200), ('"2"', 412), ('"x"', 412), ("1", 412)],
)
def test_if_match_is_about_the_whole_draft(
    header: str, status: int, api: Api, draft: Draft
) -> None:
    answer = api.patch(f"/draft/{draft.id}", {"data": {"count": 3}}, **{"If-Match": header})
    assert answer.status_code == status
    if status == 412:
        assert answer["ETag"] == '"1"'


def test_an_incomplete_draft_is_not_deployed(api: Api) -> None:
    draft = api.post("/draft", {}).json()
    refused = api.post(f"/draft/{draft['draft_id']}/deploy")
    assert refused.status_code == 422
    body = refused.json()
    assert (body["valid"], body["errors"]) == (False, ["Name is required", "Text is required"])
    assert body["status"] == 422


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/draft", b"{", 400),
        ("POST", "/draft", b"[]", 400),
        ("POST", "/draft", b"null", 400),
        ("POST", "/draft", b'{"name": "\\ud800"}', 400),
        ("POST", "/draft", b'{"name": "\\u0000"}', 400),
        ("POST", "/draft", b'{"name": "a", "name": "b"}', 400),
        ("POST", "/draft", b'{"temperature": 1e400}', 400),
        ("POST", "/draft", b"\xff", 400),
        ("POST", "/draft", b'{"labels": ' + b'{"a":' * 9999 + b"1" + b"}" * 10000, 400),
        ("POST", "/draft", {"nmae": "x"}, 422),
        ("POST", "/draft", {"data": {"nmae": None}}, 422),
        ("POST", "/draft", {"data": 1}, 422),
        ("POST", "/draft", {"data": {}, "id": "x"}, 422),
        ("POST", "/draft", {"workspace_id": str(uuid4())}, 422),
        ("POST", "/draft", {"name": "x" * 1_100_000}, 413),
        ("PATCH", "/draft/{id}", {}, 422),
        ("PATCH", "/draft/{id}", {"data": []}, 422),
        ("PATCH", "/draft/{id}", {"data": {}, "status": "deployed"}, 422),
        ("PATCH", "/draft/{id}", {"data": {}, "base_version": "1"}, 422),
        ("PATCH", "/draft/{id}", {"data": {}, "base_version": True}, 422),
        ("PATCH", "/draft/{id}", {"data": {}, "base_version": -1}, 422),
        ("PATCH", "/draft/{id}", {"data": {}, "patch_id": 7}, 422),
        ("PATCH", "/draft/{id}", {"data": {}, "patch_id": "x"}, 422),
        ("PATCH", "/draft/{id}", {"data": {"text": "sk-abcdefghij0123456789abcd"}}, 422),
        ("POST", "/draft/{id}/restore", {}, 422),
        ("POST", "/draft/{id}/restore", {"version": 9}, 422),
        ("POST", "/draft/{id}/deploy", {"version": "1"}, 422),
        ("POST", "/draft/{id}/deploy", {"versoin": 1}, 422),
        ("POST", "/draft/{id}/deploy", {"version": 99}, 409),
        ("POST", "/draft/import", {}, 422),
        ("GET", "/draft?limit=0", None, 400),
        ("GET", "/draft?limit=x", None, 400),
        ("GET", "/draft?limit=²", None, 400),
        ("GET", f"/draft?limit={'9' * 5000}", None, 400),
        ("GET", "/draft?cursor=x", None, 400),
        ("GET", "/draft?cursor=AAAA", None, 400),
        ("GET", "?cursor=MSAx", None, 400),
        ("GET", "/draft/unknown", None, 404),
        ("GET", f"/{UUID(int=7)}", None, 404),
        ("PUT", "/draft/{id}", {}, 405),
    ],
)
def test_what_is_wrong_is_told_as_a_problem(
    method: str, path: str, body: Any, status: int, *, api: Api, draft: Draft
) -> None:
    answer = api.call(method, path.replace("{id}", draft.id), body)
    assert (answer.status_code, answer["Content-Type"]) == (status, PROBLEM)
    assert answer.json()["status"] == status
    assert not set("{}") & set(answer.json()["title"])


def test_a_wrong_type_names_its_place(api: Api, draft: Draft) -> None:
    answer = api.patch(f"/draft/{draft.id}", {"data": {"temperature": "hot"}})
    assert answer.status_code == 422
    assert answer.json()["errors"] == [
        {"path": "data.temperature", "message": "Temperature must be a number"}
    ]


def test_an_unknown_kind_is_not_found(api: Api) -> None:
    answer = api.client.get("/api/v1/dreams/draft", headers={"Authorization": f"Bearer {api.key}"})
    assert answer.status_code == 404


def test_without_a_key_nothing_is_told(draft: Draft) -> None:
    answer = Client().get(f"/api/v1/notes/draft/{draft.id}")
    assert (answer.status_code, answer["Content-Type"]) == (401, PROBLEM)


def test_other_media_types_are_refused(api: Api, draft: Draft) -> None:
    answer = api.client.patch(
        f"/api/v1/notes/draft/{draft.id}",
        "data=1",
        content_type="application/x-www-form-urlencoded",
        headers={"Authorization": f"Bearer {api.key}"},
    )
    assert answer.status_code == 415


ROUTES = [
    ("GET", "/draft/{draft}", None),
    ("PATCH", "/draft/{draft}", {"data": {"name": "M"}}),
    ("DELETE", "/draft/{draft}", None),
    ("POST", "/draft/{draft}/undo", None),
    ("POST", "/draft/{draft}/redo", None),
    ("GET", "/draft/{draft}/history", None),
    ("POST", "/draft/{draft}/restore", {"version": 1}),
    ("POST", "/draft/{draft}/validate", None),
    ("GET", "/draft/{draft}/plan", None),
    ("POST", "/draft/{draft}/deploy", None),
    ("GET", "/draft/{draft}/export", None),
    ("GET", "/{entity}", None),
    ("DELETE", "/{entity}", None),
    ("POST", "/{entity}/draft", None),
    ("GET", "/{entity}/versions", None),
    ("POST", "/{entity}/versions/1/rollback", None),
    ("GET", "/{entity}/deployment", None),
    ("POST", "/{entity}/deployment/web/retry", None),
    ("POST", "/{entity}/deployment/web/disable", None),
    ("POST", "/{entity}/deployment/web/enable", None),
    ("DELETE", "/{entity}/deployment/web", None),
]


@pytest.mark.parametrize(("method", "path", "body"), ROUTES)
def test_mallory_gets_what_does_not_exist(
    method: str, path: str, body: Any, *, api: Api, mallory_api: Api, draft: Draft
) -> None:
    other = api.post("/draft", {"name": "N", "text": "t"}).json()["draft_id"]
    entity = api.post(f"/draft/{other}/deploy").json()["entity_id"]
    real = path.format(draft=draft.id, entity=entity)
    made_up = path.format(draft="draft_note_" + "0" * 32, entity=uuid4())
    answer, unknown = mallory_api.call(method, real, body), mallory_api.call(method, made_up, body)
    assert answer.status_code == 404
    assert answer.json() == unknown.json()
    assert api.get(f"/draft/{draft.id}").status_code == 200
    assert api.get(f"/{entity}").status_code == 200


def test_mallorys_lists_are_empty(api: Api, mallory_api: Api, draft: Draft) -> None:
    api.post(f"/draft/{draft.id}/deploy")
    api.post("/draft", {})
    for path in ("/draft", ""):
        assert mallory_api.get(path).json() == {"results": [], "next": None}


@pytest.mark.parametrize(("method", "path", "body"), ROUTES)
def test_a_viewer_reads_only(
    method: str, path: str, body: Any, *, api: Api, vera_api: Api, draft: Draft
) -> None:
    other = api.post("/draft", {"name": "N", "text": "t"}).json()["draft_id"]
    entity = api.post(f"/draft/{other}/deploy").json()["entity_id"]
    answer = vera_api.call(method, path.format(draft=draft.id, entity=entity), body)
    assert answer.status_code == (200 if method == "GET" else 403)


def test_lists_come_in_pages(api: Api) -> None:
    made = [api.post("/draft", {"name": f"D{n}"}).json()["draft_id"] for n in range(5)]
    seen, path = [], "/draft?limit=2"
    while path:
        page = api.get(path).json()
        assert len(page["results"]) <= 2
        seen += [row["draft_id"] for row in page["results"]]
        path = (page["next"] or "").partition("/notes")[2]
    assert seen == made[::-1]
    for draft_id in made:
        api.patch(f"/draft/{draft_id}", {"data": {"text": "t"}})
        api.post(f"/draft/{draft_id}/deploy")
    names, path = [], "?limit=2"
    while path:
        page = api.get(path).json()
        names += [row["name"] for row in page["results"]]
        path = (page["next"] or "").partition("/notes")[2]
    assert names == ["D4", "D3", "D2", "D1", "D0"]


def test_a_draft_without_a_name_is_called_untitled(api: Api) -> None:
    api.post("/draft", {})
    assert api.get("/draft").json()["results"][0]["name"] == "Untitled note"


def test_a_draft_keeps_its_name_as_typed_and_is_listed_by_what_is_seen(api: Api) -> None:
    typed = "\u202eHel\u200bper "
    made = api.post("/draft", {"data": {"name": typed}}).json()["draft_id"]
    assert api.get("/draft").json()["results"][0]["name"] == "Helper"
    assert api.get(f"/draft/{made}").json()["data"]["name"] == typed


def test_a_draft_is_exported_and_imported(api: Api, mallory_api: Api, draft: Draft) -> None:
    exported = api.get(f"/draft/{draft.id}/export")
    assert "attachment" in exported["Content-Disposition"]
    made = mallory_api.post("/draft/import", exported.json())
    assert made.status_code == 201
    again = mallory_api.get(f"/draft/{made.json()['draft_id']}").json()
    assert again["data"] == draft.data


def test_an_abandoned_draft_is_not_found(api: Api, draft: Draft) -> None:
    assert api.delete(f"/draft/{draft.id}").status_code == 204
    assert api.get(f"/draft/{draft.id}").status_code == 404
    assert api.delete(f"/draft/{draft.id}").status_code == 404
