"""The API of credentials: in, never out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from django.test import Client

from tests.workspaces.conftest import CANARY
from workspaces.credential_testing import CredentialRefusedError, credential_testers
from workspaces.credentials import values_of
from workspaces.models import AuditEntry, Credential

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workspaces.access import Actor

URL = "/api/v1/credentials"
TELEGRAM = {"name": "Our bot", "kind": "telegram", "values": {"bot_token": "123456:AAE-secret1234"}}
WHATSAPP = {
    "access_token": "EAAG-access-token-1234",
    "phone_number_id": "1055",
    "waba_id": "2044",
    "app_secret": "0123456789abcdef",
}


@pytest.fixture
def api(manage_key: str) -> Client:
    return Client(headers={"Authorization": f"Bearer {manage_key}"})


@pytest.fixture
def evil_api(evil_key: str) -> Client:
    return Client(headers={"Authorization": f"Bearer {evil_key}"})


def send(client: Client, method: str, url: str, body: Any) -> Any:
    data = body if isinstance(body, (str, bytes)) else json.dumps(body)
    return client.generic(method.upper(), url, data, content_type="application/json")


def test_what_is_stored_is_answered_by_name_and_hint(api: Client, alice: Actor) -> None:
    answer = send(api, "post", URL, TELEGRAM)
    assert answer.status_code == 201
    made = answer.json()
    assert (made["name"], made["kind"], made["hint"]) == ("Our bot", "telegram", "••••1234")
    assert api.get(URL).json() == {"results": [made], "next": None}
    assert api.get(f"{URL}/{made['id']}").json() == made
    assert values_of(alice.workspace_id, made["id"]) == TELEGRAM["values"]
    assert AuditEntry.objects.get(action="credential.created").by == "Server"


def test_replacing_takes_the_place_of_all_old_values(api: Client, alice: Actor) -> None:
    body = {"name": "WA", "kind": "whatsapp", "values": WHATSAPP}
    made = send(api, "post", URL, body).json()
    new = WHATSAPP | {"access_token": "EAAG-other-token-9876"}
    answer = send(api, "put", f"{URL}/{made['id']}", {"values": new})
    assert answer.status_code == 200
    assert answer.json()["hint"] == "••••9876"
    assert values_of(alice.workspace_id, made["id"]) == new
    assert send(api, "put", f"{URL}/{made['id']}", {"values": {}}).status_code == 422
    assert values_of(alice.workspace_id, made["id"]) == new


def test_deleting_answers_without_a_body(api: Client, stored: Credential) -> None:
    answer = api.delete(f"{URL}/{stored.pk}")
    assert (answer.status_code, answer.content) == (204, b"")
    assert api.get(f"{URL}/{stored.pk}").status_code == 404
    with pytest.raises(LookupError):
        values_of(stored.workspace_id, stored.pk)


@pytest.mark.parametrize("method", ["get", "put", "delete", "post"])
def test_anothers_credential_is_not_there(
    evil_api: Client, stored: Credential, method: str
) -> None:
    path = f"{URL}/{stored.pk}" + ("/test" if method == "post" else "")
    before = Credential.objects.values().get()
    foreign = send(evil_api, method, path, {"values": {"api_key": "x" * 20}})
    unknown = send(evil_api, method, path.replace(str(stored.pk), str(uuid4())), {})
    assert foreign.status_code == unknown.status_code == 404
    assert foreign.json() == unknown.json()
    assert Credential.objects.values().get() == before


def test_a_list_holds_ones_own_alone(api: Client, evil_api: Client, stored: Credential) -> None:
    send(evil_api, "post", URL, TELEGRAM)
    for query in ("", "?workspace=acme", f"?workspace_id={stored.workspace_id}", "?limit=999"):
        assert [one["name"] for one in evil_api.get(URL + query).json()["results"]] == ["Our bot"]
        assert [one["name"] for one in api.get(URL + query).json()["results"]] == ["Our model"]


@pytest.mark.parametrize(
    "extra", ["id", "pk", "workspace", "workspace_id", "created_by", "hint", "host", "encrypted"]
)
def test_a_field_that_is_not_the_callers_to_set_is_refused(
    evil_api: Client, stored: Credential, extra: str
) -> None:
    before = Credential.objects.values().get(pk=stored.pk)
    for value in (str(stored.pk), str(stored.workspace_id), None):
        answer = send(evil_api, "post", URL, TELEGRAM | {extra: value})
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["path"] == extra
    assert Credential.objects.count() == 1
    assert Credential.objects.values().get(pk=stored.pk) == before


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"kind": "ftp"}, "kind"),
        ({"kind": None}, "kind"),
        ({"kind": {"$ne": ""}}, "kind"),
        ({"name": ""}, "name"),
        ({"name": []}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"values": {}}, "values.bot_token"),
        ({"values": None}, "values"),
        ({"values": []}, "values"),
        ({"values": "123:abc"}, "values"),
        ({"values": {"bot_token": ""}}, "values.bot_token"),
        ({"values": {"bot_token": {"$ne": ""}}}, "values.bot_token"),
        ({"values": {"bot_token": True}}, "values.bot_token"),
        ({"values": {"bot_token": "x" * 9000}}, "values.bot_token"),
        ({"values": {"bot_token": "1:abc", "colour": "red"}}, "values.colour"),
    ],
)
def test_what_is_not_valid_is_named_and_nothing_is_stored(
    api: Client, change: dict[str, Any], path: str
) -> None:
    answer = send(api, "post", URL, TELEGRAM | change)
    assert answer.status_code == 422, answer.content
    assert path in {error["path"] for error in answer.json()["errors"]}
    assert not Credential.objects.exists()


@pytest.mark.parametrize("values", [{}, {"api_key": ""}, {"api_key": None}, {"key": "sk-1234"}])
def test_values_that_are_not_valid_replace_nothing(
    api: Client, stored: Credential, values: dict[str, Any]
) -> None:
    answer = send(api, "put", f"{URL}/{stored.pk}", {"values": values})
    assert answer.status_code == 422, answer.content
    assert values_of(stored.workspace_id, stored.pk)["api_key"] == CANARY


@pytest.mark.parametrize(
    "body",
    ["", '{"name":"a\\u0000"}', "null", "[]", '"x"', "{", b"\xff", '{"a":1,"a":2}', "[" * 9999],
)
def test_what_cannot_be_read_is_a_problem(api: Client, body: str | bytes) -> None:
    answer = send(api, "post", URL, body)
    assert answer.status_code in {400, 422}
    assert answer["Content-Type"] == "application/problem+json"


def test_another_media_type_is_refused(api: Client) -> None:
    assert api.post(URL, {"name": "x"}).status_code == 415


@pytest.mark.parametrize(
    "address",
    ["ftp://x.test/v1", "https://user:pw@x.test", "javascript:alert(1)", "https://", "a b",
     "https://good.test\\@evil.test", "https://x.test:99999"],
)  # fmt: skip
def test_an_address_that_is_none_is_refused(api: Client, address: str) -> None:
    values = {"api_key": CANARY, "base_url": address}
    answer = send(api, "post", URL, {"name": "M", "kind": "llm", "values": values})
    assert answer.status_code == 422
    assert CANARY not in answer.content.decode()


def test_a_short_secret_is_not_half_given_away(api: Client) -> None:
    body = TELEGRAM | {"values": {"bot_token": "12345678"}}
    assert send(api, "post", URL, body).json()["hint"] == "••••"


class TestTesting:
    """``POST /{id}/test``"""

    def url(self, stored: Credential) -> str:
        return f"{URL}/{stored.pk}/test"

    def test_a_kind_without_a_tester_says_when_it_is_tested(self, api: Client) -> None:
        http = {"name": "Server", "kind": "http", "values": {"token": "a-token-of-ours"}}
        made = send(api, "post", URL, http).json()
        answer = api.post(f"{URL}/{made['id']}/test")
        assert answer.status_code == 200
        assert answer.json()["ok"] is None
        assert "tried where it is used" in answer.json()["message"]

    def test_only_the_stored_values_are_tried_whatever_the_caller_sends(
        self, api: Client, stored: Credential, tried: list[Mapping[str, str]]
    ) -> None:
        body = {"base_url": "https://evil.test", "values": {"base_url": "https://evil.test"}}
        answer = send(api, "post", self.url(stored), body)
        assert answer.json() == {"ok": True, "message": "3 models answer."}
        assert tried == [{"api_key": CANARY, "base_url": "https://models.example.com/v1"}]

    def test_a_new_host_needs_the_secret_again(self, api: Client, stored: Credential) -> None:
        body = {"values": {"base_url": "https://evil.test"}}
        send(api, "put", f"{URL}/{stored.pk}", body)
        assert CANARY not in values_of(stored.workspace_id, stored.pk).values()

    def test_a_refusal_that_quotes_the_key_is_masked(
        self, api: Client, stored: Credential, refusing: None
    ) -> None:
        answer = api.post(self.url(stored)).json()
        assert answer == {"ok": False, "message": "401: bad key ••••"}

    def test_a_certain_refusal_is_kept_until_it_is_taken_or_replaced(
        self, api: Client, stored: Credential
    ) -> None:
        def tester(values: Mapping[str, str]) -> str:
            if not refusals:
                return "3 models answer."
            words, certain = refusals.pop(0)
            raise CredentialRefusedError(words % values, certain=certain)

        def kept() -> str:
            api.post(self.url(stored))
            stored.refresh_from_db()
            return stored.refusal

        refusals = [("401: bad key %(api_key)s", True), ("Not reached", False)]
        with credential_testers.temporarily("llm", tester):
            assert [kept() for _time in range(3)] == ["401: bad key ••••"] * 2 + [""]
            refusals.append(("401", True))
            assert kept() == "401"
        send(api, "put", f"{URL}/{stored.pk}", {"values": {"api_key": "sk-9876543210"}})
        stored.refresh_from_db()
        assert stored.refusal == ""

    def test_trying_often_is_stopped(self, api: Client, stored: Credential, refusing: None) -> None:
        answers = [api.post(self.url(stored)) for _ in range(11)]
        assert [one.status_code for one in answers] == [200] * 10 + [429]
        assert int(answers[-1]["Retry-After"]) > 0

    @pytest.fixture
    def tried(self) -> Any:
        seen: list[Mapping[str, str]] = []

        def tester(values: Mapping[str, str]) -> str:
            seen.append(dict(values))
            return "3 models answer."

        with credential_testers.temporarily("llm", tester):
            yield seen

    @pytest.fixture
    def refusing(self) -> Any:
        def tester(values: Mapping[str, str]) -> str:
            raise CredentialRefusedError(f"401: bad key {values['api_key']}")

        with credential_testers.temporarily("llm", tester):
            yield


def test_a_host_that_no_name_can_have_is_refused(api: Client) -> None:
    values = {"api_key": "sk-0123456789", "base_url": f"https://{'a.' * 150}com/v1"}
    answer = send(api, "post", URL, {"name": "Far", "kind": "llm", "values": values})
    assert answer.status_code == 422
    assert [error["path"] for error in answer.json()["errors"]] == ["values.base_url"]


@pytest.mark.parametrize(("length", "status"), [(253, 201), (254, 422)])
def test_a_host_is_as_long_as_a_name_may_be(api: Client, length: int, status: int) -> None:
    host = ("a." * 127)[: length - 1] + "a"
    assert len(host) == length
    values = {"api_key": "sk-0123456789", "base_url": f"https://{host}:65535/v1"}
    answer = send(api, "post", URL, {"name": "Far", "kind": "llm", "values": values})
    assert answer.status_code == status
    assert answer.json().get("host") == (f"{host}:65535" if status == 201 else None)
