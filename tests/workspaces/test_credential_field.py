"""The field in which a credential is chosen, and the dialog in which one is stored beside it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from django import forms
from django.test import Client

from tests.support.people import signed_in
from tests.workspaces.conftest import CANARY
from workspaces import credentials
from workspaces.credential_field import CredentialField, Offered
from workspaces.models import Credential

if TYPE_CHECKING:
    from typing import Any

    from pytest_django import DjangoAssertNumQueries

    from workspaces.access import Actor

NEW = "/w/acme/settings/credentials/new/llm/"


class Choice(forms.Form):
    """As a form that knows who asks."""

    key = CredentialField("llm", required=False)
    other = CredentialField("telegram", required=False)

    def __init__(self, actor: Actor | None, chosen: str = "") -> None:
        super().__init__()
        offered = Offered(actor)
        for field in self.fields.values():
            assert isinstance(field, CredentialField)
            field.offer(offered, chosen)

    def choices(self, name: str = "key") -> list[tuple[Any, Any]]:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        return list(field.choices)  # type: ignore[arg-type]


def made(actor: Actor, kind: str, **values: str) -> str:
    return str(credentials.create(actor, name=f"Of {kind}", kind=kind, values=values).pk)


def test_it_offers_what_the_workspace_has_of_the_kind(bob: Actor, mallory: Actor) -> None:
    key = made(bob, "llm", api_key="sk-0123456789-abcd")
    made(bob, "telegram", bot_token="12345:a-token")
    made(mallory, "llm", api_key="sk-of-somebody-else")
    assert Choice(bob).choices() == [("", "No credential"), (key, "Of llm ••••abcd")]
    assert Choice(None).choices() == [("", "No credential")]


def test_all_fields_of_a_form_ask_once(
    bob: Actor, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        Choice(bob)


@pytest.mark.parametrize(
    ("gone", "words"), [(True, "No longer there"), (False, "Of llm: does not fit here")]
)
def test_what_was_chosen_stays(bob: Actor, gone: bool, words: str) -> None:
    key = made(bob, "llm", api_key="sk-0123456789-abcd")
    field = CredentialField("llm", fits=lambda _credential: False)
    if gone:
        Credential.objects.all().delete()
    field.offer(Offered(bob), key)
    assert (key, words) in list(field.choices)  # type: ignore[arg-type]


def test_who_may_store_one_is_offered_that_and_who_builds_may_try_it(
    ada: Actor, bob: Actor
) -> None:
    adas, bobs = str(Choice(ada)["key"]), str(Choice(bob)["key"])
    assert f'hx-get="{NEW}?for=id_key"' in adas
    assert NEW not in bobs
    assert "An admin of the workspace can store a credential." in bobs
    assert "data-test-credential" in adas
    assert "data-test-credential" in bobs


def test_storing_in_a_dialog_hands_it_to_the_form(ada: Actor) -> None:
    client = signed_in(Client(headers={"HX-Request": "true"}), ada)
    dialog = client.get(f"{NEW}?for=field-key").content.decode()
    assert "<html" not in dialog
    assert f'hx-post="{NEW}?for=field-key"' in dialog
    refused = client.post(f"{NEW}?for=field-key", {"name": "", "values.api_key": CANARY})
    assert refused.status_code == 422
    assert "<html" not in refused.content.decode()
    assert CANARY not in refused.content.decode()
    sent = {"name": "Schlüssel", "values.api_key": CANARY}
    answer = client.post(f"{NEW}?for=field-key", sent)
    stored = Credential.objects.get()
    told = json.loads(answer.headers["HX-Trigger"])
    label = f"Schlüssel {stored.hint}"
    mine = {"id": str(stored.pk), "label": label, "kind": "llm", "for": "field-key"}
    assert told["credential:stored"] == mine
    assert told["toast"]["text"] == "Schlüssel is stored."
    assert answer.content == b""
    assert CANARY not in str(answer.headers)
